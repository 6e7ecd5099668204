import type { FileProblem, SourceView } from "$bindings";
import { NOW } from "./make";

export const sampleSource: SourceView = {
  id: 9,
  kind: "folder",
  path: "~/Journals/sample",
  label: "Sample journal",
  is_watched: true,
  state: "new",
  state_reason: "",
  n_files: 0,
  n_records: 0,
  n_problems: 0,
  scanned_at: null,
  formats: [{ format: "notes", n: 28 }],
};

export function firstSources(isLong: boolean): SourceView[] {
  const scanned_at = NOW - 12 * 60_000;
  return [
    {
      ...sampleSource,
      id: 1,
      path: "~/Documents/Notes",
      label: "Notes",
      state: "ok",
      n_files: 412,
      n_records: 1_893,
      n_problems: 3,
      scanned_at,
      formats: [
        { format: "notes", n: 396 },
        { format: "obsidian", n: 16 },
      ],
    },
    {
      ...sampleSource,
      id: 2,
      path: isLong
        ? "~/Documents/Archive/Everything that was ever exported from a telephone/2019–2026/second attempt (really complete this time)/Chats"
        : "~/Documents/Chats",
      label: isLong
        ? "Chats of three telephones, exported twice because the first time went wrong"
        : "Chats",
      state: "missing",
      state_reason: "31 of 40 files vanished at once.",
      n_files: 40,
      n_records: 22_104,
      scanned_at: scanned_at - 86_400_000,
      formats: [
        { format: "whatsapp", n: 38 },
        { format: "telegram", n: 2 },
      ],
    },
    {
      ...sampleSource,
      id: 3,
      kind: "file",
      path: "~/Downloads/conversations.json",
      label: "Assistant export",
      is_watched: false,
      state: "ok",
      n_files: 1,
      n_records: 640,
      scanned_at: scanned_at - 9 * 86_400_000,
      formats: [{ format: "chatgpt", n: 1 }],
    },
    {
      ...sampleSource,
      id: 4,
      kind: "capture",
      path: "",
      label: "Quick notes",
      state: "ok",
      n_records: 57,
      scanned_at,
      formats: [],
    },
  ];
}

export function problemsOf(id: number): FileProblem[] {
  if (id !== 1) return [];
  return [
    {
      file: "2024/travel (copy).md",
      status: "duplicate",
      reason: "The same words as 2024/travel.md; it is kept once.",
    },
    { file: "scans/letter.pdf", status: "skipped", reason: "PDF files are not read yet." },
    {
      file: "2019/old.txt",
      status: "partial",
      reason:
        "Three lines were not text and were left out. Saved as UTF-8 the file can be read whole.",
    },
  ];
}
