/** What the page about minds says and sorts by: pure functions of the journal's answers. */
import type { LedgerDream, MindView, ModelView, PullState, ServerKind } from "$bindings";
import { bytes, words } from "$words";

/** "off" in the settings is the built-in analyser or embedder. */
export const OFF = "off";

export type Profile = "fast" | "deep" | "embedding";

/** What dreams at present, and where what was written goes. */
export function nowSaid(view: MindView, kind: ServerKind): { dreams: string; goes: string } {
  const said = words.minds.now;
  const name = kind === "openai" ? said.openai : said.ollama;
  const server = view.is_local ? said.here(name) : said.there(name);
  const { fast, deep } = view;
  const embeds = [view.embedding.in_use, view.embedding.next].find(
    (one) => one !== null && one !== words.minds.vectors.builtin,
  );
  const isAsked = fast !== null || deep !== null || embeds !== undefined;
  let dreams: string = view.problem ? said.builtinForWant : said.builtin;
  if (fast && deep && fast !== deep) dreams = said.two(fast, deep, server);
  else if (fast && deep) dreams = said.one(fast, server);
  else if (fast) dreams = said.onlyFast(fast, server);
  else if (deep) dreams = said.onlyDeep(deep, server);
  else if (embeds) dreams = `${dreams} ${said.embeds(embeds, server)}`;
  if (view.asks_consent) return { dreams, goes: said.waitsForYes(view.address) };
  if (!isAsked) return { dreams, goes: view.problem ? said.noModelForWant : said.noModel };
  return { dreams, goes: view.is_local ? said.stays : said.leaves(view.address) };
}

/** "2.5 GB · 4.0B parameters · Q4_K_M · reads 262,144 tokens at once", as far as the server tells. */
export function modelFacts(model: ModelView): string {
  const said = words.minds.models;
  const does = model.can_chat ? said.does.chat : model.can_embed ? said.does.embed : said.does.none;
  return [
    does,
    model.size_bytes ? bytes(model.size_bytes) : "",
    model.parameters ? said.parameters(model.parameters) : "",
    model.quantization,
    model.context_tokens === null ? "" : said.context(model.context_tokens),
    model.dimensions === null ? "" : said.dimensions(model.dimensions),
    model.thinks ? said.thinks : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What is in use first, then what can be used, then what does not fit, then what must not be used. */
export function sortedModels(models: readonly ModelView[]): ModelView[] {
  const rank = (model: ModelView) => {
    if (model.refused) return 3;
    if (model.used_for.length) return 0;
    return model.fits === false || (!model.can_chat && !model.can_embed) ? 2 : 1;
  };
  return [...models].sort((a, b) => rank(a) - rank(b));
}

/** Whether a model can be chosen for this at all. */
export function suits(model: ModelView, profile: Profile): boolean {
  return profile === "embedding" ? model.can_embed : model.can_chat;
}

/** How far a download has come, 0 to 1; nothing where the whole is not known yet. */
export function pullShare(pull: PullState): number | null {
  return pull.state === "pulling" && pull.n_total ? Math.min(1, pull.n_done / pull.n_total) : null;
}

/** Words in a token of English prose, about: three in four, as makers of models count them. */
const WORDS_PER_TOKEN = 0.75;

export function wordsPerSecond(tokensPerSecond: number): number {
  return Math.max(1, Math.round(tokensPerSecond * WORDS_PER_TOKEN));
}

/** Whether the server answered. One that does not tell its version is known by its models. */
export function isFound(view: MindView): boolean {
  if (view.asks_consent) return false;
  return view.version !== null || view.models.length > 0;
}

/** What a dream cost in all. */
export function ledgerSum(dream: LedgerDream): {
  took_ms: number;
  n_calls: number;
  n_tokens: number;
} {
  const sum = { took_ms: 0, n_calls: 0, n_tokens: 0 };
  for (const stage of dream.stages) {
    sum.took_ms += stage.took_ms;
    sum.n_calls += stage.n_calls;
    sum.n_tokens += stage.prompt_tokens + stage.reply_tokens;
  }
  return sum;
}

/** Remarks or reasons of all stages together, the most frequent first. */
export function counted(dream: LedgerDream, what: "remarks" | "reasons"): [string, number][] {
  const all = new Map<string, number>();
  for (const stage of dream.stages) {
    for (const [name, n] of Object.entries(stage[what])) {
      if (n) all.set(name, (all.get(name) ?? 0) + n);
    }
  }
  return [...all].sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
}
