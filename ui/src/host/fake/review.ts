import type { KindHours, MomentCard, PeriodKind, ReviewView } from "$bindings";
import { MIND, NOW, TODAY, type World } from "./make";

const DAY = 86_400_000;
const MINUTE = 60_000;

const iso = (time: number) => new Date(time).toISOString().slice(0, 10);

/** First and last day; the pretended week begins on Monday. */
function spanOf(kind: PeriodKind, day: string): [string, string] {
  const at = new Date(`${day}T00:00:00Z`);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  if (kind === "year") return [`${year}-01-01`, `${year}-12-31`];
  if (kind === "month") return [iso(Date.UTC(year, month, 1)), iso(Date.UTC(year, month + 1, 0))];
  const monday = at.getTime() - ((at.getUTCDay() + 6) % 7) * DAY;
  return [iso(monday), iso(monday + 6 * DAY)];
}

/** Minutes that at least one moment covers. */
function minutes(moments: MomentCard[], precision: "exact" | "hour"): number {
  const isCounted = (moment: MomentCard) =>
    moment.precision === "exact" || (precision === "hour" && moment.precision === "hour");
  const stretches = moments.filter(isCounted).sort((a, b) => a.starts_at - b.starts_at);
  let [sum, reached] = [0, -Infinity];
  for (const { starts_at, ends_at } of stretches) {
    sum += Math.max(0, ends_at - Math.max(starts_at, reached));
    reached = Math.max(reached, ends_at);
  }
  return Math.round(sum / MINUTE);
}

function hoursOf(moment_type: string, moments: MomentCard[]): KindHours {
  const exact = minutes(moments, "exact");
  return {
    moment_type,
    n_moments: moments.length,
    n_without_length: moments.filter((moment) => moment.ends_at === moment.starts_at).length,
    minutes: exact,
    approximate_minutes: minutes(moments, "hour") - exact,
  };
}

function counted(names: string[]): { name: string; n_moments: number }[] {
  const found = new Map<string, number>();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return [...found]
    .map(([name, n_moments]) => ({ name, n_moments }))
    .sort((a, b) => b.n_moments - a.n_moments || a.name.localeCompare(b.name))
    .slice(0, 20);
}

const mean = (numbers: number[]) =>
  numbers.length ? numbers.reduce((sum, n) => sum + n, 0) / numbers.length : null;

export function reviewView(world: World, kind: PeriodKind, asked: string | null): ReviewView {
  const [starts_on, ends_on] = spanOf(kind, asked ?? TODAY);
  const all = [...world.moments.values()]
    .map(({ moment }) => moment)
    .filter((moment) => !moment.is_hidden && world.days.get(moment.day)?.state !== "waiting")
    .sort((a, b) => a.day.localeCompare(b.day) || a.starts_at - b.starts_at);
  const own = all.filter(({ day }) => day >= starts_on && day <= ends_on);
  const days = [...new Set(own.map((moment) => moment.day))];
  const kinds = [...new Set(own.map((moment) => moment.moment_type))];
  const ended = own.filter((moment) => moment.outcome);
  const exact = minutes(own, "exact");
  const perDay = counted(ended.map((moment) => moment.day));
  const stories = days.map((day) => world.days.get(day)?.summary ?? "").filter(Boolean);
  return {
    kind,
    starts_on,
    ends_on,
    state: own.length ? "told" : "empty",
    is_running: starts_on <= TODAY && TODAY <= ends_on,
    is_thin: own.length > 0 && days.length < (kind === "week" ? 2 : 3),
    title: own[0]?.title ?? "",
    summary: stories.slice(0, 3).join(" "),
    language: own.length ? "en" : "",
    mind: own.length ? MIND : "",
    is_by_model: false,
    is_provisional: false,
    told_at: own.length ? NOW : null,
    valence: mean(own.map((moment) => moment.valence)),
    arousal: mean(own.map((moment) => moment.arousal)),
    n_days: days.length,
    n_days_waiting: 0,
    n_moments: own.length,
    n_records: own.length,
    minutes: exact,
    approximate_minutes: minutes(own, "hour") - exact,
    hours: kinds
      .map((name) =>
        hoursOf(
          name,
          own.filter((moment) => moment.moment_type === name),
        ),
      )
      .sort((a, b) => b.minutes - a.minutes || b.n_moments - a.n_moments),
    n_outcomes: ended.length,
    outcomes: ended.slice(0, 7).map(({ id, day, title, outcome }) => ({
      moment_id: id,
      day,
      title,
      outcome,
    })),
    people: counted(own.flatMap((moment) => moment.people)),
    topics: counted(own.flatMap((moment) => moment.tags)),
    best_day: perDay[0]
      ? { day: perDay[0].name, n_outcomes: perDay[0].n_moments, minutes: 0 }
      : null,
    differences: { n_periods: 0, hours: [], new_people: [], text: "" },
    previous: all.filter(({ day }) => day < starts_on).at(-1)?.day ?? null,
    next: all.find(({ day }) => day > ends_on)?.day ?? null,
  };
}
