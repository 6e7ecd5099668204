/** What invented dreams say of themselves. */
import type { CallCounts, DreamProgress, DreamReport, DreamState } from "$bindings";
import { MIND } from "./make";
import { MODEL } from "./minds";

type Asking = Pick<DreamProgress, "model" | "waits_for" | "minutes_left">;

/** What a dream in progress tells of its model. */
export function aboutDream(scene: string): Asking {
  if (scene === "waiting") return { model: MODEL, waits_for: "on battery", minutes_left: 34 };
  if (scene === "provisional") return { model: MODEL, waits_for: null, minutes_left: 12 };
  return { model: null, waits_for: null, minutes_left: null };
}

export function firstDream(scene: string): DreamState {
  if (scene === "without-model") return { state: "ended", report: withoutModel() };
  if (scene !== "dreaming" && scene !== "waiting") return { state: "awake" };
  return {
    state: "dreaming",
    progress: {
      stage: "moments",
      day: "2026-10-09",
      n_done: 4,
      n_total: 12,
      n_moments: 23,
      last_title: "Sanding until the light went",
      ...aboutDream(scene),
    },
  };
}

type Told = { day: string; n_moments: number; summary: string };

export function endedReport(scene: string, days: Told[], some: Partial<DreamReport>): DreamReport {
  const isAsked = scene === "provisional";
  return {
    dream_id: 7,
    mind: isAsked ? MODEL : MIND,
    is_dry_run: false,
    is_cancelled: false,
    n_days_unchanged: 0,
    n_days_left: 0,
    n_records: days.length * 6,
    n_added: 0,
    n_changed: 0,
    n_removed: 0,
    n_unchanged: 0,
    days: days.map((day) => ({
      ...day,
      n_chunks: 8,
      n_episodes: day.n_moments,
      valence: 0.1,
    })),
    took_ms: 4200,
    calls: isAsked ? { ...NO_CALLS, n_calls: 41, n_repaired: 3, model_ms: 610_000 } : NO_CALLS,
    n_days_provisional: 0,
    n_summaries: 0,
    n_summaries_provisional: 0,
    expects_model: true,
    without_model: "",
    estimate: null,
    stages: [],
    faded: null,
    maintenance: null,
    compared: [],
    ...some,
  };
}

function withoutModel(): DreamReport {
  const told = ["2026-10-13", "2026-10-14"].map((day) => ({ day, n_moments: 5, summary: "" }));
  return endedReport("without-model", told, {
    n_added: 10,
    n_days_provisional: 2,
    without_model: "nothing answers at 127.0.0.1:11434: start Ollama",
  });
}

const NO_CALLS: CallCounts = {
  n_calls: 0,
  n_known: 0,
  n_repaired: 0,
  n_unusable: 0,
  n_split: 0,
  prompt_tokens: 0,
  reply_tokens: 0,
  model_ms: 0,
  remarks: {},
};
