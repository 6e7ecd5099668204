/**
 * Where the moments of a day stand on the rail of hours. Time is elastic: it runs at an even pace where
 * there is room, stretches where many things happen close together so that no card covers another,
 * and folds where nothing happens. Order is never changed and a later instant is never higher.
 */
import type { MomentCard } from "$bindings";
import { MINUTE, minutesInto } from "./time";

export type RailOptions = {
  day: string;
  /** How many cards fit side by side. */
  maxColumns: number;
  /** How high a card is, once it was drawn; a guess before. */
  heightOf: (moment: MomentCard) => number;
};

export type Block = {
  moment: MomentCard;
  top: number;
  height: number;
  /** The stretch on the line itself, which shows the length even where the card is taller. */
  lineHeight: number;
  column: number;
  columns: number;
  isApproximate: boolean;
};

export type Tick = { y: number; minutes: number };
export type Fold = { y: number; height: number; hours: number; from: number; until: number };
export type Rail = {
  blocks: Block[];
  ticks: Tick[];
  folds: Fold[];
  height: number;
  /** Moments without a time of day; they have no place on the rail. */
  sometime: MomentCard[];
};

const PER_MINUTE = 44 / 60;
/** What goes on alone for longer than this runs at a third of the pace. */
const LONG = 120;
const FOLD_FROM = 150;
const FOLD_HEIGHT = 46;
const GAP = 10;
const TICK_ROOM = 20;

type Placed = { moment: MomentCard; start: number; end: number; column: number; columns: number };
type Knot = { at: number; y: number };

export function hasTimeOfDay(moment: MomentCard): boolean {
  return moment.precision === "exact" || moment.precision === "hour";
}

export function layOutRail(moments: readonly MomentCard[], options: RailOptions): Rail {
  const sometime = moments.filter((moment) => !hasTimeOfDay(moment));
  const placed = inColumns(
    moments.filter(hasTimeOfDay).map((moment) => spanOf(moment, options.day)),
    Math.max(1, options.maxColumns),
  );
  if (!placed.length) return { blocks: [], ticks: [], folds: [], height: 0, sometime };

  const tops = new Map<Placed, number>();
  const lineEnds = new Map<Placed, number>();
  const bottoms: { placed: Placed; bottom: number }[] = [];
  const knots: Knot[] = [];
  const folds: Fold[] = [];
  let y = 8;
  let at = placed[0]!.start;
  let busyUntil = at;

  for (const event of eventsOf(placed)) {
    if (event.at > at) {
      const floor = lowest(bottoms);
      if (at >= busyUntil && event.at - at >= FOLD_FROM) {
        const top = Math.max(y, floor + GAP);
        knots.push({ at, y }, { at: event.at, y: top + FOLD_HEIGHT });
        const hours = Math.round((event.at - at) / 60);
        folds.push({ y: top, height: FOLD_HEIGHT, hours, from: at, until: event.at });
        y = top + FOLD_HEIGHT;
      } else {
        y += pace(event.at - at);
      }
      at = event.at;
    }
    if (event.starts) {
      for (const above of bottoms) {
        if (conflicts(above.placed, event.placed)) y = Math.max(y, above.bottom + GAP);
      }
      tops.set(event.placed, y);
      bottoms.push({ placed: event.placed, bottom: y + options.heightOf(event.placed.moment) });
      busyUntil = Math.max(busyUntil, event.placed.end);
    } else {
      lineEnds.set(event.placed, y);
    }
    knots.push({ at, y });
  }

  const blocks = placed.map((one): Block => {
    const top = tops.get(one) ?? 0;
    const lineHeight = Math.max(0, (lineEnds.get(one) ?? top) - top);
    // As long as it lasted, unless another card had to be put below it before its end.
    const room = Math.min(
      lineHeight,
      ...placed.flatMap((other) => {
        const below = (tops.get(other) ?? 0) - top;
        return other !== one && below > 0 && conflicts(one, other) ? [below] : [];
      }),
    );
    return {
      moment: one.moment,
      top,
      height: Math.max(options.heightOf(one.moment), room - GAP),
      lineHeight,
      column: one.column,
      columns: one.columns,
      isApproximate: one.moment.precision === "hour",
    };
  });
  const height = Math.max(y, ...blocks.map((block) => block.top + block.height)) + 16;
  return { blocks, ticks: ticksOf(knots, folds), folds, height, sometime };
}

function spanOf(moment: MomentCard, day: string): Placed {
  const start = minutesInto(day, moment.starts_at, moment.offset_minutes);
  // The real length, not the clocks' difference: a clock change in between must not shorten it.
  const length = Math.max(0, (moment.ends_at - moment.starts_at) / MINUTE);
  const isPoint = moment.precision === "hour";
  return { moment, start, end: start + (isPoint ? 0 : length), column: 0, columns: 1 };
}

/** Puts what overlaps side by side, as far as there is room; the rest stands below. */
function inColumns(spans: Placed[], maxColumns: number): Placed[] {
  const sorted = [...spans].sort(
    (a, b) => a.start - b.start || b.end - a.end || a.moment.id - b.moment.id,
  );
  let group: Placed[] = [];
  let groupEnd = -Infinity;
  let ends: number[] = [];
  const close = () => {
    for (const one of group) one.columns = Math.max(1, ends.length);
    group = [];
    ends = [];
  };
  for (const one of sorted) {
    if (one.start >= groupEnd) close();
    const free = ends.findIndex((end) => end <= one.start);
    if (free >= 0) one.column = free;
    else if (ends.length < maxColumns) one.column = ends.length;
    else one.column = ends.indexOf(Math.min(...ends));
    ends[one.column] = Math.max(ends[one.column] ?? -Infinity, one.end);
    group.push(one);
    groupEnd = Math.max(groupEnd, one.end);
  }
  close();
  return sorted;
}

function eventsOf(placed: Placed[]): { at: number; starts: boolean; placed: Placed }[] {
  return placed
    .flatMap((one) => [
      { at: one.start, starts: true, placed: one },
      { at: one.end, starts: false, placed: one },
    ])
    .sort((a, b) => a.at - b.at || Number(a.starts) - Number(b.starts));
}

function conflicts(above: Placed, below: Placed): boolean {
  const left = above.column / above.columns;
  const right = (above.column + 1) / above.columns;
  const from = below.column / below.columns;
  const until = (below.column + 1) / below.columns;
  return left < until - 1e-9 && from < right - 1e-9;
}

function lowest(bottoms: { bottom: number }[]): number {
  return Math.max(0, ...bottoms.map(({ bottom }) => bottom));
}

function pace(minutes: number): number {
  const even = Math.min(minutes, LONG);
  return (even + (minutes - even) / 3) * PER_MINUTE;
}

/** Full hours between the first and the last knot, where they can be read. */
function ticksOf(knots: readonly Knot[], folds: readonly Fold[]): Tick[] {
  const ticks: Tick[] = [];
  const [first, last] = [knots[0]!, knots[knots.length - 1]!];
  for (let hour = Math.ceil(first.at / 60); hour <= Math.ceil(last.at / 60); hour++) {
    const minutes = hour * 60;
    const y = tickY(knots, minutes);
    const isFolded = folds.some((fold) => minutes > fold.from && minutes < fold.until);
    const previous = ticks[ticks.length - 1];
    if (!isFolded && !(previous && y - previous.y < TICK_ROOM)) ticks.push({ y, minutes });
  }
  return ticks;
}

function tickY(knots: readonly Knot[], at: number): number {
  const first = knots[0]!;
  if (at <= first.at) return first.y;
  for (let i = 1; i < knots.length; i++) {
    const [low, high] = [knots[i - 1]!, knots[i]!];
    if (at <= high.at && high.at > low.at) {
      return low.y + ((high.y - low.y) * (at - low.at)) / (high.at - low.at);
    }
  }
  const last = knots[knots.length - 1]!;
  return last.y + (at - last.at) * PER_MINUTE;
}
