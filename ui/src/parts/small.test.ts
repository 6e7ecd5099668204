import { describe, expect, it, vi } from "vitest";
import type { DreamReport } from "$bindings";
import { endedReport } from "../host/fake/dreams";
import { bytes, number, plural, words } from "$words";
import { formatIcon, sourcesSaid } from "./formats";
import { homeDay } from "./journal.svelte";
import { isForPage, neighbour } from "./keys";
import { dayMarkSaid, momentTime, nearTime } from "./said";
import { throttled } from "./throttle";
import { matchingZones } from "./zones";

const report = (part: Partial<DreamReport>): DreamReport => endedReport("full", [], part);
const dreamt = {
  day: "2026-10-14",
  n_chunks: 1,
  n_episodes: 1,
  n_moments: 1,
  summary: "",
  valence: 0,
};

describe("words", () => {
  it("have a form for one and a form for many", () => {
    expect(words.count.moments(1)).toBe("1 moment");
    expect(words.count.moments(0)).toBe("0 moments");
    expect(plural(2100, { one: "# day", other: "# days" })).toBe("2,100 days");
    expect(number(18_432)).toBe("18,432");
  });

  it("say what a dream did", () => {
    const days = [dreamt, dreamt, dreamt];
    expect(words.dream.result(report({ days, n_added: 14 }))).toBe("3 days, 14 moments new");
    expect(words.dream.result(report({ days: [dreamt], n_changed: 2, n_removed: 1 }))).toBe(
      "1 day, 2 changed, 1 gone",
    );
    expect(words.dream.result(report({}))).toBe("Nothing was new.");
    expect(words.dream.result(report({ is_cancelled: true }))).toContain("Nothing was changed");
  });

  it("name a day's sources without counting what is not there", () => {
    expect(words.day.meta(6, { notes: 7, sessions: 3 })).toBe(
      "6 moments from 7 notes and 3 conversations",
    );
    expect(words.day.meta(1, { notes: 0, sessions: 1 })).toBe("1 moment from 1 conversation");
    expect(words.day.meta(2, { notes: 0, sessions: 0 })).toBe("2 moments");
  });

  it("name a moment's kind only where it says something", () => {
    const kicker = (type: string): string => words.moment.kicker(words.moment.type(type));
    expect(kicker("work_session")).toBe("Moment · work session");
    expect(kicker("other")).toBe("Moment");
  });

  it("say sizes in units people know", () => {
    expect(bytes(18_432_000)).toBe("18.4 MB");
    expect(bytes(900)).toBe("900 byte");
  });

  it("say times as they are known", () => {
    const moment = { starts_at: 0, ends_at: 3_600_000, offset_minutes: 60 };
    expect(momentTime({ ...moment, precision: "exact" })).toBe("01:00 – 02:00");
    expect(momentTime({ ...moment, precision: "hour" })).toBe("around 01:00");
    expect(momentTime({ ...moment, precision: "day" })).toBe("sometime this day");
  });

  it("say when the next dream comes", () => {
    const now = Date.parse("2026-10-15T06:12:00Z");
    const zone = "Europe/Berlin";
    expect(nearTime(Date.parse("2026-10-16T01:00:00Z"), now, zone)).toBe("tonight, 03:00");
    expect(nearTime(Date.parse("2026-10-01T01:00:00Z"), now, zone)).toBe("1 October, 03:00");
  });

  it("describe a day of the strip", () => {
    const mark = { day: "2026-10-14", arousal: 0.4, n_moments: 6, n_chunks: 12 };
    expect(dayMarkSaid({ ...mark, valence: 0.3, state: "dreamt" })).toBe(
      "Wednesday 14 October 2026, 6 moments, good",
    );
    expect(dayMarkSaid({ ...mark, valence: null, state: "waiting" })).toBe(
      "Wednesday 14 October 2026, 12 pieces of writing, not dreamt yet",
    );
  });
});

describe("sources", () => {
  it("are named as people know them", () => {
    expect(
      sourcesSaid([
        { format: "whatsapp", n: 9 },
        { format: "notes", n: 2 },
      ]),
    ).toBe("WhatsApp · 2 notes");
    expect(sourcesSaid([{ format: "zettel", n: 1 }])).toBe("Zettel");
    expect(formatIcon("chatgpt")).toBe("assistant");
    expect(formatIcon("notes")).toBe("note");
  });
});

describe("the timeline's first day", () => {
  const mark = (day: string) => ({
    day,
    valence: null,
    arousal: null,
    n_moments: 0,
    n_chunks: 1,
    state: "waiting" as const,
  });

  it("is the last one with something in it that is not in the future", () => {
    const days = [mark("2026-10-01"), mark("2026-10-10"), mark("2027-01-01")];
    expect(homeDay(days, "2026-10-15")).toBe("2026-10-10");
    expect(homeDay([mark("2027-01-01")], "2026-10-15")).toBe("2027-01-01");
    expect(homeDay([], "2026-10-15")).toBe("2026-10-15");
  });
});

describe("keys", () => {
  const press = (key: string, target: Element, more: KeyboardEventInit = {}) => {
    let isPages = false;
    const listener = (event: Event) => (isPages = isForPage(event as KeyboardEvent));
    document.body.append(target);
    window.addEventListener("keydown", listener, { once: true });
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
    target.remove();
    return isPages;
  };

  it("belong to the page unless something is being typed or chosen", () => {
    expect(press("t", document.createElement("div"))).toBe(true);
    expect(press("t", document.createElement("input"))).toBe(false);
    expect(press("t", document.createElement("textarea"))).toBe(false);
    expect(press("t", document.createElement("div"), { ctrlKey: true })).toBe(false);
  });

  it("walk through a list and stop at its ends", () => {
    const all = ["a", "b", "c"];
    expect(neighbour(all, null, 1)).toBe("a");
    expect(neighbour(all, null, -1)).toBe("c");
    expect(neighbour(all, "b", 1)).toBe("c");
    expect(neighbour(all, "c", 1)).toBe("c");
    expect(neighbour([], null, 1)).toBeNull();
  });
});

describe("zones", () => {
  const all = ["America/Indiana/Indianapolis", "America/Sao_Paulo", "Europe/Lisbon"];

  it("are found by a city's beginning first, without accents or underscores", () => {
    expect(matchingZones(all, "são pau")).toEqual(["America/Sao_Paulo"]);
    expect(matchingZones(all, "lis")[0]).toBe("Europe/Lisbon");
    expect(matchingZones(all, "atlantis")).toEqual([]);
    expect(matchingZones(all, "")).toEqual(all);
  });
});

describe("a throttle", () => {
  it("acts at once, then at most once in a while, and never forgets the last time", () => {
    vi.useFakeTimers();
    const act = vi.fn();
    const ask = throttled(act, 500);
    for (let i = 0; i < 20; i++) ask();
    expect(act).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(500);
    expect(act).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5000);
    expect(act).toHaveBeenCalledTimes(2);
  });
});
