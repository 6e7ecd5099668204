/** Makes the invented journal: days, moments with evidence, and the records they rest on. */
import type { Evidence, MomentDetail, Piece, RecordView, SessionSummary, Witness } from "$bindings";
import { HARD_SCENES } from "./people";
import { seeded } from "./random";
import { SCENES, type Scene } from "./scenes";

const MINUTE = 60_000;
const DAY = 86_400_000;

export const ZONE = "Europe/Berlin";
export const TODAY = "2026-10-15";
/** 08:12 in Berlin. */
export const NOW = Date.UTC(2026, 9, 15, 6, 12);
export const MIND = "built-in analyser";

export type FakeDay = {
  day: string;
  offset: number;
  state: "waiting" | "stale" | "dreamt";
  nChunks: number;
  nNotes: number;
  nSessions: number;
  nMessages: number;
  summary: string;
  /** What dreamt it; the built-in analyser, if absent. */
  mind?: string;
};

export type World = {
  days: Map<string, FakeDay>;
  moments: Map<number, MomentDetail>;
  dreamt: Map<number, MomentDetail>;
  records: Map<number, RecordView>;
  sessions: Map<string, RecordView>;
};

type Shape = { nDays: number; isHard: boolean; allWaiting: boolean };

export function emptyWorld(): World {
  return {
    days: new Map(),
    moments: new Map(),
    dreamt: new Map(),
    records: new Map(),
    sessions: new Map(),
  };
}

export function makeWorld(shape: Shape): World {
  nextId = 1;
  const world = emptyWorld();
  const random = seeded(20261015);
  const last = Date.UTC(2026, 9, 15);
  for (let back = shape.nDays; back >= 0; back--) {
    const utc = last - back * DAY;
    const weather = Math.sin(back / 9) * 0.55 + Math.sin(back / 23 + 1) * 0.35;
    const isGap = back > 1 && (random() < 0.08 || (back > 52 && back < 57));
    if (isGap || (shape.nDays > 400 && back > 900 && back < 1100)) continue;
    const nWanted = back === 0 ? 3 : 2 + Math.floor(random() * 5);
    const scenes = back === 1 ? FULL_DAY : choose(nWanted, weather, random);
    addDay(world, utc, scenes, random);
  }
  if (shape.isHard) addHardDays(world, random);
  link(world);
  finishStates(world, shape);
  return world;
}

const FULL_DAY = [
  "Run along the harbour",
  "Chapter nine, the storm",
  "Lunch with Aylin by the water",
  "The call about the fee",
  "Asked for help with the letter",
  "Evening, Father’s tapes",
  "A word for the sea at rest",
].map((title) => SCENES.find((scene) => scene.title === title)!);

function addHardDays(world: World, random: () => number): void {
  addDay(world, Date.UTC(2026, 9, 13), [...HARD_SCENES, ...SCENES.slice(0, 5)], random);
  const crowd = Array.from({ length: 40 }, (_, i) => {
    const scene = SCENES[i % SCENES.length]!;
    return { ...scene, at: 7 + i * 0.38, length: i % 5 === 0 ? 70 : (scene.length ?? 15) / 3 };
  });
  addDay(world, Date.UTC(2026, 9, 12), crowd, random);
  addDay(
    world,
    Date.UTC(1660, 0, 1),
    [{ ...SCENES[10]!, title: "Up, and to my accounts" }],
    random,
  );
}

function choose(n: number, weather: number, random: () => number): Scene[] {
  const scored = SCENES.map((scene) => ({
    scene,
    score: Math.abs(scene.valence - weather) + random() * 0.9,
  }));
  scored.sort((a, b) => a.score - b.score);
  return scored.slice(0, n).map(({ scene }) => scene);
}

/** Summer time in Berlin, good enough for an invented year. */
function offsetOn(utc: number): number {
  const month = new Date(utc).getUTCMonth();
  return new Date(utc).getUTCFullYear() < 1980 ? 53 : month > 2 && month < 10 ? 120 : 60;
}

function addDay(world: World, utc: number, scenes: Scene[], random: () => number): void {
  const day = new Date(utc).toISOString().slice(0, 10);
  if (world.days.has(day)) {
    for (const [id, { moment }] of world.moments) if (moment.day === day) world.moments.delete(id);
  }
  const offset = offsetOn(utc);
  const sorted = [...scenes].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const noteLines: string[] = [];
  const noteId = world.records.size + 1;
  const note = blankRecord(noteId, "resource", "notes", day, `${day}`, `2026/${day}.md`, "Notes");
  world.records.set(noteId, note);
  let nMessages = 0;
  const sessions = new Set<string>();
  for (const scene of sorted) {
    const jitter = Math.round((random() - 0.5) * 16);
    const minutes =
      scene.at === undefined ? 0 : Math.round(scene.at * 60) + (scene.isAround ? 0 : jitter);
    const starts = utc + (minutes - offset) * MINUTE;
    const ends = starts + Math.round(scene.length ?? 0) * MINUTE;
    const id = nextId++;
    const evidence = scene.lines.map((line, i): Evidence => {
      const at = starts + i * 4 * MINUTE;
      if (scene.from === "note") {
        noteLines.push(
          `## ${scene.at === undefined ? "Some time" : clock(minutes)}`,
          plain(line),
          "",
        );
        return evidenceOf(note, line, "", noteLines.length - 1, scene, at, offset);
      }
      nMessages += 1;
      const session = sessionOf(world, scene.from, day, offset, at);
      session.summary ??= summaryOf(session.id, scene, starts);
      sessions.add(session.title);
      const author = AUTHORS[scene.from][i % 2]!;
      session.messages.push({
        id: session.id,
        author,
        role: author === "Nora" ? "user" : scene.from === "assistant" ? "assistant" : "person",
        occurred_at: at,
        offset_minutes: offset,
        precision: "exact",
        pieces: pieces(line),
      });
      return evidenceOf(session, line, author, null, scene, at, offset);
    });
    world.moments.set(id, momentOf(id, day, scene, starts, ends, offset, evidence));
  }
  note.pieces = [{ text: noteLines.join("\n"), is_marked: false }];
  note.offset_minutes = offset;
  note.occurred_at = utc - offset * MINUTE;
  world.days.set(day, {
    day,
    offset,
    state: "dreamt",
    nChunks: noteLines.length + nMessages,
    nNotes: noteLines.length ? 1 : 0,
    nSessions: sessions.size,
    nMessages,
    summary: story(sorted),
  });
}

let nextId = 1;

const AUTHORS: Record<Scene["from"], string[]> = {
  note: ["Nora"],
  capture: ["Nora"],
  tomas: ["Tomas", "Nora"],
  aylin: ["Aylin", "Nora"],
  choir: ["Ruth", "Mehdi"],
  assistant: ["Nora", "Assistant"],
};

const SESSIONS: Record<string, [title: string, format: string, file: string, source: string]> = {
  tomas: ["Tomas", "whatsapp", "WhatsApp Chat with Tomas.txt", "Chats"],
  aylin: ["Aylin", "whatsapp", "WhatsApp Chat with Aylin.txt", "Chats"],
  choir: ["Altos", "telegram", "result.json", "Chats"],
  assistant: ["Help with letters", "chatgpt", "conversations.json", "Assistant export"],
  capture: ["Quick notes", "capture", "", "Quick notes"],
};

function sessionOf(
  world: World,
  from: string,
  day: string,
  offset: number,
  at: number,
): RecordView {
  const [title, format, file, source] = SESSIONS[from]!;
  const known = world.sessions.get(`${day} ${title}`);
  if (known) return known;
  const id = world.records.size + 1;
  const record = blankRecord(id, "session", format, day, title, file, source);
  Object.assign(record, { occurred_at: at, offset_minutes: offset });
  world.records.set(id, record);
  world.sessions.set(`${day} ${title}`, record);
  return record;
}

/** Conversations of the assistant are told by a model, those with Tomas without one, others not yet. */
function summaryOf(id: number, scene: Scene, at: number): SessionSummary | null {
  if (scene.from !== "assistant" && scene.from !== "tomas") return null;
  const isByModel = scene.from === "assistant";
  return {
    session_id: id,
    summary: scene.summary,
    key_topics: scene.tags,
    valence: scene.valence,
    language: "en",
    n_messages: 12,
    mind: isByModel ? "qwen3:4b" : MIND,
    is_by_model: isByModel,
    is_provisional: !isByModel,
    is_outdated: false,
    told_at: at,
    tags: ["session_summary", "auto_generated"],
    text: `${scene.summary}\n\nKey Topics: ${scene.tags.join(", ")}\n\nSentiment: neutral`,
  };
}

function blankRecord(
  id: number,
  kind: string,
  format: string,
  day: string,
  title: string,
  file: string,
  source: string,
): RecordView {
  return {
    id,
    kind,
    format,
    title,
    file,
    source,
    day,
    occurred_at: null,
    offset_minutes: 0,
    precision: "exact",
    tags: [],
    found_tags: [],
    pieces: [],
    messages: [],
    is_cut: false,
    summary: null,
  };
}

function evidenceOf(
  record: RecordView,
  line: string,
  author: string,
  lineNumber: number | null,
  scene: Scene,
  at: number,
  offset: number,
): Evidence {
  return {
    record_id: record.id,
    format: record.format,
    title: record.title,
    author,
    file: record.file,
    line: lineNumber,
    occurred_at: at,
    offset_minutes: offset,
    precision: scene.at === undefined ? "day" : "exact",
    pieces: pieces(line),
    is_current: true,
  };
}

function witnessesOf(evidence: Evidence[]): Witness[] {
  const found = new Map<string, Witness>();
  for (const { format, title, file, occurred_at, offset_minutes, precision } of evidence) {
    const known = found.get(title);
    if (known) known.n_records += 1;
    else
      found.set(title, {
        format,
        title,
        file,
        n_records: 1,
        starts_at: occurred_at,
        ends_at: occurred_at,
        offset_minutes,
        precision,
        tells_another_time: false,
      });
  }
  return [...found.values()];
}

function momentOf(
  id: number,
  day: string,
  scene: Scene,
  starts_at: number,
  ends_at: number,
  offset_minutes: number,
  evidence: Evidence[],
): MomentDetail {
  return {
    moment: {
      id,
      day,
      starts_at,
      ends_at,
      offset_minutes,
      precision: scene.at === undefined ? "day" : scene.isAround ? "hour" : "exact",
      moment_type: scene.type,
      title: scene.title,
      summary: scene.summary,
      outcome: scene.outcome ?? "",
      tags: scene.tags,
      people: scene.people ?? [],
      emotions: scene.emotions.map(([label, weight]) => ({ label, weight })),
      valence: scene.valence,
      arousal: scene.arousal,
      is_pinned: false,
      is_hidden: false,
      is_corrected: false,
      sources: [{ format: evidence[0]?.format ?? "notes", n: evidence.length }],
    },
    confidence: 0.62,
    mind: MIND,
    strength: 0.94,
    is_type_registered: true,
    insights: [],
    witnesses: witnessesOf(evidence),
    evidence,
    related: [],
    corrected: [],
    history: [{ at: starts_at + DAY, author: "dream", what: "found this moment" }],
  };
}

function link(world: World): void {
  const lately = new Map<string, MomentDetail>();
  for (const detail of world.moments.values()) {
    const { moment } = detail;
    const near = new Set(moment.tags.flatMap((tag) => lately.get(tag) ?? []));
    detail.related = [...near].slice(0, 3).map(({ moment: other }) => ({
      id: other.id,
      title: other.title,
      day: other.day,
      reason:
        other.day === moment.day
          ? "same day"
          : `about ${other.tags.find((tag) => moment.tags.includes(tag))}`,
      valence: other.valence,
    }));
    for (const tag of moment.tags) lately.set(tag, detail);
    world.dreamt.set(moment.id, structuredClone(detail));
  }
}

function finishStates(world: World, shape: Shape): void {
  for (const day of world.days.values()) if (shape.allWaiting) day.state = "waiting";
  const stale = world.days.get("2026-10-09");
  if (stale && !shape.allWaiting) stale.state = "stale";
  const today = world.days.get(TODAY);
  if (today) today.state = "waiting";
}

function story(scenes: Scene[]): string {
  const told = scenes.slice(0, 4).map((scene) => scene.clause);
  const text =
    told.length > 2 ? `${told.slice(0, -1).join(", ")}, and ${told.at(-1)}` : told.join(", and ");
  const mean = scenes.reduce((sum, scene) => sum + scene.valence, 0) / Math.max(1, scenes.length);
  const opening =
    mean > 0.35
      ? "A bright day"
      : mean > 0.1
        ? "An even day with good hours"
        : mean > -0.2
          ? "A day of two halves"
          : "A heavy day";
  return `${opening}: ${text}.`;
}

export function pieces(line: string): Piece[] {
  return line
    .split(/(\[[^\]]*\])/)
    .filter(Boolean)
    .map((part) => ({ text: part.replace(/^\[|\]$/g, ""), is_marked: part.startsWith("[") }));
}

function plain(line: string): string {
  return line.replace(/[[\]]/g, "");
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
