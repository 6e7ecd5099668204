import type { AskReply, AskRequest, Event, MomentCard } from "$bindings";
import { HostError } from "../errors";
import { MIND, type World } from "./make";

const FEW = 12;

/** Answers from the moments that have a word of the question, as the built-in analyser would. */
export function answerWorld(
  world: World,
  request: AskRequest,
  emit: (event: Event) => void,
): AskReply {
  const question = request.question.trim();
  if (!question) throw new HostError("invalid-input", "There is no question.");
  const words = (question.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? []).filter(
    (word) => !["what", "when", "with", "about", "this", "week"].includes(word),
  );
  const text = ({ title, summary, tags, people }: MomentCard) =>
    [title, summary, ...tags, ...people].join(" ").toLowerCase();
  const found = [...world.moments.values()]
    .map(({ moment }) => moment)
    .filter((moment) => !moment.is_hidden && world.days.get(moment.day)?.state !== "waiting")
    .filter((moment) => words.some((word) => text(moment).includes(word)))
    .sort((a, b) => b.starts_at - a.starts_at);
  const shown = found.slice(0, request.limit ?? FEW).reverse();
  const citations = shown.map(({ id }) => ({ cited: "moment" as const, id }));
  const sentences = [
    found.length
      ? { text: `There are ${found.length} moments about it.`, citations }
      : { text: "That is not in your journal.", citations: [] },
  ];
  emit({ event: "answer-moved", id: request.id, sentences, is_by_model: false });
  return {
    intent: "search",
    subject: words.join(" "),
    dates: null,
    language: "en",
    is_found: found.length > 0,
    sentences,
    basis: "",
    tables: [],
    moments: shown.map((moment) => ({ moment, related: [{ kind: "document", n: 1 }] })),
    n_moments: found.length,
    hits: [],
    mind: MIND,
    is_by_model: false,
    without_model: "",
    n_dropped: 0,
    is_cut: false,
    waiting: null,
  };
}
