import type { SourceCount } from "$bindings";
import { words } from "$words";

/** How kinds of sources are called and drawn. */
const NAMES: Record<string, string> = {
  chatgpt: "ChatGPT",
  claude: "Claude",
  gemini: "Gemini",
  whatsapp: "WhatsApp",
  telegram: "Telegram",
  signal: "Signal",
  slack: "Slack",
  discord: "Discord",
  imessage: "iMessage",
  messenger: "Messenger",
  obsidian: "Obsidian",
  logseq: "Logseq",
  dayone: "Day One",
  "day-one": "Day One",
  notion: "Notion",
  jsonl: "JSON Lines",
  mbox: "Mail",
  ics: "Calendar",
};

const ASSISTANTS = ["chatgpt", "claude", "gemini", "assistant"];
const CHATS = ["whatsapp", "telegram", "signal", "slack", "discord", "imessage", "messenger"];

export type FormatIcon = "note" | "chat" | "assistant" | "capture";

export function formatName(format: string): string {
  if (format === "notes") return "notes";
  if (format === "capture") return words.sources.capture;
  return NAMES[format] ?? format.charAt(0).toUpperCase() + format.slice(1);
}

export function formatIcon(format: string): FormatIcon {
  if (format === "capture") return "capture";
  if (ASSISTANTS.some((name) => format.startsWith(name))) return "assistant";
  if (CHATS.some((name) => format.startsWith(name))) return "chat";
  return "note";
}

/** "WhatsApp · 2 notes". */
export function sourcesSaid(sources: readonly SourceCount[]): string {
  return sources
    .map(({ format, n }) => {
      if (format === "notes") return words.count.notes(n);
      if (format === "capture") return words.count.quickNotes(n);
      return formatName(format);
    })
    .join(" · ");
}
