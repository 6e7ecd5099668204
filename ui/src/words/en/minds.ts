import type { DreamReport } from "$bindings";
import { bytes, list, number, plural } from "../plural";

const calls = (n: number) => plural(n, { one: "# call", other: "# calls" });
const tokens = (n: number) => plural(n, { one: "# token", other: "# tokens" });

/** The core's name of what dreams without a model. */
export const BUILTIN = "built-in analyser";

/** "the built-in analyser", but "qwen3:4b". */
export const mindName = (mind: string) => (mind === BUILTIN ? `the ${mind}` : mind);

/** "12 s", "3 min 20 s", "2 h 5 min". */
export function lasting(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 1) return "under 1 s";
  if (seconds < 60) return `${number(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60)
    return [`${minutes} min`, seconds % 60 && `${seconds % 60} s`].filter(Boolean).join(" ");
  return [`${number(Math.floor(minutes / 60))} h`, minutes % 60 && `${minutes % 60} min`]
    .filter(Boolean)
    .join(" ");
}

const times = (n: number) => plural(n, { one: "once", other: "# times" });

/** What had to be put right in replies, by the ledger's names. */
const remarks: Record<string, (n: number) => string> = {
  fenced: (n) =>
    plural(n, {
      one: "# reply came wrapped in a code fence; it was unwrapped",
      other: "# replies came wrapped in a code fence; they were unwrapped",
    }),
  prose: (n) =>
    plural(n, {
      one: "# reply had chatter around it; it was cut away",
      other: "# replies had chatter around them; it was cut away",
    }),
  thoughts: (n) =>
    plural(n, {
      one: "# reply had the model’s thoughts in it; they were cut away",
      other: "# replies had the model’s thoughts in them; they were cut away",
    }),
  "no-json": (n) =>
    plural(n, {
      one: "# reply was not in the form that was asked for",
      other: "# replies were not in the form that was asked for",
    }),
  "wrong-type": (n) =>
    plural(n, {
      one: "# reply had a field of the wrong kind",
      other: "# replies had a field of the wrong kind",
    }),
  "extra-field": (n) =>
    plural(n, {
      one: "# reply said something nobody asked for; it was left out",
      other: "# replies said something nobody asked for; it was left out",
    }),
  "missing-field": (n) =>
    plural(n, { one: "# reply left something out", other: "# replies left something out" }),
  "unknown-value": (n) =>
    plural(n, {
      one: "# reply used a word that is not on the list; it was left out",
      other: "# replies used a word that is not on the list; it was left out",
    }),
  "too-long": (n) =>
    plural(n, {
      one: "# reply was longer than allowed; it was cut",
      other: "# replies were longer than allowed; they were cut",
    }),
  "outside-time": (n) =>
    plural(n, {
      one: "# reply gave a time outside the episode; it was left out",
      other: "# replies gave a time outside the episode; it was left out",
    }),
  "unknown-person": (n) =>
    plural(n, {
      one: "# reply named people who are not in the text; they were left out",
      other: "# replies named people who are not in the text; they were left out",
    }),
  "missing-evidence": (n) =>
    plural(n, {
      one: "# reply quoted words that are not in the text; they were left out",
      other: "# replies quoted words that are not in the text; they were left out",
    }),
  "other-language": (n) =>
    plural(n, {
      one: "# reply was in another language than the text",
      other: "# replies were in another language than the text",
    }),
  instruction: (n) =>
    plural(n, {
      one: "# reply repeated instructions instead of reading; it was refused",
      other: "# replies repeated instructions instead of reading; they were refused",
    }),
  unsafe: (n) =>
    plural(n, {
      one: "# reply had links or hidden characters in it; they were taken out",
      other: "# replies had links or hidden characters in them; they were taken out",
    }),
};

const stages: Record<string, string> = {
  collect: "looking for what is new",
  episodes: "finding episodes",
  moments: "writing moments",
  periods: "telling days",
  summarize: "summarising conversations",
  affinity: "finding what goes together",
  embed: "making vectors",
  trial: "trying a model",
};

export const minds = {
  lasting,
  sentence,
  title: "Mind",
  unavailable: "The minds could not be looked up.",
  looking: "Looking for the server and its models…",
  now: {
    label: "At present",
    builtin: "The built-in analyser dreams.",
    builtinForWant: "The built-in analyser dreams, for want of a model.",
    one: (model: string, server: string) => `${model} dreams, through ${server}.`,
    two: (fast: string, deep: string, server: string) =>
      `${fast} reads and ${deep} tells the days, through ${server}.`,
    onlyDeep: (deep: string, server: string) =>
      `The built-in analyser reads and ${deep} tells the days, through ${server}.`,
    onlyFast: (fast: string, server: string) =>
      `${fast} reads, through ${server}; the built-in analyser tells the days.`,
    embeds: (model: string, server: string) => `${model} finds what is alike, through ${server}.`,
    ollama: "Ollama",
    openai: "a server that speaks the OpenAI API",
    here: (server: string) => `${server} on this machine`,
    there: (server: string) => `${server} over the network`,
    noModel: "No model is asked; nothing you write leaves this machine.",
    noModelForWant: "Nothing you write leaves this machine.",
    stays: "Nothing you write leaves it.",
    waitsForYes: (address: string) => `Nothing is sent to ${address} until you agree to it.`,
    leaves: (address: string) =>
      `${address} is another computer: what you wrote is sent there to be read. You agreed to that.`,
  },
  provisional: (n: number) =>
    plural(n, {
      one: "# day was read by the built-in analyser for want of a model; it is read again in the next dreams.",
      other:
        "# days were read by the built-in analyser for want of a model; they are read again in the next dreams.",
    }),

  server: {
    title: "Server",
    kind: "Where models live",
    kinds: { ollama: "Ollama", openai: "Other server", off: "None" },
    kindHints: {
      ollama: "A program of its own that runs models on this machine.",
      openai: "A server that speaks the OpenAI API, such as llama.cpp or LM Studio.",
      off: "The built-in analyser does everything. It is quick and plain, and needs no model.",
    },
    address: "Address",
    addressHint: {
      ollama: "Empty: what OLLAMA_HOST says, or 127.0.0.1:11434.",
      openai: "Where it listens, for example http://127.0.0.1:8080/v1.",
    },
    addressExample: { ollama: "127.0.0.1:11434", openai: "http://127.0.0.1:8080/v1" },
    status: "State",
    found: (server: string, version: string) =>
      version ? `${server}, version ${version}` : server,
    models: (n: number) => plural(n, { one: "# model", other: "# models" }),
    noModels: "no model yet",
    missing: "Not found",
    notAsked: "Waits for your answer",
    install:
      "Install Ollama from its site and start it; the journal will find it by itself. Until then the built-in analyser dreams.",
    again: "Check again",
    checking: "Checking…",
  },

  consent: {
    title: "This is another computer",
    box: (address: string) => `I agree that what I wrote is sent to ${address}.`,
    give: "Send it there from now on",
    given: (address: string) => `You agreed that what you wrote is sent to ${address}.`,
    withdraw: "Withdraw",
    withdrawn: (address: string) => `Nothing is sent to ${address} any more.`,
  },

  key: {
    label: "Key",
    hint: "If the server wants one. It is kept in this machine’s keychain, never in the journal, and is not shown again.",
    has: "A key is in the keychain.",
    none: "No key is kept.",
    placeholder: "Paste a key",
    replace: "Paste another key",
    keep: "Keep",
    forget: "Forget it",
    kept: "The key is in the keychain.",
    forgotten: "The key is forgotten.",
  },

  models: {
    title: "Models",
    uses: {
      fast: "Reads episodes",
      deep: "Tells the days",
      embedding: "Finds what is alike",
    },
    useHints: {
      fast: "Many small questions: what happened, who was there, how it felt.",
      deep: "Few questions that need more thought.",
      embedding: "Turns writing into vectors, so that like finds like.",
    },
    auto: "Choose for me",
    same: "The one that reads",
    builtin: {
      fast: "Built-in analyser",
      deep: "Built-in analyser",
      embedding: "Built-in embedder",
    },
    autoNow: (model: string) => `Choose for me (${model})`,
    gone: "not on the server",
    all: "On the server",
    none: "There is no model on the server yet.",
    showAll: (n: number) => `Show all ${number(n)}`,
    showFewer: "Show fewer",
    parameters: (text: string) => `${text} parameters`,
    context: (n: number) => `reads ${tokens(n)} at once`,
    dimensions: (n: number) => `${number(n)} dimensions`,
    does: { chat: "reads and tells", embed: "finds what is alike", none: "of no use here" },
    thinks: "thinks first",
    usedFor: {
      fast: "reads episodes",
      deep: "tells the days",
      embedding: "finds what is alike",
    } as Record<string, string>,
    used: (what: string[]) => `In use: ${list(what)}`,
    tooBig: "Does not fit into this machine’s memory",
    tooBigShort: "too big for this machine",
    refused: "Not used",
  },

  proposals: {
    title: "Would suit this machine",
    memory: (n: number) => `It has ${bytes(n)} of memory.`,
    purpose: { chat: "reads and tells", embedding: "finds what is alike" } as Record<
      string,
      string
    >,
    installed: (names: string[]) =>
      names.length === 1 ? `${names[0]} is here already.` : `${list(names)} are here already.`,
    download: "Download",
    downloadOf: (name: string, size: string) => `Download ${name}, ${size}`,
    ask: (name: string) => `Download ${name}?`,
    askText: (size: string) =>
      `Ollama goes to the network and fetches ${size} from its own site. The journal itself sends nothing, and nothing you wrote is part of it.`,
    progress: (name: string) => `Download of ${name}`,
    of: (done: number, total: number) => `${bytes(done)} of ${bytes(total)}`,
    cancel: "Cancel",
    cancelOf: (name: string) => `Cancel the download of ${name}`,
    cancelling: "Stopping…",
    done: (name: string) => `${name} is here.`,
    failed: (name: string) => `${name} did not arrive`,
    again: "Try again",
    itsFiles: "its files",
    kept: "What has come is kept and used next time.",
  },

  trial: {
    button: "Let it read a note",
    buttonEmbedding: "Let it compare two notes",
    hint: "The note is of invented words; nothing of yours is read.",
    running: "It reads…",
    good: (name: string) => `${name} did well`,
    bad: (name: string) => `${name} did not do well`,
    took: (ms: number, load: number) =>
      load >= 1000 ? `${lasting(ms)}, of these ${lasting(load)} to load it` : lasting(ms),
    speed: (words: number) =>
      plural(words, { one: "about # word a second", other: "about # words a second" }),
  },

  care: {
    title: "Care",
    lead: "How a dream treats the machine it runs on.",
    most: "Minutes a dream may take",
    mostHint: "Model time. What is left waits for the next night. 0 is no limit.",
    minutes: "minutes",
    gap: "Rest between two calls",
    gapHint: "So that fans and other programs get their turn. 0 is no rest.",
    seconds: "seconds",
    battery: "Wait while on battery",
    batteryHint: "Only nightly dreams wait.",
    active: "Wait while I use the machine",
    activeHint: "Only nightly dreams wait.",
    more: "For the curious",
    concurrency: "Calls at the same time",
    concurrencyHint: "More than the server’s own setting only queue there.",
    calls: "calls",
    window: "Window",
    windowHint: "Tokens of prompt and reply together. More needs more memory.",
    tokens: "tokens",
    between: (least: string, most: string) => `Write a number between ${least} and ${most}.`,
  },

  vectors: {
    title: "Vectors",
    inUse: "In use",
    next: (name: string) => `${name} is being prepared`,
    nextHint: "The present one is used until all is there.",
    progress: (name: string) => `Preparing ${name}`,
    of: (done: number, total: number) =>
      `${number(done)} of ${plural(total, { one: "# piece of writing", other: "# pieces of writing" })}`,
    builtin: "built-in embedder",
  },

  cost: {
    title: "What it cost",
    month: (ms: number, n: number) =>
      `In the last 30 days: ${lasting(ms)} of model time in ${calls(n)}.`,
    monthNone: "In the last 30 days no model was asked.",
    none: "No dream has asked a model yet.",
    unavailable: "The ledger could not be read.",
    dream: (when: string) => `Dream ${when}`,
    outside: (when: string) => `Outside a dream, ${when}`,
    sum: (ms: number, n: number, all: number) => [lasting(ms), calls(n), tokens(all)].join(" · "),
    stage: (name: string) => stages[name] ?? name,
    columns: {
      stage: "Stage",
      model: "Model",
      calls: "Calls",
      again: "Again",
      mended: "Mended",
      tokens: "Tokens in / out",
      time: "Time",
    },
    againHint: "Asked once more because the server was in trouble",
    mendedHint: "Asked once more with the error named",
    n: number,
    inOut: (i: number, o: number) => `${number(i)} / ${number(o)}`,
    remark: (name: string, n: number) => remarks[name]?.(n) ?? `${name}: ${times(n)}`,
    reason: (reason: string, n: number) => `${reason}: ${times(n)}`,
    remarks: "What had to be put right",
    reasons: "Why calls failed",
    clean: "Nothing had to be put right.",
  },

  dream: {
    by: (mind: string) => `with ${mindName(mind)}`,
    waits: (reason: string) => `waits: ${reason}`,
    left: (n: number) =>
      n < 1
        ? "less than a minute left"
        : plural(n, { one: "about # minute left", other: "about # minutes left" }),
    /** What there is to say of a finished dream beside what it changed. */
    beside(report: DreamReport): string[] {
      const said = [];
      // Who has no model need not be told after every dream that there is none.
      if (report.expects_model && report.without_model) said.push(sentence(report.without_model));
      if (report.expects_model && report.n_days_provisional) {
        said.push(
          plural(report.n_days_provisional, {
            one: "# day was read by the built-in analyser and is read again later.",
            other: "# days were read by the built-in analyser and are read again later.",
          }),
        );
      }
      const { n_calls, n_known, n_repaired, model_ms } = report.calls;
      const parts = [];
      if (n_calls) parts.push(`${calls(n_calls)} in ${lasting(model_ms)}`);
      if (n_repaired) parts.push(`${number(n_repaired)} mended`);
      if (n_known) parts.push(`${number(n_known)} known already`);
      if (parts.length) said.push(parts.join(", "));
      return said;
    },
    instead: (mind: string) => `The rest of this day was dreamt by ${mindName(mind)}.`,
  },
};

/**
 * The core’s reasons begin in lower case and end without a full stop. Names and addresses stay as they
 * are written.
 */
function sentence(text: string): string {
  const trimmed = text.trim();
  const isWord = /^\p{L}+(\s|$)/u.test(trimmed);
  const first = isWord ? trimmed.charAt(0).toUpperCase() + trimmed.slice(1) : trimmed;
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
