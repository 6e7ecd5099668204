/** Invented proposals, with what somebody says to them. */
import type { ConsolidationPolicy, ProposalOutcome, ProposalState, ProposalView } from "$bindings";
import { HostError } from "../errors";
import type { Reply, Request } from "../types";
import { MIND, NOW } from "./make";

type Names =
  | "dream_consolidate"
  | "list_proposals"
  | "show_proposal"
  | "accept_proposal"
  | "edit_proposal"
  | "reject_proposal"
  | "reopen_proposal";
type Answers = { [N in Names]: (request: Request<N>) => Reply<N> };

export const POLICY: ConsolidationPolicy = {
  batch_size: 100,
  min_age_hours: 24,
  similarity_threshold: 0.3,
  max_group_size: 10,
  strategies: ["content_overlap", "tag_similarity", "temporal_proximity"],
  duplicate_threshold: 0.92,
  conflict_auto_resolve: false,
  summarize_age_days: 90,
  max_actions_per_run: 50,
  dry_run: true,
  utility_threshold: 0.3,
  min_feedback_events: 3,
  max_access_count_for_archival: 10,
  utility_weight: 0.5,
  age_weight: 0.3,
  feedback_weight: 0.2,
  composite_cutoff: 0.5,
  max_importance_for_archival: 0.5,
  max_memories: 50,
  max_candidates: 25,
  summary_min_memories: 2,
};

function firstProposals(): ProposalView[] {
  const common = {
    review_state: "pending" as ProposalState,
    freshness_state: "fresh" as const,
    mind: MIND,
    is_provisional: false,
    decided_at: null,
  };
  return [
    {
      ...common,
      id: "6eb6d30769c5",
      kind: "merge",
      proposed_action: "merge",
      confidence: 0.94,
      reason_codes: ["content_overlap"],
      strategy_used: "content_overlap",
      text: "Glued the torn reeds with Tomas in the barn. They must dry until Sunday. The bellows are next.",
      tokens_before: 48,
      tokens_after: 27,
      sources: [
        {
          thing: "record",
          id: 12,
          title: "Harmonium",
          day: "2026-10-08",
          text: "Glued the torn reeds with Tomas in the barn. They must dry until Sunday.",
          is_current: true,
        },
        {
          thing: "record",
          id: 31,
          title: "Harmonium (copy)",
          day: "2026-10-09",
          text: "Glued the torn reeds with Tomas in the barn. They must dry until Sunday. The bellows are next.",
          is_current: true,
        },
      ],
    },
    {
      ...common,
      id: "a10c33f7be02",
      kind: "temporal_update",
      proposed_action: "supersede",
      confidence: 0.8,
      reason_codes: ["date_changed", "cue"],
      strategy_used: "statements",
      text: "The rehearsal is on Wednesday instead.",
      tokens_before: 14,
      tokens_after: 8,
      sources: [
        {
          thing: "record",
          id: 44,
          title: "Choir",
          day: "2026-10-12",
          text: "The rehearsal is on Wednesday instead.",
          is_current: true,
        },
        {
          thing: "record",
          id: 9,
          title: "Choir",
          day: "2026-09-30",
          text: "The rehearsal is on Tuesday.",
          is_current: true,
        },
      ],
    },
  ];
}

export function fakeProposals(isEmpty: boolean): Answers {
  let proposals = isEmpty ? [] : firstProposals();
  const find = (id: string): ProposalView => {
    const found = proposals.find((proposal) => proposal.id.startsWith(id));
    if (!found) throw new HostError("not-found", `There is no proposal ${id}.`);
    return found;
  };
  const decide = (id: string, some: Partial<ProposalView>): ProposalOutcome => {
    const before = find(id);
    const after = { ...before, ...some };
    proposals = proposals.map((proposal) => (proposal === before ? after : proposal));
    const isApplied = after.review_state === "applied" || after.review_state === "edited";
    return {
      proposal: after,
      is_dry_run: false,
      has_changed: before.review_state !== after.review_state || before.text !== after.text,
      n_folded: isApplied && after.kind === "merge" ? after.sources.length - 1 : 0,
    };
  };
  return {
    dream_consolidate: () => ({
      dream_id: null,
      started_at: NOW,
      finished_at: NOW,
      is_cancelled: false,
      workspaces: [],
      errors: [],
      without_model: "",
    }),
    list_proposals: ({ state, all }) =>
      proposals.filter((proposal) => all || proposal.review_state === (state ?? "pending")),
    show_proposal: ({ id }) => find(id),
    accept_proposal: ({ id, dry_run }) => {
      if (dry_run) return { proposal: find(id), is_dry_run: true, has_changed: true, n_folded: 1 };
      return decide(id, { review_state: "applied", decided_at: NOW });
    },
    edit_proposal: ({ id, text }) => decide(id, { review_state: "edited", text, decided_at: NOW }),
    reject_proposal: ({ id }) => decide(id, { review_state: "rejected", decided_at: NOW }),
    reopen_proposal: ({ id }) => decide(id, { review_state: "pending", decided_at: null }),
  };
}
