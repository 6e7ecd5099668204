import type {
  DayMark,
  DreamRequest,
  DreamState,
  Event,
  MindSettings,
  PullState,
  Settings,
  Status,
} from "$bindings";
import { host, toHostError, type HostError } from "$host";
import { showTheme } from "./theme";
import { throttled } from "./throttle";

/** Everything at most twice a second, however fast the journal changes. */
const PATIENCE = 500;

export const ALL_NEW: DreamRequest = {
  start: null,
  end: null,
  lookback_hours: null,
  limit: null,
  dry_run: false,
  min_duration_minutes: 0,
  moment_types: [],
  summary_only: false,
  cause: "now",
  redo: false,
  compare: false,
  model: null,
  debug: false,
  stages: [],
  llm_affinity_limit: null,
  most_minutes: 0,
  reflect: { lookback_hours: null, min_importance: null, max_samples: null, depth: null },
};

export type Reading = { n_done: number; n_total: number };

/** What is true of the journal as a whole, kept fresh by its events; views read it and never ask for it again. */
class Journal {
  status = $state.raw<Status | null>(null);
  settings = $state.raw<Settings | null>(null);
  days = $state.raw<DayMark[] | null>(null);
  dream = $state.raw<DreamState>({ state: "awake" });
  /** The download of a model that runs or ran last. */
  pull = $state.raw<PullState>({ state: "none" });
  /** Sources that are being read. */
  readings = $state.raw<Record<number, Reading>>({});
  /** What the last reading of a source brought, for this session. */
  heldBack = $state.raw<Record<number, string>>({});
  /** Goes up whenever something may have changed; queries read it. */
  revision = $state(0);
  problem = $state.raw<HostError | null>(null);
  isCancelling = $state(false);

  #listeners = new Set<(event: Event) => void>();
  #saving: Promise<unknown> = Promise.resolve();

  /** Connects to events and asks for the first state. */
  open(): () => void {
    const refresh = throttled(() => {
      this.revision += 1;
      void this.refresh();
    }, PATIENCE);
    const stop = host.listen((event) => {
      this.#take(event);
      if (event.event === "journal-changed" || event.event === "scan-finished") refresh();
      for (const listener of this.#listeners) listener(event);
    });
    void this.refresh();
    const clock = setInterval(() => void this.refreshStatus(), 60_000);
    return () => {
      stop();
      refresh.stop();
      clearInterval(clock);
    };
  }

  onEvent(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async refresh(): Promise<void> {
    try {
      const [status, settings, days] = await Promise.all([
        host.call("show_status", {}),
        host.call("show_settings", {}),
        host.call("list_days", { from: null, until: null }),
      ]);
      this.#hold(status);
      this.settings = settings;
      showTheme(settings.theme);
      this.days = days;
      this.problem = null;
    } catch (thrown) {
      this.problem = toHostError(thrown);
    }
  }

  async refreshStatus(): Promise<void> {
    try {
      this.#hold(await host.call("show_status", {}));
    } catch {
      // The next change asks again; a clock that is a minute behind is no reason to speak.
    }
  }

  saveSettings(change: Partial<Settings>): Promise<void> {
    return this.#save((before) => ({ ...before, ...change }));
  }

  saveMind(change: Partial<MindSettings>): Promise<void> {
    return this.#save((before) => ({ ...before, mind: { ...before.mind, ...change } }));
  }

  /** One after the other: a change is made to what the one before it left, not to what it found. */
  #save(change: (before: Settings) => Settings): Promise<void> {
    const saving = this.#saving.then(async () => {
      const before = this.settings ?? (await host.call("show_settings", {}));
      this.settings = await host.call("change_settings", change(before));
      showTheme(this.settings.theme);
      await this.refreshStatus();
    });
    this.#saving = saving.catch(() => undefined);
    return saving;
  }

  async startDream(
    wish: { start?: string; end?: string; cause?: "first" | "sample" } = {},
  ): Promise<void> {
    this.isCancelling = false;
    this.dream = await host.call("start_dream", { ...ALL_NEW, ...wish });
  }

  async cancelDream(): Promise<void> {
    this.isCancelling = true;
    await host.call("cancel_dream", {});
  }

  #hold(status: Status): void {
    this.status = status;
    this.dream = status.dream;
  }

  #take(event: Event): void {
    switch (event.event) {
      case "scan-moved": {
        const { source_id, n_done, n_total } = event;
        this.readings = { ...this.readings, [source_id]: { n_done, n_total } };
        break;
      }
      case "scan-finished": {
        const { source_id, held_back } = event.report;
        this.#endReading(source_id);
        const others = without(this.heldBack, source_id);
        this.heldBack = held_back ? { ...others, [source_id]: held_back } : others;
        break;
      }
      case "scan-failed":
        this.#endReading(event.source_id);
        break;
      case "pull-moved":
        this.pull = event.pull;
        break;
      case "dream-moved":
        this.dream = event.dream;
        if (event.dream.state !== "dreaming") {
          this.isCancelling = false;
          void this.refresh();
        }
        break;
    }
  }

  #endReading(id: number): void {
    this.readings = without(this.readings, id);
  }
}

function without<T>(all: Record<number, T>, id: number): Record<number, T> {
  const others = { ...all };
  delete others[id];
  return others;
}

export const journal = new Journal();

/** The day the timeline opens on: the last one with something in it that is not in the future. */
export function homeDay(days: readonly DayMark[], today: string): string {
  return days.findLast((mark) => mark.day <= today)?.day ?? days.at(-1)?.day ?? today;
}
