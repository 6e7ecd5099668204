/** Carrying the journal out, and what assistant programs asked, in the pretended journal. */
import type { AssistantCall, Commands } from "$bindings";
import type { Reply, Request } from "../types";
import { NOW } from "./make";

type Names = "export_journal" | "list_assistant_calls";
type Answers = { [N in Names & keyof Commands]: (request: Request<N>) => Reply<N> };

const MINUTE = 60_000;

const CALLS: AssistantCall[] = [
  {
    id: 3,
    at: NOW - 4 * MINUTE,
    client: "claude-ai 0.1.0",
    tool: "add_note",
    arguments: { text: "(42 characters)" },
    outcome: "refused",
    reason: "the person lets assistants read this journal, and not write to it",
    n_bytes: 0,
    took_ms: 1,
  },
  {
    id: 2,
    at: NOW - 5 * MINUTE,
    client: "claude-ai 0.1.0",
    tool: "show_moment",
    arguments: { id: 12 },
    outcome: "answered",
    reason: "",
    n_bytes: 4_210,
    took_ms: 6,
  },
  {
    id: 1,
    at: NOW - 6 * MINUTE,
    client: "claude-ai 0.1.0",
    tool: "search",
    arguments: { query: "grant letter" },
    outcome: "answered",
    reason: "",
    n_bytes: 9_780,
    took_ms: 14,
  },
];

export function fakeCarry(): Answers {
  return {
    export_journal: ({ format, path }) => {
      if (path.trim() === "") {
        throw { code: "invalid-input", message: "an export needs a place" };
      }
      const isFolder = format === "markdown";
      return {
        format,
        path,
        n_written: isFolder ? 104 : 1,
        n_unchanged: 0,
        n_removed: 0,
        left_alone: [],
        n_left_alone: 0,
        n_days: isFolder ? 88 : 0,
        n_moments: format === "csv" ? 0 : 312,
        n_notes: format === "json" ? 140 : 0,
        n_sessions: format === "json" ? 9 : 0,
        n_messages: format === "json" ? 412 : 0,
        n_moods: format === "csv" ? 312 : 0,
      };
    },
    list_assistant_calls: ({ before, limit }) => {
      const older = CALLS.filter((call) => before === null || call.id < before);
      return { calls: older.slice(0, limit ?? 50), n_all: CALLS.length };
    },
  };
}
