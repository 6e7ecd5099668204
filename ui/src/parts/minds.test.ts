import { describe, expect, it } from "vitest";
import type { LedgerDream, LedgerStage, MindView, ModelView } from "$bindings";
import { words } from "$words";
import {
  counted,
  isFound,
  ledgerSum,
  modelFacts,
  nowSaid,
  pullShare,
  sortedModels,
  suits,
  wordsPerSecond,
} from "./minds";

const model = (some: Partial<ModelView>): ModelView => ({
  name: "small",
  size_bytes: 0,
  parameters: "",
  quantization: "",
  context_tokens: null,
  dimensions: null,
  can_chat: true,
  can_embed: false,
  thinks: false,
  fits: true,
  refused: null,
  caution: null,
  used_for: [],
  ...some,
});

const view = (some: Partial<MindView>): MindView => ({
  server: "Ollama at 127.0.0.1:11434",
  address: "127.0.0.1:11434",
  is_local: true,
  asks_consent: null,
  version: "0.32.15",
  problem: null,
  cautions: [],
  models: [],
  fast: null,
  deep: null,
  embedding: { in_use: "built-in embedder", next: null, n_done: 0, n_total: 0 },
  proposals: [],
  memory_bytes: 0,
  has_key: false,
  n_days_provisional: 0,
  pull: { state: "none" },
  ...some,
});

const embeds = (in_use: string, next: string | null = null) => ({
  embedding: { in_use, next, n_done: 0, n_total: 0 },
});

describe("what dreams and where what was written goes", () => {
  it("says that a model here keeps everything here", () => {
    expect(nowSaid(view({ fast: "qwen3:4b", deep: "qwen3:4b" }), "ollama")).toEqual({
      dreams: "qwen3:4b dreams, through Ollama on this machine.",
      goes: "Nothing you write leaves it.",
    });
  });

  it("names both models where two share the work", () => {
    const { dreams } = nowSaid(view({ fast: "qwen3:4b", deep: "gemma3:12b" }), "openai");
    expect(dreams).toMatch(/^qwen3:4b reads and gemma3:12b tells the days, through a server/);
  });

  it("says what the built-in analyser does where only one of both is asked", () => {
    expect(nowSaid(view({ fast: "qwen3:4b" }), "ollama").dreams).toContain(
      "the built-in analyser tells the days",
    );
    expect(nowSaid(view({ deep: "gemma3:12b" }), "ollama").dreams).toContain(
      "The built-in analyser reads and gemma3:12b tells",
    );
  });

  it("says that no model is asked only where none is", () => {
    expect(nowSaid(view({}), "off").goes).toBe(words.minds.now.noModel);
    const only = nowSaid(view(embeds("nomic-embed-text")), "ollama");
    expect(only.dreams).toContain("nomic-embed-text finds what is alike");
    expect(only.goes).toBe("Nothing you write leaves it.");
  });

  it("counts vectors that are only being prepared as writing that is sent", () => {
    const far = { is_local: false, address: "10.0.0.5:11434" };
    const { goes } = nowSaid(
      view({ ...far, ...embeds("built-in embedder", "embeddinggemma") }),
      "ollama",
    );
    expect(goes).toContain("10.0.0.5:11434 is another computer");
  });

  it("promises that nothing is sent before the person agreed", () => {
    const asking = view({ is_local: false, address: "10.0.0.5:11434", asks_consent: "May I?" });
    expect(nowSaid(asking, "ollama").goes).toBe(
      "Nothing is sent to 10.0.0.5:11434 until you agree to it.",
    );
  });

  it("calls a missing model a want, not a choice", () => {
    const { dreams } = nowSaid(view({ problem: "nothing answers", version: null }), "ollama");
    expect(dreams).toContain("for want of a model");
  });
});

describe("models", () => {
  it("are described as far as the server tells", () => {
    expect(modelFacts(model({}))).toBe("reads and tells");
    expect(
      modelFacts(
        model({ size_bytes: 2.5e9, parameters: "4.0B", context_tokens: 8192, thinks: true }),
      ),
    ).toBe(
      "reads and tells · 2.5 GB · 4.0B parameters · reads 8,192 tokens at once · thinks first",
    );
  });

  it("stand in the order of their use, with the refused ones last", () => {
    const order = sortedModels([
      model({ name: "cloud", refused: "no" }),
      model({ name: "huge", fits: false }),
      model({ name: "idle" }),
      model({ name: "unknown", fits: null }),
      model({ name: "used", used_for: ["fast"] }),
    ]).map(({ name }) => name);
    expect(order).toEqual(["used", "idle", "unknown", "huge", "cloud"]);
  });

  it("are offered only for what they can do", () => {
    const embedder = model({ can_chat: false, can_embed: true });
    expect([suits(embedder, "fast"), suits(embedder, "embedding")]).toEqual([false, true]);
    expect([suits(model({}), "deep"), suits(model({}), "embedding")]).toEqual([true, false]);
  });

  it("make a server known that does not tell its version, but not one that was not asked", () => {
    expect(isFound(view({ version: null, models: [model({})] }))).toBe(true);
    expect(isFound(view({ version: null }))).toBe(false);
    expect(isFound(view({ asks_consent: "May I?" }))).toBe(false);
  });

  it("are said to write words, not tokens, and never none at all", () => {
    expect(wordsPerSecond(20)).toBe(15);
    expect(wordsPerSecond(0)).toBe(1);
  });
});

describe("a download", () => {
  it("has a share only where its size is known", () => {
    const pulling = { state: "pulling", name: "a", status: "", n_done: 5 } as const;
    expect(pullShare({ ...pulling, n_total: 20 })).toBe(0.25);
    expect(pullShare({ ...pulling, n_total: 0 })).toBeNull();
    expect(pullShare({ ...pulling, n_total: 4 })).toBe(1);
    expect(pullShare({ state: "none" })).toBeNull();
  });
});

describe("what a dream cost", () => {
  const stage = (some: Partial<LedgerStage>): LedgerStage => ({
    stage: "moments",
    model: "qwen3:4b",
    prompt: "moments-1",
    n_calls: 2,
    n_retries: 0,
    n_repairs: 0,
    n_good: 2,
    prompt_tokens: 100,
    reply_tokens: 20,
    took_ms: 3000,
    reasons: {},
    remarks: {},
    ...some,
  });
  const dream: LedgerDream = {
    dream_id: 1,
    started_at: 0,
    stages: [
      stage({ remarks: { fenced: 1, "unknown-person": 2, unsafe: 0 } }),
      stage({ stage: "periods", remarks: { fenced: 2 } }),
    ],
  };

  it("is added up over its stages", () => {
    expect(ledgerSum(dream)).toEqual({ took_ms: 6000, n_calls: 4, n_tokens: 240 });
    expect(counted(dream, "remarks")).toEqual([
      ["fenced", 3],
      ["unknown-person", 2],
    ]);
  });

  it("has its remarks said in words, and unknown ones by their names", () => {
    expect(words.minds.cost.remark("unknown-person", 3)).toBe(
      "3 replies named people who are not in the text; they were left out",
    );
    expect(words.minds.cost.remark("unknown-person", 1)).toMatch(/^1 reply named/);
    expect(words.minds.cost.remark("some-new-one", 2)).toBe("some-new-one: 2 times");
  });

  it("has reasons told as sentences, with names as they are written", () => {
    expect(words.minds.sentence("nothing answers at a:1")).toBe("Nothing answers at a:1.");
    expect(words.minds.sentence("qwen3:4b is not there")).toBe("qwen3:4b is not there.");
    expect(words.minds.sentence("http://a:1 is far")).toBe("http://a:1 is far.");
  });

  it("lasts as one would say it", () => {
    const said = [400, 12_000, 60_000, 200_000, 3_600_000, 7_500_000].map(words.minds.lasting);
    expect(said).toEqual(["under 1 s", "12 s", "1 min", "3 min 20 s", "1 h", "2 h 5 min"]);
  });
});
