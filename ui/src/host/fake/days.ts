import type { DayMark, DayView, MomentCard } from "$bindings";
import { MIND, type FakeDay, type World } from "./make";

function byDay(world: World): Map<string, MomentCard[]> {
  const found = new Map<string, MomentCard[]>();
  for (const { moment } of world.moments.values()) {
    const day = found.get(moment.day);
    if (day) day.push(moment);
    else found.set(moment.day, [moment]);
  }
  return found;
}

function momentsOf(all: Map<string, MomentCard[]>, day: FakeDay): MomentCard[] {
  if (day.state === "waiting") return [];
  return [...(all.get(day.day) ?? [])].sort((a, b) => a.starts_at - b.starts_at);
}

function mean(numbers: number[]): number | null {
  return numbers.length ? numbers.reduce((sum, n) => sum + n, 0) / numbers.length : null;
}

export function dayMarks(world: World, from: string | null, until: string | null): DayMark[] {
  const all = byDay(world);
  return [...world.days.values()]
    .filter(({ day }) => (!from || day >= from) && (!until || day <= until))
    .sort((a, b) => a.day.localeCompare(b.day))
    .map((day) => {
      const moments = momentsOf(all, day).filter((moment) => !moment.is_hidden);
      return {
        day: day.day,
        valence: mean(moments.map((moment) => moment.valence)),
        arousal: mean(moments.map((moment) => moment.arousal)),
        n_moments: moments.length,
        n_chunks: day.nChunks,
        state: day.state,
      };
    });
}

export function dayView(world: World, day: string, withHidden: boolean): DayView {
  const days = [...world.days.keys()].sort();
  const found = world.days.get(day);
  const all = found ? momentsOf(byDay(world), found) : [];
  const shown = all.filter((moment) => withHidden || !moment.is_hidden);
  return {
    day,
    summary: found && found.state !== "waiting" ? found.summary : null,
    state: found?.state ?? "empty",
    dreamt_at:
      found && found.state !== "waiting" ? Date.parse(`${day}T01:04:00Z`) + 86_400_000 : null,
    mind: found && found.state !== "waiting" ? (found.mind ?? MIND) : null,
    offset_minutes: found?.offset ?? 120,
    valence: mean(all.map((moment) => moment.valence)),
    arousal: mean(all.map((moment) => moment.arousal)),
    n_notes: found?.nNotes ?? 0,
    n_sessions: found?.nSessions ?? 0,
    n_messages: found?.nMessages ?? 0,
    n_hidden: all.filter((moment) => moment.is_hidden).length,
    moments: [...shown].sort(
      (a, b) => Number(a.precision !== "day") - Number(b.precision !== "day"),
    ),
    previous_day: days.filter((other) => other < day).at(-1) ?? null,
    next_day: days.find((other) => other > day) ?? null,
  };
}
