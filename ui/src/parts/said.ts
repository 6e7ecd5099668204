/** Times and dates as sentences: pure functions that join time and words. */
import type { DayMark, MomentCard } from "$bindings";
import { words } from "$words";
import { moodWord } from "./mood";
import { longDate, nearness, shortDate, timeSaid } from "./time";

export function momentTime(
  moment: Pick<MomentCard, "starts_at" | "ends_at" | "offset_minutes" | "precision">,
): string {
  const time = timeSaid(moment);
  if (time.kind === "sometime") return words.moment.sometime;
  if (time.kind === "around") return words.moment.around(time.start);
  return time.end ? words.moment.range(time.start, time.end) : time.start;
}

/** "tonight, 03:00", "yesterday, 22:10", "6 March, 03:04". */
export function nearTime(at: number, now: number, zone: string): string {
  const { clock, day, when } = nearness(at, now, zone);
  if (when !== "other") return words.dream[when](clock);
  return words.dream.other(shortDate(day, nearness(now, now, zone).day), clock);
}

/** What the strip says of a day. */
export function dayMarkSaid(mark: DayMark): string {
  const parts = [longDate(mark.day)];
  if (mark.state === "waiting") {
    parts.push(words.strip.pieces(mark.n_chunks), words.strip.waiting);
    return parts.join(", ");
  }
  parts.push(words.count.moments(mark.n_moments));
  if (mark.valence !== null) parts.push(words.mood[moodWord(mark.valence)]);
  if (mark.state === "stale") parts.push(words.strip.stale);
  return parts.join(", ");
}
