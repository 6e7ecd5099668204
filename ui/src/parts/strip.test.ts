import { describe, expect, it } from "vitest";
import type { DayMark } from "$bindings";
import { layOutStrip, slotAt, slotOfDay, STEP, visibleSlots } from "./strip";
import { addDays } from "./time";

const mark = (day: string, n = 3): DayMark => ({
  day,
  valence: 0.2,
  arousal: 0.3,
  n_moments: n,
  n_chunks: n * 2,
  state: "dreamt",
});
const run = (from: string, n: number) =>
  Array.from({ length: n }, (_, i) => mark(addDays(from, i), 1 + (i % 6)));

describe("the strip of days", () => {
  it("gives every day its place and leaves air for days without writing", () => {
    const { slots } = layOutStrip([mark("2026-10-01"), mark("2026-10-02"), mark("2026-10-05")]);
    expect(slots.map(({ x }) => x)).toEqual([0, STEP, 4 * STEP]);
  });

  it("draws years without writing as one piece of air", () => {
    const { breaks, width } = layOutStrip([mark("1660-01-01"), mark("2026-10-01")]);
    expect(breaks).toHaveLength(1);
    expect(width).toBeLessThan(200);
  });

  it("names months once, with the year where it changes", () => {
    const { months } = layOutStrip(run("2025-11-10", 90));
    expect(months.map(({ text }) => text)).toEqual(["Nov 2025", "Dec", "Jan 2026", "Feb"]);
  });

  it("draws fuller days higher", () => {
    const { slots } = layOutStrip([mark("2026-10-01", 1), mark("2026-10-02", 9)]);
    expect(slots[1]!.height).toBeGreaterThan(slots[0]!.height);
  });

  it("finds a day among ten years of them, and draws only what is seen", () => {
    const { slots } = layOutStrip(run("2016-01-01", 3653));
    const index = slotOfDay(slots, "2020-02-29");
    expect(slots[index]!.mark.day).toBe("2020-02-29");
    expect(visibleSlots(slots, 20_000, 21_000).length).toBeLessThan(90);
  });

  it("finds the nearest day to one without writing", () => {
    const { slots } = layOutStrip([mark("2026-10-01"), mark("2026-10-10")]);
    expect(slotOfDay(slots, "2026-10-03")).toBe(0);
    expect(slotOfDay(slots, "2026-10-08")).toBe(1);
    expect(slotOfDay([], "2026-10-08")).toBe(-1);
  });

  it("knows the day under the pointer, and that there is none in the air", () => {
    const { slots } = layOutStrip([mark("2026-10-01"), mark("2026-10-05")]);
    expect(slotAt(slots, 5)?.mark.day).toBe("2026-10-01");
    expect(slotAt(slots, 2 * STEP + 3)).toBeNull();
  });
});
