/** Looking back in the pretended journal: this day, streaks, people, moods, counted from its moments. */
import type { Commands, EmotionCount, MomentCard, PersonCard } from "$bindings";
import { HostError } from "../errors";
import type { Reply, Request } from "../types";
import { dayMarks } from "./days";
import { TODAY, type World } from "./make";

type BackCommand =
  | "on_this_day"
  | "show_streaks"
  | "list_moments_of"
  | "list_people"
  | "show_person"
  | "mood_by_topic"
  | "mood_by_hour"
  | "productive_stretches";

type Answers = { [N in BackCommand & keyof Commands]: (request: Request<N>) => Reply<N> };

export function fakeBack(world: () => World): Answers {
  const cards = (): MomentCard[] =>
    [...world().moments.values()]
      .map(({ moment }) => moment)
      .filter((moment) => !moment.is_hidden)
      .sort((a, b) => b.starts_at - a.starts_at);
  const felt = (moments: MomentCard[]) => moments.filter((moment) => moment.emotions.length > 0);
  const mean = (moments: MomentCard[]) =>
    moments.length
      ? moments.reduce((sum, moment) => sum + moment.valence, 0) / moments.length
      : null;
  const counts = (moments: MomentCard[]): EmotionCount[] => {
    const n = new Map<string, number>();
    for (const { label } of moments.flatMap((moment) => moment.emotions)) {
      n.set(label, (n.get(label) ?? 0) + 1);
    }
    return [...n].map(([label, n]) => ({ label, n })).sort((a, b) => b.n - a.n);
  };
  const people = (): PersonCard[] =>
    [...new Set(cards().flatMap((moment) => moment.people))].map((name, n) => {
      const own = cards().filter((moment) => moment.people.includes(name));
      return {
        id: 200 + n,
        key: `person:${200 + n}`,
        name,
        n_moments: own.length,
        n_days: new Set(own.map((moment) => moment.day)).size,
        first_day: own.at(-1)?.day ?? TODAY,
        last_day: own[0]?.day ?? TODAY,
        n_felt: felt(own).length,
        valence: mean(felt(own)),
      };
    });
  return {
    on_this_day: ({ day }) => ({ day: day ?? TODAY, years: [], is_near: false, note: "" }),
    show_streaks: () => {
      const days = dayMarks(world(), null, null).map((mark) => mark.day);
      const streak = {
        current: days.length ? 2 : 0,
        current_since: days.at(-2) ?? null,
        has_today: days.at(-1) === TODAY,
        longest: days.length ? 9 : 0,
        longest_from: days[0] ?? null,
        longest_until: days.at(8) ?? null,
        n_days: days.length,
        n_last_30: Math.min(days.length, 27),
        first_day: days[0] ?? null,
        last_day: days.at(-1) ?? null,
      };
      return { today: TODAY, written: streak, moments: { ...streak } };
    },
    list_moments_of: ({ limit }) => ({ moments: cards().slice(0, limit || 50), next: null }),
    list_people: ({ query, limit, skip }) => {
      const found = people().filter(({ name }) => name.toLowerCase().includes(query.toLowerCase()));
      return { people: found.slice(skip, skip + (limit || 100)), n_total: found.length };
    },
    show_person: ({ name }) => {
      const person = people().find((one) => one.name === name || one.key === name);
      if (!person) throw new HostError("not-found", `there is no person “${name}”`);
      const moments = cards().filter((moment) => moment.people.includes(person.name));
      return {
        person,
        aliases: [],
        per_month: person.n_moments / 3,
        months: [
          {
            month: person.last_day.slice(0, 7),
            n_moments: person.n_moments,
            n_felt: person.n_felt,
            valence: person.valence,
          },
        ],
        valence_usual: mean(felt(cards())),
        n_felt_usual: felt(cards()).length,
        minutes: 60 * moments.length,
        approximate_minutes: 0,
        hours: [],
        story: moments
          .slice(0, 2)
          .map(({ day, id, summary }) => ({ day, moment_id: id, text: summary })),
        topics: [],
        people: [],
        moments: moments.slice(0, 50),
        next: null,
      };
    },
    mood_by_topic: ({ limit }) => {
      const tags = [...new Set(cards().flatMap((moment) => moment.tags))].slice(0, limit || 12);
      return {
        n_moments: cards().length,
        n_felt: felt(cards()).length,
        emotions: counts(cards()),
        topics: tags.map((name, n) => {
          const own = cards().filter((moment) => moment.tags.includes(name));
          return {
            topic: { id: 100 + n, name, n_moments: own.length },
            n_moments: own.length,
            n_felt: felt(own).length,
            valence: mean(felt(own)),
            emotions: counts(own),
          };
        }),
        n_left_out: 0,
      };
    },
    mood_by_hour: () => {
      const timed = cards().filter(
        ({ precision }) => precision === "exact" || precision === "hour",
      );
      const hourOf = (moment: MomentCard) =>
        new Date(moment.starts_at + moment.offset_minutes * 60_000).getUTCHours();
      const cells = new Map<string, MomentCard[]>();
      for (const moment of timed) {
        const key = `${hourOf(moment)} ${moment.moment_type}`;
        cells.set(key, [...(cells.get(key) ?? []), moment]);
      }
      return {
        n_moments: cards().length,
        n_without_hour: cards().length - timed.length,
        n_felt: felt(timed).length,
        cells: [...cells].map(([key, own]) => ({
          hour: Number(key.split(" ")[0]),
          moment_type: key.split(" ")[1] ?? "other",
          n_moments: own.length,
          n_felt: felt(own).length,
          valence: mean(felt(own)),
          emotions: counts(own),
        })),
        peaks: [],
        lows: [],
      };
    },
    productive_stretches: ({ limit }) => {
      const feelings = ["focused", "energetic", "determined", "proud"];
      const own = cards().filter((moment) =>
        moment.emotions.some(({ label }) => feelings.includes(label)),
      );
      const long = own
        .map((moment) => ({
          moment,
          minutes: Math.round((moment.ends_at - moment.starts_at) / 60_000),
          is_approximate: moment.precision !== "exact",
        }))
        .filter(({ minutes }) => minutes > 0)
        .sort((a, b) => b.minutes - a.minutes);
      return {
        stretches: long.slice(0, limit || 10),
        n_productive: long.length,
        n_without_length: own.length - long.length,
        feelings,
      };
    },
  };
}
