/** An in-memory journal for development and tests: the same questions and answers, no shell. */
import type { Commands, DreamState, Event, MomentDetail, Settings, SourceView } from "$bindings";
import { HostError } from "../errors";
import type { Host, Reply, Request, ShellEvent } from "../types";
import { answerWorld } from "./ask";
import { fakeCarry } from "./carry";
import { correct, withdraw } from "./correct";
import { fakeBack } from "./back";
import { dayMarks, dayView } from "./days";
import { aboutDream, endedReport, firstDream } from "./dreams";
import { fakeGraph } from "./graph";
import { fakeJobs, jobSettings, scheduleSettings } from "./jobs";
import { fakeInsights } from "./insights";
import { emptyWorld, makeWorld, MIND, NOW, TODAY, ZONE, type World } from "./make";
import { fakeMinds, mindSettings, MODEL } from "./minds";
import { fakeProfile } from "./profile";
import { fakeProposals, POLICY } from "./proposals";
import { askWorld, views } from "./query";
import { recordView, searchWorld } from "./read";
import { reviewView } from "./review";
import { firstSources, problemsOf, sampleSource } from "./sources";
import { addType, listTypes, ownTypes, removeType } from "./types";
import { fakeTopics } from "./topics";

export type FakeOptions = {
  /** "full", "first-run", "long", "decade", "dreaming", "empty" or "broken"; those of minds.ts. */
  scene?: string;
  /** Milliseconds between two steps of a scan or dream. */
  pace?: number;
};

export type FakeHost = Host & {
  emit: (event: Event) => void;
  emitShell: (event: ShellEvent) => void;
  /** The calls so far. */
  calls: { name: keyof Commands; request: unknown }[];
  /** Makes the next call of a command fail. */
  failNext: (name: keyof Commands, message: string) => void;
  quickNoteWindow: "open" | "closed";
  chosen: string | null;
};

type Answers = { [N in keyof Commands]: (request: Request<N>) => Reply<N> | Promise<Reply<N>> };

export function fakeHost({ scene = "full", pace = 260 }: FakeOptions = {}): FakeHost {
  const isFirstRun = scene === "first-run";
  let world: World =
    isFirstRun || scene === "empty"
      ? emptyWorld()
      : makeWorld({
          nDays: scene === "decade" ? 3650 : 88,
          isHard: scene === "long",
          allWaiting: false,
        });
  let sources: SourceView[] = isFirstRun ? [] : firstSources(scene === "long");
  let settings: Settings = {
    zone: ZONE,
    day_start_minutes: 0,
    week_starts_on: "monday",
    hemisphere: "north",
    own_names: isFirstRun ? [] : ["Nora", "Nora L."],
    dream_at: "03:00",
    is_paused: false,
    theme: "system",
    is_set_up: !isFirstRun,
    mind: mindSettings(scene),
    schedule: { ...scheduleSettings },
    jobs: { ...jobSettings },
    decay: {
      is_on: true,
      base_rate: 0.001,
      least_rate: 0.0001,
      greatest_rate: 0.01,
      access_boost: 1,
    },
    summaries: { is_on: true, fewest_messages: 10 },
    profile: { lookback_days: 30, active_days: 12, moderate_days: 4 },
    assistants: { may_read: true, may_write: false, keep_days: 90 },
    consolidation: POLICY,
    insights: {
      is_on: true,
      mode: "full",
      reflects: true,
      lookback_hours: 24,
      min_importance: 0.6,
      max_samples: 20,
    },
  };
  const own = ownTypes();
  let dream: DreamState = firstDream(scene);
  let isCancelled = false;
  const listeners = new Set<(event: Event) => void>();
  const shellListeners = new Set<(event: ShellEvent) => void>();
  const failures = new Map<string, string>();
  const emit = (event: Event) => listeners.forEach((listener) => listener(structuredClone(event)));
  const changed = (days: string[] = []) => emit({ event: "journal-changed", days });
  const wait = () => new Promise((resolve) => setTimeout(resolve, pace));

  const momentOf = (id: number): MomentDetail => {
    const detail = world.moments.get(id);
    if (!detail) throw new HostError("not-found", "There is no such moment any more.");
    return detail;
  };

  async function scan(source: SourceView, total: number): Promise<void> {
    for (let done = 0; done <= total; done += Math.max(1, Math.round(total / 9))) {
      emit({
        event: "scan-moved",
        source_id: source.id,
        n_done: Math.min(done, total),
        n_total: total,
      });
      await wait();
    }
    const n = source.n_records || 312;
    Object.assign(source, {
      state: "ok",
      state_reason: "",
      n_files: total,
      n_records: n,
      scanned_at: NOW,
    });
    if (!world.days.size) world = makeWorld({ nDays: 21, isHard: false, allWaiting: true });
    emit({
      event: "scan-finished",
      report: {
        ...noReport,
        source_id: source.id,
        n_files: total,
        n_new: total,
        n_records_added: n,
      },
    });
    changed();
  }

  async function sleep(days: string[]): Promise<void> {
    const done: { day: string; n: number }[] = [];
    let nMoments = 0;
    for (const [i, day] of days.entries()) {
      const titles = [...world.moments.values()].filter(({ moment }) => moment.day === day);
      for (const stage of ["episodes", "moments", "story"] as const) {
        if (isCancelled) break;
        if (stage === "moments") nMoments += titles.length;
        move({
          stage,
          day,
          n_done: i,
          n_total: days.length,
          n_moments: nMoments,
          last_title: titles.at(-1)?.moment.title ?? null,
          ...aboutDream(scene),
        });
        await wait();
      }
      if (isCancelled) break;
      done.push({ day, n: titles.length });
      const found = world.days.get(day);
      if (found) found.state = "dreamt";
      changed([day]);
    }
    const told = done.map(({ day, n }) => ({
      day,
      n_moments: n,
      summary: world.days.get(day)?.summary ?? "",
    }));
    dream = {
      state: "ended",
      report: endedReport(scene, told, {
        is_cancelled: isCancelled,
        n_days_unchanged: world.days.size - done.length,
        n_added: nMoments,
      }),
    };
    emit({ event: "dream-moved", dream });
    changed();
  }

  function move(progress: Extract<DreamState, { state: "dreaming" }>["progress"]): void {
    dream = { state: "dreaming", progress };
    emit({ event: "dream-moved", dream });
  }

  if (scene === "provisional") readByModel(world);
  const answers: Answers = {
    ...fakeMinds({ scene, settings: () => settings.mind, emit, wait }),
    ...fakeProfile({ isEmpty: () => !world.days.size, settings: () => settings, changed }),
    ...fakeProposals(isFirstRun || scene === "empty"),
    ...fakeJobs(),
    ...fakeInsights(isFirstRun || scene === "empty"),
    // No page asks for it yet: `rem dream affinity` does.
    dream_affinity: () => {
      throw { code: "invalid-input", message: "the pretended journal finds no edges" };
    },
    // No page asks for these yet: `rem dreams` does.
    list_dreams: () => [],
    show_dream_detail: ({ id }) => {
      throw { code: "not-found", message: `there is no dream ${id}` };
    },
    diff_dream: ({ id }) => {
      throw { code: "not-found", message: `there is no dream ${id}` };
    },
    undo_dream: ({ id }) => {
      throw { code: "not-found", message: `there is no dream ${id}` };
    },
    show_metrics: () => [
      {
        name: "rem_moments",
        help: "Moments that are not hidden.",
        kind: "gauge",
        samples: [{ suffix: "", labels: {}, value: world.moments.size }],
      },
    ],
    examine: () => [
      { name: "file", verdict: "good", says: "the journal's file is whole", advice: "" },
    ],
    ...fakeTopics(),
    ...fakeGraph(),
    ...fakeBack(() => world),
    ...fakeCarry(),
    // Nor for this: `rem dream summarize` does, and every dream.
    dream_decay: () => {
      throw { code: "invalid-input", message: "in the pretended journal nothing fades" };
    },
    dream_summarize: () => {
      throw { code: "invalid-input", message: "the pretended journal summarises nothing" };
    },
    show_status: () => {
      const marks = dayMarks(world, null, null);
      const days = [...world.days.values()];
      return {
        journal: "personal",
        path: "~/Journals/personal.rem",
        size: 18_432_000,
        version: "0.1.0",
        zone: settings.zone,
        today: TODAY,
        now: NOW,
        n_notes: days.reduce((sum, day) => sum + day.nNotes, 0),
        n_sessions: days.reduce((sum, day) => sum + day.nSessions, 0),
        n_messages: days.reduce((sum, day) => sum + day.nMessages, 0),
        n_moments: marks.reduce((sum, mark) => sum + mark.n_moments, 0),
        n_sources: sources.filter((source) => source.kind !== "capture").length,
        n_days: days.length,
        n_days_waiting: days.filter((day) => day.state !== "dreamt").length,
        n_days_provisional: 0,
        n_jobs: 0,
        n_jobs_dead: 0,
        first_day: marks[0]?.day ?? null,
        last_day: marks.at(-1)?.day ?? null,
        last_dream_at: isFirstRun ? null : Date.UTC(2026, 9, 15, 1, 4),
        next_dream_at: settings.is_paused ? null : Date.UTC(2026, 9, 16, 1, 0),
        is_paused: settings.is_paused,
        mind: MIND,
        dream,
      };
    },
    list_days: ({ from, until }) => dayMarks(world, from, until),
    show_day: ({ day, with_hidden }) => dayView(world, day, with_hidden),
    show_review: ({ kind, day }) => reviewView(world, kind, day),
    show_moment: ({ id }) => momentOf(id),
    correct_moment: ({ id, correction }) => {
      const detail = correct(momentOf(id), correction);
      changed([detail.moment.day]);
      return detail;
    },
    withdraw_correction: ({ id, field }) => {
      const detail = withdraw(momentOf(id), world.dreamt.get(id)!, field);
      changed([detail.moment.day]);
      return detail;
    },
    list_moment_types: () => listTypes(world, own),
    add_moment_type: ({ name, description }) => {
      const added = addType(world, own, name, description);
      changed();
      return added;
    },
    remove_moment_type: ({ name }) => {
      const left = removeType(world, own, name);
      changed();
      return left;
    },
    show_record: ({ id, moment_id }) => recordView(world, id, moment_id),
    search: (request) => searchWorld(world, request),
    ask: (request) => answerWorld(world, request, emit),
    cancel_ask: () => ({}),
    query: (request) => askWorld(world, request),
    list_query_views: () => views,
    add_note: ({ text }) => {
      if (!text.trim()) throw new HostError("invalid-input", "A note needs a text.");
      changed([TODAY]);
      return { record_id: 1, day: TODAY };
    },
    list_sources: () => sources,
    add_source: ({ path, is_watched }) => {
      if (sources.some((source) => source.path === path)) {
        throw new HostError("invalid-input", "This folder is a source already.");
      }
      const source = {
        ...sampleSource,
        id: 20 + sources.length,
        path,
        is_watched,
        label: path.split("/").at(-1) || path,
      };
      source.kind = is_watched ? "folder" : "file";
      sources = [...sources, source];
      changed();
      void scan(source, is_watched ? 148 : 1);
      return source;
    },
    remove_source: ({ id }) => {
      sources = sources.filter((source) => source.id !== id);
      changed();
      return {};
    },
    start_scan: ({ id }) => {
      for (const source of sources) {
        if (source.kind !== "capture" && (id === null || source.id === id))
          void scan(source, source.n_files || 9);
      }
      return {};
    },
    list_problems: ({ id }) => problemsOf(id),
    start_dream: ({ start, end }) => {
      if (dream.state === "dreaming") throw new HostError("busy", "A dream is running already.");
      const due = [...world.days.values()].filter(({ day, state }) =>
        start ? day >= start && day <= (end ?? start) : state !== "dreamt",
      );
      isCancelled = false;
      move({
        stage: "collect",
        day: null,
        n_done: 0,
        n_total: 0,
        n_moments: 0,
        last_title: null,
        ...aboutDream("full"),
      });
      const state = dream;
      void wait().then(() => sleep(due.map(({ day }) => day).sort()));
      return state;
    },
    cancel_dream: () => {
      isCancelled = true;
      return dream;
    },
    show_dream: () => dream,
    open_sample: () => {
      const source = { ...sampleSource, state: "ok", n_files: 31, n_records: 412, scanned_at: NOW };
      sources = [...sources, source];
      world = makeWorld({ nDays: 21, isHard: false, allWaiting: true });
      changed();
      return source;
    },
    show_settings: () => settings,
    change_settings: (wanted) => {
      if (!/^\d{2}:\d{2}$/.test(wanted.dream_at)) {
        throw new HostError(
          "invalid-input",
          `“${wanted.dream_at}” is not a time of day such as 03:00`,
        );
      }
      settings = wanted;
      changed();
      return settings;
    },
  };

  const fake: FakeHost = {
    calls: [],
    chosen: "~/Notes from the boat",
    quickNoteWindow: "closed",
    emit,
    emitShell: (event) => shellListeners.forEach((listener) => listener(event)),
    failNext: (name, message) => failures.set(name, message),
    async call(name, request) {
      fake.calls.push({ name, request });
      await Promise.resolve();
      const failure = failures.get(name);
      failures.delete(name);
      if (failure) throw new HostError("store", failure);
      if (scene === "broken" && name !== "show_settings" && name !== "show_status") {
        throw new HostError("store", "reading the journal: the disk does not answer");
      }
      return structuredClone(await answers[name](request));
    },
    listen(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    onShell(callback) {
      shellListeners.add(callback);
      return () => shellListeners.delete(callback);
    },
    chooseFolder: async () => fake.chosen,
    chooseFile: async () => fake.chosen,
    openQuickNote: async () => void (fake.quickNoteWindow = "open"),
    closeQuickNote: async () => void (fake.quickNoteWindow = "closed"),
  };
  return fake;
}

/** Days that a model read, but for one moment of each. */
function readByModel(world: World): void {
  const seen = new Set<string>();
  for (const detail of world.moments.values()) {
    if (seen.has(detail.moment.day)) detail.mind = MODEL;
    seen.add(detail.moment.day);
  }
  for (const day of world.days.values()) day.mind = MODEL;
}

const noReport = {
  source_id: 0,
  n_files: 0,
  n_new: 0,
  n_changed: 0,
  n_unchanged: 0,
  n_renamed: 0,
  n_duplicates: 0,
  n_removed: 0,
  n_skipped: 0,
  n_failed: 0,
  n_records_added: 0,
  n_records_changed: 0,
  problems: [],
  held_back: null,
  is_cancelled: false,
};
