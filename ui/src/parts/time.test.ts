import { describe, expect, it } from "vitest";
import {
  addDays,
  clock,
  dateParts,
  dayAt,
  dayStart,
  daysBetween,
  inZone,
  instantsOfClock,
  isDay,
  longDate,
  minutesInto,
  nearness,
  parseClock,
  shortDate,
  timeSaid,
} from "./time";

const at = (text: string) => Date.parse(text);

describe("an instant", () => {
  it("is shown with the offset that was in force where it was written", () => {
    expect(clock(at("2026-10-14T12:30:00Z"), 120)).toBe("14:30");
    expect(clock(at("2026-10-14T12:30:00Z"), -420)).toBe("05:30");
    expect(clock(at("2026-10-14T12:30:00Z"), 345)).toBe("18:15");
  });

  it("says the same clock time twice when a clock change repeats the hour", () => {
    expect(clock(at("2026-10-25T00:30:00Z"), 120)).toBe("02:30");
    expect(clock(at("2026-10-25T01:30:00Z"), 60)).toBe("02:30");
  });

  it("may lie centuries back", () => {
    const noon = dayStart("1660-01-01") + 12 * 3_600_000;
    expect(clock(noon, 0)).toBe("12:00");
    expect(clock(noon, 53)).toBe("12:53");
  });

  it("of the night after belongs to the day when the day begins late", () => {
    expect(minutesInto("2026-10-14", at("2026-10-14T23:30:00Z"), 120)).toBe(1530);
  });
});

describe("a day", () => {
  it("of 1660 has its weekday and keeps its year", () => {
    expect(dateParts("1660-01-01")).toEqual({
      weekday: "Thursday",
      date: "1 January",
      year: "1660",
    });
    expect(longDate("2025-03-06")).toBe("Thursday 6 March 2025");
  });

  it("of the first century is not taken for one of the twentieth", () => {
    expect(dayAt(dayStart("0050-06-01"))).toBe("0050-06-01");
  });

  it("has neighbours across months, leap days and clock changes", () => {
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
    expect(addDays("2026-10-25", 1)).toBe("2026-10-26");
    expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
  });

  it("is only a day if the calendar has it", () => {
    expect(isDay("2026-02-29")).toBe(false);
    expect(isDay("2024-02-29")).toBe(true);
    expect(isDay("14.10.2026")).toBe(false);
    expect(isDay(null)).toBe(false);
  });

  it("is said with its year only where that is another one", () => {
    expect(shortDate("2026-03-06", "2026-10-15")).toBe("6 March");
    expect(shortDate("2025-03-06", "2026-10-15")).toBe("6 March 2025");
  });
});

describe("a moment's time", () => {
  const moment = {
    starts_at: at("2026-10-14T12:30:00Z"),
    ends_at: at("2026-10-14T14:06:00Z"),
    offset_minutes: 120,
  };

  it("is never said more precisely than it is known", () => {
    expect(timeSaid({ ...moment, precision: "exact" })).toEqual({
      kind: "exact",
      start: "14:30",
      end: "16:06",
    });
    expect(timeSaid({ ...moment, precision: "hour" })).toEqual({ kind: "around", start: "14:30" });
    expect(timeSaid({ ...moment, precision: "day" })).toEqual({ kind: "sometime" });
    expect(timeSaid({ ...moment, precision: "unknown" })).toEqual({ kind: "sometime" });
  });

  it("without an end is one time", () => {
    const point = { ...moment, ends_at: moment.starts_at, precision: "exact" as const };
    expect(timeSaid(point)).toEqual({ kind: "exact", start: "14:30", end: null });
  });
});

describe("typed clock times", () => {
  it("are read as people write them", () => {
    expect(parseClock("14:30")).toBe(870);
    expect(parseClock(" 9.05 ")).toBe(545);
    expect(parseClock("1430")).toBe(870);
    expect(parseClock("7")).toBe(420);
  });

  it("that are none are refused", () => {
    for (const text of ["", "24:00", "12:60", "noon", "1:2"]) expect(parseClock(text)).toBeNull();
  });

  it("become instants with the moment's own offset", () => {
    expect(instantsOfClock("2026-10-14", 0, 120, "14:30", "16:00")).toEqual({
      starts_at: at("2026-10-14T12:30:00Z"),
      ends_at: at("2026-10-14T14:00:00Z"),
    });
  });

  it("may end after midnight, but not half a day before they begin", () => {
    expect(instantsOfClock("2026-10-14", 0, 0, "23:30", "00:30")).toEqual({
      starts_at: at("2026-10-14T23:30:00Z"),
      ends_at: at("2026-10-15T00:30:00Z"),
    });
    expect(instantsOfClock("2026-10-14", 0, 0, "14:30", "14:00")).toBe("end-before-start");
  });

  it("before the day's start mean the night after it", () => {
    expect(instantsOfClock("2026-10-14", 240, 0, "01:00", "02:00")).toEqual({
      starts_at: at("2026-10-15T01:00:00Z"),
      ends_at: at("2026-10-15T02:00:00Z"),
    });
  });

  it("say which of the two cannot be read", () => {
    expect(instantsOfClock("2026-10-14", 0, 0, "soon", "14:00")).toBe("start-unreadable");
    expect(instantsOfClock("2026-10-14", 0, 0, "12", "later")).toBe("end-unreadable");
  });
});

describe("the next dream", () => {
  const zone = "Europe/Berlin";
  const now = at("2026-10-15T06:12:00Z");

  it("is tonight when it comes before the next evening", () => {
    expect(nearness(at("2026-10-16T01:00:00Z"), now, zone)).toMatchObject({
      clock: "03:00",
      when: "tonight",
    });
  });

  it("is shown by the zone's clock on both sides of a clock change", () => {
    expect(inZone(at("2026-10-25T00:59:00Z"), zone)).toEqual({ day: "2026-10-25", minutes: 179 });
    expect(inZone(at("2026-10-25T01:00:00Z"), zone)).toEqual({ day: "2026-10-25", minutes: 120 });
  });

  it("was today, yesterday or on another day", () => {
    expect(nearness(at("2026-10-15T01:04:00Z"), now, zone).when).toBe("today");
    expect(nearness(at("2026-10-14T01:04:00Z"), now, zone).when).toBe("yesterday");
    expect(nearness(at("2026-10-01T01:04:00Z"), now, zone).when).toBe("other");
  });

  it("is counted in UTC where the zone is unknown", () => {
    expect(inZone(now, "Mars/Olympus").minutes).toBe(6 * 60 + 12);
  });
});
