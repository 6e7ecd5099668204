/** Where the days of the strip stand, as a pure function, so that ten years stay cheap to draw. */
import type { DayMark } from "$bindings";
import { addDays, daysBetween, monthName } from "./time";

export const STEP = 15;
export const BAR = 11;
/** More empty days than this are drawn as one piece of air. */
export const LONGEST_AIR = 21;
const AIR = 46;

export type Slot = { x: number; mark: DayMark; height: number };
export type MonthLabel = { x: number; text: string; isYear: boolean };
export type Strip = {
  slots: Slot[];
  months: MonthLabel[];
  breaks: { x: number; days: number }[];
  width: number;
};

/** Lays the days out from left to right. Without material at all the strip is empty. */
export function layOutStrip(marks: readonly DayMark[], tallest = 44): Strip {
  const full = fullDay(marks);
  const slots: Slot[] = [];
  const months: MonthLabel[] = [];
  const breaks: Strip["breaks"] = [];
  let x = 0;
  let previous: DayMark | null = null;
  let labelled = "";
  let labelledYear = "";
  for (const mark of marks) {
    if (previous) {
      const apart = daysBetween(previous.day, mark.day);
      if (apart - 1 > LONGEST_AIR) {
        breaks.push({ x: x + STEP + AIR / 2, days: apart - 1 });
        x += STEP + AIR;
      } else {
        for (let k = 1; k < apart; k++) label(addDays(previous.day, k), x + k * STEP);
        x += apart * STEP;
      }
    }
    label(mark.day, x);
    slots.push({ x, mark, height: barHeight(mark, full, tallest) });
    previous = mark;
  }
  return { slots, months, breaks, width: slots.length ? x + STEP : 0 };

  function label(day: string, at: number): void {
    const last = months[months.length - 1];
    if (labelled === day.slice(0, 7)) return;
    labelled = day.slice(0, 7);
    const isYear = !last || labelledYear !== day.slice(0, 4);
    labelledYear = day.slice(0, 4);
    const text = isYear ? `${monthName(day)} ${Number(day.slice(0, 4))}` : monthName(day);
    // A label that would run into the one before it is left out rather than made unreadable.
    if (last && at - last.x < (last.isYear ? 62 : 34)) {
      if (!isYear) return;
      months.pop();
    }
    months.push({ x: at, text, isYear });
  }
}

const SHORTEST = 8;

function weight(mark: DayMark): number {
  return mark.n_moments * 2 + Math.sqrt(mark.n_chunks);
}

/** What counts as a full day in this journal: one in twenty days is fuller, and drawn no higher. */
function fullDay(marks: readonly DayMark[]): number {
  const weights = marks.map(weight).sort((a, b) => a - b);
  return Math.max(4, weights[Math.floor((weights.length - 1) * 0.95)] ?? 0);
}

function barHeight(mark: DayMark, full: number, tallest: number): number {
  const share = Math.min(1, weight(mark) / full);
  return Math.round(SHORTEST + (tallest - SHORTEST) * share ** 1.15);
}

/** The month that stands at the left edge, for a label that stays while the strip is moved. */
export function monthAt(slots: readonly Slot[], left: number): string | null {
  return slots[Math.max(0, firstAtOrAfter(slots, left))]?.mark.day ?? null;
}

/** The slots between two edges, with a few beyond them. */
export function visibleSlots(slots: readonly Slot[], left: number, right: number): Slot[] {
  const from = firstAtOrAfter(slots, left - STEP * 4);
  const until = firstAtOrAfter(slots, right + STEP * 4);
  return slots.slice(from, until);
}

/** The slot of a day, or the nearest one to it. */
export function slotOfDay(slots: readonly Slot[], day: string): number {
  if (!slots.length) return -1;
  let low = 0;
  let high = slots.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (slots[middle]!.mark.day < day) low = middle + 1;
    else high = middle;
  }
  const before = slots[low - 1];
  if (before && slots[low]!.mark.day !== day) {
    const isNearer =
      daysBetween(before.mark.day, day) <= Math.abs(daysBetween(day, slots[low]!.mark.day));
    if (isNearer) return low - 1;
  }
  return low;
}

/** The slot under a place on the strip, if it is close to one. */
export function slotAt(slots: readonly Slot[], x: number): Slot | null {
  const index = firstAtOrAfter(slots, x - STEP + 1);
  const slot = slots[index];
  return slot && x >= slot.x - 2 && x < slot.x + STEP ? slot : null;
}

function firstAtOrAfter(slots: readonly Slot[], x: number): number {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (slots[middle]!.x < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
