/** Invented insights and predictions, with what the person decides of them. */
import type {
  EvidenceMoment,
  InsightView,
  PredictionView,
  Predictions,
  ReflectionView,
} from "$bindings";
import { HostError } from "../errors";
import type { Reply, Request } from "../types";
import { MIND } from "./make";

type Names =
  | "list_insights"
  | "list_reflections"
  | "decide_insight"
  | "reflect"
  | "list_predictions"
  | "settle_prediction";
type Answers = { [N in Names]: (request: Request<N>) => Reply<N> };

const swim: EvidenceMoment = {
  id: 2,
  day: "2026-10-14",
  title: "Eleven lengths before breakfast",
  record_ids: [12],
};
const bench: EvidenceMoment = {
  id: 3,
  day: "2026-10-13",
  title: "The bellows leak again",
  record_ids: [11],
};

const FOUND: InsightView[] = [
  {
    id: 1,
    kind: "pattern",
    layer: "reflective",
    statement: "“lake” and a good mood go together: 8 of 9 moments, otherwise 21 of 75.",
    language: "en",
    tags: ["lake"],
    confidence: 0.72,
    sample: { n_with: 9, n_with_mood: 8, n_without: 75, n_without_mood: 21, p_value: 0.000412 },
    n_seen: 4,
    first_seen_on: "2026-09-20",
    last_seen_on: "2026-10-14",
    mind: MIND,
    decision: null,
    evidence: [swim],
  },
  {
    id: 2,
    kind: "strategy",
    layer: "procedural",
    statement:
      "After a low moment, “lake” helped: a good one followed 3 of 4 times, without it 2 of 9.",
    language: "en",
    tags: ["lake"],
    confidence: 0.44,
    sample: { n_with: 4, n_with_mood: 3, n_without: 9, n_without_mood: 2, p_value: 0.108392 },
    n_seen: 2,
    first_seen_on: "2026-10-03",
    last_seen_on: "2026-10-14",
    mind: MIND,
    decision: null,
    evidence: [swim, bench],
  },
];

const REFLECTIONS: ReflectionView[] = [
  {
    id: 1,
    layer: "reflective",
    depth: "analytical",
    ends_on: "2026-10-14",
    starts_at: Date.UTC(2026, 9, 13, 22),
    ends_at: Date.UTC(2026, 9, 14, 22),
    text: "3 moments stood out, first of all “Eleven lengths before breakfast”. On the whole it felt good.",
    outcome: "partial",
    sentiment: 0.42,
    sentiment_label: "positive",
    language: "en",
    insight_ids: [1, 2],
    samples: [swim],
    mind: MIND,
    is_provisional: false,
  },
];

const FORETOLD: PredictionView[] = [
  {
    id: 1,
    moment_type: "prediction",
    kind: "plan",
    statement: "Bring the invoice to Hester by Friday.",
    language: "en",
    made_on: "2026-10-14",
    due_from: "2026-10-15",
    due_on: "2026-10-16",
    confidence: 0.8,
    calibrated: 0.78,
    outcome: "open",
    settled_on: null,
    is_settled_by_person: false,
    needs_confirmation: false,
    evidence: [bench],
    settled_by: [],
    mind: MIND,
  },
];

export function fakeInsights(isEmpty: boolean): Answers {
  let insights = isEmpty ? [] : FOUND;
  let predictions = isEmpty ? [] : FORETOLD;
  const all = (): Predictions => {
    const settled = predictions.filter(({ outcome }) => outcome !== "open");
    const scored = settled.filter(({ outcome }) => outcome !== "unclear");
    const hits = scored.filter(({ outcome }) => outcome === "hit").length;
    const square = ({ confidence, outcome }: PredictionView) =>
      (confidence - (outcome === "hit" ? 1 : 0)) ** 2;
    const share = hits / scored.length;
    return {
      open: predictions.filter(({ outcome }) => outcome === "open"),
      settled,
      score: {
        n: scored.length,
        n_hits: hits,
        n_unclear: settled.length - scored.length,
        brier: scored.length
          ? scored.reduce((sum, one) => sum + square(one), 0) / scored.length
          : null,
        brier_of_base_rate: scored.length ? share * (1 - share) : null,
        calibration: [],
      },
    };
  };
  return {
    list_insights: ({ kind, with_hidden, limit }) =>
      insights
        .filter((one) => !kind || one.kind === kind)
        .filter((one) => with_hidden || one.decision !== "hidden")
        .slice(0, limit ?? undefined),
    list_reflections: ({ limit }) => (isEmpty ? [] : REFLECTIONS.slice(0, limit ?? undefined)),
    decide_insight: ({ id, decision }) => {
      insights = insights.map((one) => (one.id === id ? { ...one, decision } : one));
      const found = insights.find((one) => one.id === id);
      if (!found) throw new HostError("not-found", "There is no such insight any more.");
      return found;
    },
    reflect: () => (isEmpty ? [] : [{ reflection_id: 1, strategy_id: 2 }]),
    list_predictions: () => all(),
    settle_prediction: ({ id, outcome }) => {
      predictions = predictions.map((one) =>
        one.id === id ? { ...one, outcome, is_settled_by_person: outcome !== "open" } : one,
      );
      const found = predictions.find((one) => one.id === id);
      if (!found) throw new HostError("not-found", "There is no such prediction any more.");
      return found;
    },
  };
}
