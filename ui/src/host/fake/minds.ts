/** Invented servers and models: every state that the page about minds can be in. */
import type { Event, MindSettings, MindView, ModelView, Proposal, PullState } from "$bindings";
import { HostError } from "../errors";
import type { Reply, Request } from "../types";
import { ledger } from "./ledger";

export const FIRST_MIND: MindSettings = {
  server: "ollama",
  address: "",
  agreed_address: "",
  fast_model: "",
  deep_model: "",
  embedding_model: "",
  window_tokens: 8192,
  concurrency: 1,
  most_minutes: 120,
  min_gap_ms: 500,
  waits_on_battery: true,
  waits_while_active: true,
};

export const MODEL = "qwen3:4b-instruct";
const HERE = "127.0.0.1:11434";
const THERE = "http://192.168.178.40:11434";
const GIGABYTE = 1_000_000_000;

type Names = "show_mind" | "pull_model" | "cancel_pull" | "try_model" | "keep_key" | "show_ledger";
type Answers = { [N in Names]: (request: Request<N>) => Reply<N> | Promise<Reply<N>> };

type Around = {
  scene: string;
  settings: () => MindSettings;
  emit: (event: Event) => void;
  wait: () => Promise<unknown>;
};

/** The mind's settings that a scene begins with. */
export function mindSettings(scene: string): MindSettings {
  switch (scene) {
    case "remote":
      return { ...FIRST_MIND, address: THERE };
    case "openai":
    case "no-keychain":
      return {
        ...FIRST_MIND,
        server: "openai",
        address: "http://127.0.0.1:8080/v1",
        fast_model: "ministral-3-8b-instruct",
      };
    case "mind-off":
      return { ...FIRST_MIND, server: "off" };
    case "many-models":
      return { ...FIRST_MIND, deep_model: "gemma3:12b", embedding_model: "off" };
    default:
      return FIRST_MIND;
  }
}

export function fakeMinds({ scene, settings, emit, wait }: Around): Answers {
  const models = modelsOf(scene);
  let hasKey = false;
  let isCancelled = false;
  let pull: PullState = firstPull(scene);

  function tell(next: PullState): void {
    pull = next;
    emit({ event: "pull-moved", pull });
  }

  async function download(proposal: Pick<Proposal, "name" | "size_bytes" | "purpose">) {
    const { name, size_bytes: n_total } = proposal;
    for (let step = 0; step <= 10 && !isCancelled; step++) {
      const status = step ? "pulling the model" : "pulling manifest";
      tell({ state: "pulling", name, status, n_done: Math.round((n_total * step) / 10), n_total });
      await wait();
    }
    if (isCancelled) return tell({ state: "failed", name, message: "you stopped it" });
    models.push(
      model({ name, size_bytes: n_total, ...(proposal.purpose === "embedding" ? EMBEDS : {}) }),
    );
    tell({ state: "done", name });
  }

  return {
    show_mind: async () => {
      if (scene === "mind-slow") await new Promise((resolve) => setTimeout(resolve, 30_000));
      return { ...viewOf(scene, settings(), models, hasKey), pull };
    },
    pull_model: ({ name }) => {
      if (pull.state === "pulling") throw new HostError("busy", "a download runs already");
      isCancelled = false;
      const found = PROPOSALS.find((proposal) => proposal.name === name);
      pull = { state: "pulling", name, status: "pulling manifest", n_done: 0, n_total: 0 };
      void wait().then(() =>
        download(found ?? { name, size_bytes: 2 * GIGABYTE, purpose: "chat" }),
      );
      return pull;
    },
    cancel_pull: () => {
      isCancelled = true;
      // A download that a scene begins with has nobody who would stop it.
      if (scene === "pulling" && pull.state === "pulling") {
        tell({ state: "failed", name: pull.name, message: "you stopped it" });
      }
      return pull;
    },
    try_model: async ({ name }) => {
      await wait();
      const isGood = !name.startsWith("tiny");
      return {
        name,
        is_good: isGood,
        said: isGood
          ? "It found the walk, the bread and Ilse, and quoted the words they stand in."
          : "The reply was not the JSON that was asked for, twice.",
        took_ms: 11_840,
        load_ms: 7_420,
        tokens_per_second: settings().server === "openai" ? null : 19,
      };
    },
    keep_key: ({ key }) => {
      if (scene === "no-keychain") {
        throw new HostError(
          "io",
          "there is no keychain on this machine: install one such as GNOME Keyring, or use a server without a key",
        );
      }
      hasKey = key !== "";
      return {};
    },
    show_ledger: ({ limit }) => {
      const isNew = ["no-server", "no-models", "mind-off", "first-run", "empty"].includes(scene);
      return isNew ? { dreams: [], month_ms: 0, month_calls: 0 } : ledger(MODEL, limit || 20);
    },
  };
}

function viewOf(
  scene: string,
  settings: MindSettings,
  models: ModelView[],
  hasKey: boolean,
): MindView {
  const isOff = settings.server === "off";
  const address = settings.address || (settings.server === "ollama" ? HERE : "");
  const isLocal = !address || /127\.0\.0\.1|localhost|\[::1\]/.test(address);
  const isAgreed = isLocal || settings.agreed_address === address;
  const isThere = !isOff && !!address && isAgreed && scene !== "no-server";
  const there = isThere ? models : [];
  const usable = (can: "can_chat" | "can_embed") =>
    there.filter((model) => model[can] && !model.refused && model.fits !== false);
  const pick = (name: string, otherwise: string | undefined) =>
    name === "off"
      ? null
      : name
        ? (there.find((m) => m.name === name)?.name ?? null)
        : (otherwise ?? null);
  const fast = pick(settings.fast_model, usable("can_chat")[0]?.name);
  const deep = pick(settings.deep_model, fast ?? undefined);
  const embedding = pick(settings.embedding_model, usable("can_embed")[0]?.name);
  const isPreparing = scene === "provisional" && embedding !== null;
  const kind = settings.server === "openai" ? "Server" : "Ollama";
  return {
    server: isOff ? "" : `${kind} at ${address}`,
    address,
    is_local: isLocal,
    asks_consent: isAgreed || isOff ? null : consent(address),
    version: isThere ? (settings.server === "openai" ? "b6182" : "0.32.15") : null,
    problem: problemOf(settings, address, isAgreed, isThere, there),
    cautions:
      scene === "many-models"
        ? [
            "Ollama listens to the whole network: OLLAMA_HOST is 0.0.0.0, so others near you can use it too.",
          ]
        : [],
    models: there.map((model) => ({
      ...model,
      used_for: [
        ...(model.name === fast ? ["fast"] : []),
        ...(model.name === deep ? ["deep"] : []),
        ...(model.name === embedding ? ["embedding"] : []),
      ],
    })),
    fast,
    deep,
    embedding: {
      in_use: isPreparing ? "built-in embedder" : (embedding ?? "built-in embedder"),
      next: isPreparing ? embedding : null,
      n_done: isPreparing ? 1_204 : 0,
      n_total: isPreparing ? 8_310 : 0,
    },
    proposals:
      settings.server === "ollama"
        ? PROPOSALS.map((proposal) => ({
            ...proposal,
            is_installed: there.some((model) => model.name === proposal.name),
          }))
        : [],
    memory_bytes: 16 * GIGABYTE,
    has_key: hasKey,
    n_days_provisional: scene === "provisional" ? 12 : scene === "no-server" ? 3 : 0,
    pull: { state: "none" },
  };
}

const consent = (address: string) =>
  `${address} is another computer: the passages of your notes and messages that are dreamt about would be sent there as they are, unencrypted. Whoever runs it can read and keep them.`;

function problemOf(
  settings: MindSettings,
  address: string,
  isAgreed: boolean,
  isThere: boolean,
  models: ModelView[],
): string | null {
  if (settings.server === "off" || (isThere && models.some((model) => model.can_chat))) return null;
  if (!address) return "no address is set: write where the server listens";
  if (!isAgreed)
    return `${address} is another computer, and you have not agreed to send anything there`;
  if (!isThere) return `nothing answers at ${address}: start Ollama, or write another address`;
  return "the server has no model that can read: download one";
}

function firstPull(scene: string): PullState {
  if (scene === "pulling") {
    return {
      state: "pulling",
      name: "embeddinggemma",
      status: "pulling 0800cbac9c20",
      n_done: 214_000_000,
      n_total: 622_000_000,
    };
  }
  if (scene === "pull-failed") {
    const message = "the disk of the server is full: no space left on device";
    return { state: "failed", name: "embeddinggemma", message };
  }
  return { state: "none" };
}

function model(some: Partial<ModelView> & { name: string }): ModelView {
  return {
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
  };
}

const EMBEDS = { can_chat: false, can_embed: true, dimensions: 768, context_tokens: 2048 };
const Q4 = "Q4_K_M";

const FEW: ModelView[] = [
  model({
    name: MODEL,
    size_bytes: 2.5 * GIGABYTE,
    parameters: "4.0B",
    quantization: Q4,
    context_tokens: 262_144,
  }),
  model({
    name: "gemma3:12b",
    size_bytes: 8.1 * GIGABYTE,
    parameters: "12.2B",
    quantization: Q4,
    context_tokens: 131_072,
  }),
  model({
    name: "nomic-embed-text",
    size_bytes: 274_000_000,
    parameters: "137M",
    quantization: "F16",
    ...EMBEDS,
  }),
  model({
    name: "deepseek-r1:8b",
    size_bytes: 5.2 * GIGABYTE,
    parameters: "8.2B",
    quantization: Q4,
    context_tokens: 131_072,
    thinks: true,
    caution: "It thinks before it replies, which takes several times as long.",
  }),
  model({
    name: "gpt-oss:20b",
    size_bytes: 13.8 * GIGABYTE,
    parameters: "20.9B",
    quantization: "MXFP4",
    context_tokens: 131_072,
    thinks: true,
    fits: false,
  }),
  model({
    name: "gpt-oss:120b-cloud",
    parameters: "116.8B",
    quantization: "MXFP4",
    context_tokens: 131_072,
    refused: "It is a cloud model: what it reads leaves this machine.",
  }),
];

function modelsOf(scene: string): ModelView[] {
  if (scene === "no-models") return [];
  if (scene === "openai" || scene === "no-keychain") {
    return [
      model({ name: "ministral-3-8b-instruct", fits: null }),
      model({ name: "tiny-draft-0.5b", fits: null }),
    ];
  }
  if (scene !== "many-models") return [...FEW];
  const makers = ["granite4", "llama3.2", "phi4-mini", "qwen3.5", "gemma3n", "nemotron-3-nano"];
  const more = Array.from({ length: 33 }, (_, i) =>
    model({
      name: `${makers[i % makers.length]}:${1 + (i % 9)}b${i > 11 ? `-instruct-q${2 + (i % 7)}_K_M` : ""}`,
      size_bytes: (0.7 + (i % 9) * 0.6) * GIGABYTE,
      parameters: `${1 + (i % 9)}.${i % 10}B`,
      quantization: Q4,
      context_tokens: 32_768,
    }),
  );
  return [
    ...FEW,
    model({
      name: "hf.co/somebody-with-a-long-name/Mistral-Small-3.2-24B-Instruct-2506-abliterated-Writers-Edition-v3-GGUF:IQ3_XXS",
      size_bytes: 9.6 * GIGABYTE,
      parameters: "23.6B",
      quantization: "IQ3_XXS",
      context_tokens: 131_072,
      fits: false,
      caution:
        "It came from outside Ollama’s own library and may not keep to the form that is asked for.",
    }),
    ...more,
  ];
}

const PROPOSALS: Proposal[] = [
  {
    name: MODEL,
    purpose: "chat",
    size_bytes: 2.5 * GIGABYTE,
    why: "Reads carefully for its size, replies without thinking first, and leaves room for your other programs.",
    is_installed: false,
  },
  {
    name: "gemma3:12b",
    purpose: "chat",
    size_bytes: 8.1 * GIGABYTE,
    why: "Tells days better and slower; it fits if little else runs at night.",
    is_installed: false,
  },
  {
    name: "embeddinggemma",
    purpose: "embedding",
    size_bytes: 622_000_000,
    why: "Small, and at home in more than a hundred languages.",
    is_installed: false,
  },
];
