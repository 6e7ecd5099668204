import type { DreamReport, Stage } from "$bindings";
import { list, number, plural } from "../plural";
import { mindName } from "./minds";

const days = (n: number) => plural(n, { one: "# day", other: "# days" });
const moments = (n: number) => plural(n, { one: "# moment", other: "# moments" });
const notes = (n: number) => plural(n, { one: "# note", other: "# notes" });
const conversations = (n: number) => plural(n, { one: "# conversation", other: "# conversations" });
const pieces = (n: number) =>
  plural(n, { one: "# new piece of writing", other: "# new pieces of writing" });

export const journal = {
  product: "REM Journal",

  count: {
    days,
    moments,
    notes,
    conversations,
    messages: (n: number) => plural(n, { one: "# message", other: "# messages" }),
    files: (n: number) => plural(n, { one: "# file", other: "# files" }),
    records: (n: number) => plural(n, { one: "# record", other: "# records" }),
    quickNotes: (n: number) => plural(n, { one: "# quick note", other: "# quick notes" }),
  },

  nav: {
    label: "Main",
    timeline: "Timeline",
    sources: "Sources",
    settings: "Settings",
    skip: "Skip to the content",
    reading: "reading",
    downloading: "downloading",
    question: "has a question",
    quickNote: "Quick note",
    quickNoteHint: "Write something down now",
  },

  mood: {
    heavy: "heavy",
    low: "low",
    even: "even",
    good: "good",
    bright: "bright",
    none: "no mood known",
  },

  dream: {
    card: "Dreaming",
    next: "Next dream",
    last: "Last dream",
    never: "No dream yet",
    paused: "Nights are paused",
    tonight: (clock: string) => `tonight, ${clock}`,
    today: (clock: string) => `today, ${clock}`,
    tomorrow: (clock: string) => `tomorrow, ${clock}`,
    yesterday: (clock: string) => `yesterday, ${clock}`,
    other: (date: string, clock: string) => `${date}, ${clock}`,
    now: "Dream now",
    cancel: "Cancel",
    cancelling: "Stopping…",
    working: "Dreaming",
    progress: "Dream progress",
    waiting: (n: number) => plural(n, { one: "# day waits", other: "# days wait" }),
    stage: {
      decay: "Letting old things fade",
      collect: "Looking for what is new",
      episodes: "Finding where things begin and end",
      moments: "Writing moments",
      story: "Telling the day",
      periods: "Telling weeks, months and years",
      affinity: "Finding what belongs together",
      topics: "Gathering topics",
      profile: "Saying who you are lately",
      reflect: "Reflecting",
      consolidate: "Finding what says the same twice",
      predict: "Looking ahead",
      digest: "Saying what it came to",
      summarize: "Summarising conversations",
    } satisfies Record<Stage, string>,
    dayOf: (done: number, total: number) => `day ${number(done)} of ${number(total)}`,
    sessionOf: (done: number, total: number) => `conversation ${number(done)} of ${number(total)}`,
    soFar: (n: number) => `${moments(n)} so far`,
    failed: "The dream broke off",
    result(report: DreamReport): string {
      if (report.is_cancelled) {
        return report.days.length
          ? `Stopped after ${days(report.days.length)}. What was finished is kept.`
          : "Stopped. Nothing was changed.";
      }
      const told = report.n_summaries ? conversations(report.n_summaries) : "";
      if (!report.days.length) return told ? `${told} summarised` : "Nothing was new.";
      const parts = [days(report.days.length)];
      if (report.n_added) parts.push(`${moments(report.n_added)} new`);
      if (report.n_changed) parts.push(`${number(report.n_changed)} changed`);
      if (report.n_removed) parts.push(`${number(report.n_removed)} gone`);
      if (parts.length === 1) parts.push("moments as they were");
      if (told) parts.push(`${told} summarised`);
      return parts.join(", ");
    },
  },

  strip: {
    label: "Days",
    none: "The days of your journal will stand here.",
    nothing: "nothing written",
    waiting: "not dreamt yet",
    stale: "changed since it was dreamt",
    air: (n: number) => `${days(n)} without writing`,
    moments,
    pieces: (n: number) => plural(n, { one: "# piece of writing", other: "# pieces of writing" }),
  },

  day: {
    label: "The day",
    previous: "Earlier day",
    next: "Later day",
    today: "Today",
    pick: "Choose a date",
    calendar: "Calendar",
    previousMonth: "Earlier month",
    nextMonth: "Later month",
    previousYear: "Earlier year",
    nextYear: "Later year",
    meta(m: number, n: { notes: number; sessions: number }): string {
      const from = [];
      if (n.notes) from.push(notes(n.notes));
      if (n.sessions) from.push(conversations(n.sessions));
      return from.length ? `${moments(m)} from ${list(from)}` : moments(m);
    },
    dreamtAt: (when: string, mind: string | null) =>
      mind ? `dreamt ${when} by ${mindName(mind)}` : `dreamt ${when}`,
    at: (clock: string) => `at ${clock}`,
    on: (date: string) => `on ${date}`,
    sometime: "Sometime this day",
    sometimeHint: "What was written does not say when.",
    rail: "Hours of the day",
    quietHours: (n: number) => plural(n, { one: "# quiet hour", other: "# quiet hours" }),
    waiting: (n: number) => `${pieces(n)}, not dreamt yet`,
    stale: (n: number) =>
      n ? `Something changed since this day was dreamt.` : "This day has changed.",
    dream: "Dream this day",
    waitingHint: "Tonight the journal reads this day by itself. You can also have it read now.",
    emptyTitle: "Nothing was written on this day.",
    emptyHint: (day: string) => `The nearest day with something is ${day}.`,
    emptyJournal: "Nothing here yet. Add a folder with notes or chats, or write a quick note.",
    noMoments: "This day has been read, but there was nothing in it that makes a moment.",
    goThere: "Go there",
    addSource: "Add a source",
    hidden: (n: number) => plural(n, { one: "# hidden moment", other: "# hidden moments" }),
    showHidden: "Show",
    hideHidden: "Hide again",
    unavailable: "This day could not be read.",
  },

  keys: {
    title: "Keys",
    open: "Show the keys",
    day: "Earlier or later day",
    moment: "Earlier or later moment",
    openMoment: "Open the moment",
    close: "Close",
    edit: "Change the title",
    pin: "Pin, or unpin",
    hide: "Hide",
    today: "Today",
    search: "Search",
    help: "This sheet",
    dream: "Dream now",
  },

  problem: {
    title: "That did not work",
    again: "Try again",
    unreachable: "The journal does not answer. Close the window and open it again.",
    load: "This could not be read.",
  },

  toast: {
    label: "Messages",
    dismiss: "Dismiss",
    undo: "Undo",
  },

  loading: "Reading…",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  saved: "Saved",
  back: "Back",
  journalSays: "The journal",
};
