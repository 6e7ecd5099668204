/**
 * Instants, days and how they are said. An instant is Unix milliseconds with the offset in force then: it
 * is shown by adding the offset and formatting as UTC, so that a note from another zone, another
 * century or the hour that a clock change repeats says what the clock on the wall said.
 */
import type { Precision } from "$bindings";
import { locale } from "$words";

export const MINUTE = 60_000;
export const DAY = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, options);
    formats.set(key, found);
  }
  return found;
}

/** Midnight of a day as if its zone were UTC. */
export function dayStart(day: string): number {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return new Date(0).setUTCFullYear(year, month - 1, date);
}

export function dayAt(utc: number): string {
  const date = new Date(utc);
  const pad = (n: number, width: number) => String(n).padStart(width, "0");
  return `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
}

export function isDay(text: string | null | undefined): text is string {
  return !!text && /^\d{4}-\d{2}-\d{2}$/.test(text) && dayAt(dayStart(text)) === text;
}

export function addDays(day: string, n: number): string {
  return dayAt(dayStart(day) + n * DAY);
}

export function daysBetween(from: string, until: string): number {
  return Math.round((dayStart(until) - dayStart(from)) / DAY);
}

/** Minutes from a day's midnight to an instant, by the clock on the wall; over 1440 for the night after. */
export function minutesInto(day: string, at: number, offsetMinutes: number): number {
  return (at + offsetMinutes * MINUTE - dayStart(day)) / MINUTE;
}

/** "14:30" from an instant. */
export function clock(at: number, offsetMinutes: number): string {
  return new Date(at + offsetMinutes * MINUTE).toISOString().slice(-13, -8);
}

/** "14:30" from minutes after midnight. */
export function clockOfMinutes(minutes: number): string {
  const within = ((Math.floor(minutes) % 1440) + 1440) % 1440;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}

/** Minutes after midnight from what a person types: "14:30", "9.05", "1430", "9". */
export function parseClock(text: string): number | null {
  const match = /^(\d{1,2})(?:[:.h]?(\d{2}))?$/.exec(text.trim().replace(/\s+/g, ""));
  if (!match) return null;
  const hours = Number(match[1]);
  const minutes = Number(match[2] ?? 0);
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}

/** The weekday, the date without its year, and the year. */
export function dateParts(day: string): { weekday: string; date: string; year: string } {
  const utc = dayStart(day);
  return {
    weekday: format({ weekday: "long", timeZone: "UTC" }).format(utc),
    date: format({ day: "numeric", month: "long", timeZone: "UTC" }).format(utc),
    year: format({ year: "numeric", timeZone: "UTC" }).format(utc),
  };
}

/** "Thursday 6 March 2025". */
export function longDate(day: string): string {
  const { weekday, date, year } = dateParts(day);
  return `${weekday} ${date} ${year}`;
}

/** "6 March", with the year where it is not the one of `today`. */
export function shortDate(day: string, today: string): string {
  const { date, year } = dateParts(day);
  return day.slice(0, 4) === today.slice(0, 4) ? date : `${date} ${year}`;
}

export function monthName(day: string, width: "short" | "long" = "short"): string {
  return format({ month: width, timeZone: "UTC" }).format(dayStart(day));
}

/** Where the zone's clocks stand at an instant: for instants that come without an offset. */
export function inZone(at: number, zone: string): { day: string; minutes: number } {
  let parts: Record<string, string>;
  const options: Intl.DateTimeFormatOptions = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  };
  try {
    parts = partsOf(format({ ...options, timeZone: zone }), at);
  } catch {
    // A zone that this engine does not know: UTC is wrong by hours, nothing at all is worse.
    parts = partsOf(format({ ...options, timeZone: "UTC" }), at);
  }
  return {
    day: `${(parts.year ?? "").padStart(4, "0")}-${parts.month}-${parts.day}`,
    minutes: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

function partsOf(formatter: Intl.DateTimeFormat, at: number): Record<string, string> {
  return Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, value]));
}

export type TimeSaid =
  | { kind: "exact"; start: string; end: string | null }
  | { kind: "around"; start: string }
  | { kind: "sometime" };

/** A moment's time with no more precision than is known. */
export function timeSaid(moment: {
  starts_at: number;
  ends_at: number;
  offset_minutes: number;
  precision: Precision;
}): TimeSaid {
  const start = clock(moment.starts_at, moment.offset_minutes);
  const end = clock(moment.ends_at, moment.offset_minutes);
  if (moment.precision === "day" || moment.precision === "unknown") return { kind: "sometime" };
  if (moment.precision === "hour") return { kind: "around", start };
  const isPoint = moment.ends_at - moment.starts_at < MINUTE;
  return { kind: "exact", start, end: isPoint ? null : end };
}

export type ClockProblem = "start-unreadable" | "end-unreadable" | "end-before-start";

/**
 * The instants that two typed clock times mean on a day. Times before the day's start belong to the
 * night after it; an end before its start is taken for after midnight if that is less than half a day.
 */
export function instantsOfClock(
  day: string,
  dayStartMinutes: number,
  offsetMinutes: number,
  start: string,
  end: string,
): { starts_at: number; ends_at: number } | ClockProblem {
  const from = parseClock(start);
  if (from === null) return "start-unreadable";
  const until = end.trim() === "" ? from : parseClock(end);
  if (until === null) return "end-unreadable";
  const first = from < dayStartMinutes ? from + 1440 : from;
  let last = until < dayStartMinutes ? until + 1440 : until;
  if (last < first) last += 1440;
  if (last - first > 720 && until < from) return "end-before-start";
  const midnight = dayStart(day) - offsetMinutes * MINUTE;
  return { starts_at: midnight + first * MINUTE, ends_at: midnight + last * MINUTE };
}

/** Where a dream or a scan stands from now: for "tonight, 03:00". */
export function nearness(
  at: number,
  now: number,
  zone: string,
): { clock: string; day: string; when: "tonight" | "today" | "tomorrow" | "yesterday" | "other" } {
  const then = inZone(at, zone);
  const today = inZone(now, zone);
  const apart = daysBetween(today.day, then.day);
  const isNight = then.minutes < 6 * 60 || then.minutes >= 21 * 60;
  const base = { clock: clockOfMinutes(then.minutes), day: then.day };
  if (at >= now && at - now < DAY && isNight) return { ...base, when: "tonight" };
  if (apart === 0) return { ...base, when: "today" };
  if (apart === 1) return { ...base, when: "tomorrow" };
  if (apart === -1) return { ...base, when: "yesterday" };
  return { ...base, when: "other" };
}
