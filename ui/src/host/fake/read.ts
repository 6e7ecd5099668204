import type { Hit, Piece, RecordView, SearchReply, SearchRequest } from "$bindings";
import { HostError } from "../errors";
import type { World } from "./make";

export function recordView(world: World, id: number, momentId: number | null): RecordView {
  const record = world.records.get(id);
  if (!record) throw new HostError("not-found", "There is no such record any more.");
  const detail = momentId === null ? undefined : world.moments.get(momentId);
  const words = (detail?.evidence ?? [])
    .filter((evidence) => evidence.record_id === id)
    .flatMap((evidence) =>
      evidence.pieces.filter((piece) => piece.is_marked).map((piece) => piece.text),
    );
  const text = (pieces: Piece[]) => pieces.map((piece) => piece.text).join("");
  return {
    ...record,
    pieces: record.pieces.length ? mark(text(record.pieces), words) : [],
    messages: record.messages.map((message) => ({
      ...message,
      pieces: mark(text(message.pieces), words),
    })),
  };
}

function mark(text: string, words: readonly string[]): Piece[] {
  if (!words.length) return [{ text, is_marked: false }];
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return text
    .split(new RegExp(`(${escaped.join("|")})`, "gi"))
    .filter(Boolean)
    .map((part) => ({
      text: part,
      is_marked: words.some((word) => word.toLowerCase() === part.toLowerCase()),
    }));
}

export function searchWorld(world: World, request: SearchRequest): SearchReply {
  const words = request.query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  if (!words.length) return { hits: [], next: null, by_meaning: false };
  const has = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const isIn = (day: string) =>
    (!request.since || day >= request.since) && (!request.until || day <= request.until);
  const hits: Hit[] = [];
  for (const { moment, evidence } of world.moments.values()) {
    if (!isIn(moment.day) || world.days.get(moment.day)?.state === "waiting") continue;
    const base = {
      day: moment.day,
      at: moment.starts_at,
      offset_minutes: moment.offset_minutes,
      precision: moment.precision,
      n_more: 0,
      before: [],
      after: [],
      explanation: null,
    };
    const text = `${moment.title}. ${moment.summary}`;
    if (has(text) && (request.scope === "all" || request.scope === "moments")) {
      hits.push({
        ...base,
        kind: "moment",
        id: moment.id,
        title: moment.title,
        author: "",
        pieces: mark(moment.summary, words),
        moment_id: moment.id,
      });
    }
    for (const one of evidence) {
      const said = one.pieces.map((piece) => piece.text).join("");
      const kind = one.format === "notes" ? "note" : "message";
      if (has(said) && (request.scope === "all" || request.scope === `${kind}s`)) {
        hits.push({
          ...base,
          kind,
          id: one.record_id,
          title: one.title,
          author: one.author,
          pieces: mark(said, words),
          moment_id: moment.id,
        });
      }
    }
  }
  return { hits: hits.reverse().slice(0, request.limit ?? 20), next: null, by_meaning: true };
}
