/** What invented dreams cost. */
import type { LedgerDream, LedgerStage, LedgerView } from "$bindings";
import { NOW } from "./make";

const DAY = 86_400_000;

function stage(some: Partial<LedgerStage> & { stage: string; model: string }): LedgerStage {
  const n_calls = some.n_calls ?? 0;
  return {
    prompt: `${some.stage}-1`,
    n_calls,
    n_retries: 0,
    n_repairs: 0,
    n_good: n_calls,
    prompt_tokens: n_calls * 1_140,
    reply_tokens: n_calls * 212,
    took_ms: n_calls * 14_300,
    reasons: {},
    remarks: {},
    ...some,
  };
}

export function ledger(model: string, limit: number): LedgerView {
  const dreams: LedgerDream[] = Array.from({ length: Math.min(limit, 6) }, (_, back) => ({
    dream_id: 41 - back,
    started_at: NOW - (back + 0.215) * DAY,
    stages: [
      stage({
        stage: "moments",
        model,
        n_calls: 31 - back * 3,
        ...(back === 0
          ? {
              n_retries: 2,
              n_repairs: 1,
              n_good: 28,
              reasons: { "the server was busy": 2 },
              remarks: { "unknown-person": 3, "missing-evidence": 1, fenced: 4 },
            }
          : {}),
      }),
      stage({ stage: "periods", model: back === 0 ? "gemma3:12b" : model, n_calls: 3 }),
    ],
  }));
  return { dreams, month_ms: 3 * 3_600_000 + 12 * 60_000, month_calls: 806 };
}
