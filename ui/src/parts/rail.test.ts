import { describe, expect, it } from "vitest";
import type { MomentCard, Precision } from "$bindings";
import { layOutRail, type Block } from "./rail";
import { dayStart, MINUTE } from "./time";

const DAY = "2026-10-14";
let nextId = 1;

function moment(from: string, until = from, more: Partial<MomentCard> = {}): MomentCard {
  const instant = (text: string) => {
    const [hours = 0, minutes = 0] = text.split(":").map(Number);
    return dayStart(DAY) + (hours * 60 + minutes - 120) * MINUTE;
  };
  return {
    id: nextId++,
    day: DAY,
    starts_at: instant(from),
    ends_at: instant(until),
    offset_minutes: 120,
    precision: "exact" as Precision,
    moment_type: "other",
    title: from,
    summary: "",
    outcome: "",
    tags: [],
    people: [],
    emotions: [],
    valence: 0,
    arousal: 0.3,
    is_pinned: false,
    is_hidden: false,
    is_corrected: false,
    sources: [],
    ...more,
  };
}

const lay = (moments: MomentCard[], maxColumns = 3, height = 100) =>
  layOutRail(moments, { day: DAY, maxColumns, heightOf: () => height });

const covers = (a: Block, b: Block) =>
  a.top < b.top + b.height &&
  b.top < a.top + a.height &&
  a.column / a.columns < (b.column + 1) / b.columns &&
  b.column / b.columns < (a.column + 1) / a.columns;

function expectNoCover(blocks: Block[]): void {
  for (const [i, a] of blocks.entries()) {
    for (const b of blocks.slice(i + 1)) {
      expect(covers(a, b), `${a.moment.title} covers ${b.moment.title}`).toBe(false);
    }
  }
}

describe("the rail of hours", () => {
  it("puts moments that follow each other below each other, over the full width", () => {
    const { blocks } = lay([moment("09:00", "10:00"), moment("10:00", "11:00")]);
    expect(blocks.map(({ columns }) => columns)).toEqual([1, 1]);
    expectNoCover(blocks);
  });

  it("puts overlapping moments side by side", () => {
    const { blocks } = lay([moment("09:00", "11:00"), moment("10:00", "12:00")]);
    expect(blocks.map(({ column, columns }) => [column, columns])).toEqual([
      [0, 2],
      [1, 2],
    ]);
    expect(blocks[1]!.top).toBeGreaterThan(blocks[0]!.top);
  });

  it("gives a moment that begins when another ends the same column again", () => {
    const { blocks } = lay([
      moment("09:00", "12:00"),
      moment("09:30", "10:00"),
      moment("10:00", "11:00"),
    ]);
    expect(blocks.map(({ column }) => column)).toEqual([0, 1, 1]);
    expectNoCover(blocks);
  });

  it("stacks what has no room beside the others, covering nothing", () => {
    const many = Array.from({ length: 5 }, (_, i) => moment(`09:${i}0`, "11:00"));
    const { blocks } = lay(many, 2);
    expect(Math.max(...blocks.map(({ columns }) => columns))).toBe(2);
    expectNoCover(blocks);
  });

  it("stacks two moments of the same minute in their order", () => {
    const { blocks } = lay([moment("09:00"), moment("09:00")]);
    expect(blocks[1]!.top).toBeGreaterThanOrEqual(blocks[0]!.top + 100);
  });

  it("stretches time where short moments crowd, so that no card covers another", () => {
    const crowd = Array.from({ length: 40 }, (_, i) =>
      moment(`${8 + Math.floor(i / 4)}:${(i % 4) * 15}`, `${8 + Math.floor(i / 4)}:59`),
    );
    const { blocks, height } = lay(crowd);
    expectNoCover(blocks);
    expect(height).toBeGreaterThanOrEqual(Math.max(...blocks.map((b) => b.top + b.height)));
  });

  it("never puts a later moment higher than an earlier one", () => {
    const { blocks } = lay([moment("13:00", "18:00"), moment("09:00"), moment("14:00", "14:05")]);
    const tops = blocks.map(({ top }) => top);
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    expect(blocks.map((b) => b.moment.title)).toEqual(["09:00", "13:00", "14:00"]);
  });

  it("folds hours in which nothing happens, and says how many", () => {
    const { folds, ticks, height } = lay([moment("08:00", "09:00"), moment("17:00", "18:00")]);
    expect(folds).toHaveLength(1);
    expect(folds[0]!.hours).toBe(8);
    expect(ticks.some(({ minutes }) => minutes === 13 * 60)).toBe(false);
    expect(height).toBeLessThan(400);
  });

  it("does not fold a pause that belongs to something going on", () => {
    const { folds } = lay([moment("08:00", "18:00"), moment("16:00", "16:30")]);
    expect(folds).toHaveLength(0);
  });

  it("draws a longer moment longer", () => {
    const { blocks } = lay([moment("08:00", "08:30"), moment("10:00", "15:00")], 3, 40);
    expect(blocks[1]!.lineHeight).toBeGreaterThan(blocks[0]!.lineHeight);
    expect(blocks[1]!.height).toBeGreaterThan(40);
  });

  it("keeps moments without a time of day off the rail", () => {
    const rail = lay([moment("00:00", "00:00", { precision: "day" }), moment("09:00")]);
    expect(rail.sometime).toHaveLength(1);
    expect(rail.blocks).toHaveLength(1);
    expect(lay([moment("00:00", "00:00", { precision: "unknown" })]).height).toBe(0);
  });

  it("marks approximate hours and gives them no length", () => {
    const { blocks } = lay([moment("15:00", "17:00", { precision: "hour" })]);
    expect(blocks[0]).toMatchObject({ isApproximate: true, lineHeight: 0 });
  });

  it("shows the hours of the night after as hours, in order", () => {
    const { ticks } = lay([moment("23:00", "26:00"), moment("26:30", "27:30")]);
    expect(ticks.map(({ minutes }) => minutes % 1440)).toContain(60);
    const ys = ticks.map(({ y }) => y);
    expect(ys).toEqual([...ys].sort((a, b) => a - b));
  });

  it("keeps a moment's real length over a clock change", () => {
    const start = Date.parse("2026-10-25T00:50:00Z");
    const change = moment("00:00", "00:00", {
      day: "2026-10-25",
      starts_at: start,
      ends_at: start + 20 * MINUTE,
    });
    const rail = layOutRail([change], { day: "2026-10-25", maxColumns: 1, heightOf: () => 10 });
    expect(rail.blocks[0]!.lineHeight).toBeCloseTo((20 * 44) / 60);
  });
});
