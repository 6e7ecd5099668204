/** Who the invented person is lately, and what they say of themselves. */
import type { ProfileEdit, ProfileInterest, ProfileView, Settings } from "$bindings";
import { HostError } from "../errors";
import type { Reply, Request } from "../types";
import { MIND, NOW } from "./make";

type Names = "show_profile" | "list_profile_versions" | "edit_profile";
type Answers = { [N in Names]: (request: Request<N>) => Reply<N> };

type Around = { isEmpty: () => boolean; settings: () => Settings; changed: () => void };

const FIRST_DAY = "2026-09-16";
const LAST_DAY = "2026-10-14";
const WEEKDAYS = [4, 4, 5, 4, 4, 4, 4];

const interest = (name: string, weight: number, lift: number): ProfileInterest => ({
  name,
  key: key(name),
  is_by_hand: false,
  weight,
  lift,
  n_days: Math.round(weight * 29),
  n_things: Math.round(weight * 41),
  first_day: "2026-07-20",
  last_day: LAST_DAY,
  evidence: [],
});

function key(name: string): string {
  return name.trim().toLowerCase().replaceAll(/\s+/g, "-");
}

function told(settings: Settings): ProfileView {
  const lines = [
    "Lately you have been busy with translation, the garden and the harmonium.",
    "More than usual you wrote about the harmonium.",
    "The people around you most were Aylin and Tomas.",
    "Most of what you write about begins between 8 and 11.",
  ];
  const hours = [0, 0, 0, 0, 0, 0, 2, 5, 14, 17, 12, 6, 4, 3, 5, 6, 4, 3, 7, 9, 6, 3, 1, 0];
  const person = (name: string, nDays: number, valence: number) => ({
    name,
    n_days: nDays,
    n_moments: nDays + 4,
    n_felt: nDays - 2,
    valence,
    first_day: "2026-07-20",
    last_day: LAST_DAY,
    evidence: [],
  });
  return {
    version: 3,
    is_newest: true,
    why_none: "",
    layer: "semantic",
    summary: lines.join(" "),
    is_summary_by_hand: false,
    lines: lines.map((text) => ({ text, n_things: 41, evidence: [] })),
    interests: [
      interest("translation", 0.62, 1),
      interest("garden", 0.41, 1.2),
      interest("harmonium", 0.34, 2.6),
    ],
    people: [person("Aylin", 14, 0.4), person("Tomas", 9, 0.1)],
    rhythms: [
      {
        activity_type: "",
        n_moments: 132,
        n_timed: 107,
        hours,
        weekdays: [22, 19, 21, 18, 20, 17, 15],
      },
    ],
    weekday_days: WEEKDAYS,
    n_felt: 63,
    valence: 0.21,
    valence_ever: 0.12,
    activity: {
      level: "active",
      counted: "active",
      n_days: 29,
      of_days: 30,
      n_records: 214,
      first_day: FIRST_DAY,
      last_day: LAST_DAY,
      active_days: settings.profile.active_days,
      moderate_days: settings.profile.moderate_days,
    },
    own_names: settings.own_names,
    language: "en",
    first_day: FIRST_DAY,
    last_day: LAST_DAY,
    n_days: 29,
    n_moments: 132,
    n_sessions: 6,
    n_resources: 48,
    mind: MIND,
    is_by_model: false,
    is_provisional: false,
    generated_at: NOW - 5 * 3_600_000,
    hidden_people: [],
    removed_interests: [],
  };
}

function none(settings: Settings): ProfileView {
  const view = told(settings);
  return {
    ...view,
    version: null,
    why_none: "there is too little yet: a profile needs 5 moments on 3 days, and there are 0 on 0",
    summary: "",
    lines: [],
    interests: [],
    people: [],
    rhythms: [],
    weekday_days: [0, 0, 0, 0, 0, 0, 0],
    n_felt: 0,
    valence: null,
    valence_ever: null,
    activity: {
      ...view.activity,
      level: "inactive",
      counted: "inactive",
      n_days: 0,
      n_records: 0,
      first_day: null,
      last_day: null,
    },
    language: "",
    first_day: "",
    last_day: "",
    n_days: 0,
    n_moments: 0,
    n_sessions: 0,
    n_resources: 0,
    mind: "",
    generated_at: null,
  };
}

export function fakeProfile({ isEmpty, settings, changed }: Around): Answers {
  let edits: ProfileEdit[] = [];

  const edited = (): ProfileView => {
    const first = isEmpty() ? none(settings()) : told(settings());
    return edits.reduce(lay, first);
  };

  return {
    show_profile: ({ version }) => {
      const view = edited();
      if (version !== null && version !== view.version) {
        throw new HostError("not-found", `There is no version ${version} of the profile.`);
      }
      return view;
    },
    list_profile_versions: () => {
      const view = edited();
      if (view.version === null) return [];
      const { version, mind, is_provisional, first_day, last_day, summary } = view;
      const generated_at = view.generated_at ?? NOW;
      return [{ version, generated_at, mind, is_provisional, first_day, last_day, summary }];
    },
    edit_profile: ({ edit }) => {
      edits =
        edit.edit === "reset" ? edits.filter((other) => !isAbout(other, edit)) : [...edits, edit];
      changed();
      return edited();
    },
  };
}

function isAbout(edit: ProfileEdit, reset: Extract<ProfileEdit, { edit: "reset" }>): boolean {
  const is = (name: string) => reset.name === null || key(reset.name) === key(name);
  switch (edit.edit) {
    case "summary":
    case "activity":
      return edit.edit === reset.field;
    case "hide_person":
      return reset.field === "person" && is(edit.name);
    case "rename_interest":
      return reset.field === "interest" && (is(edit.from) || is(edit.to));
    case "add_interest":
    case "remove_interest":
      return reset.field === "interest" && is(edit.name);
    case "reset":
      return false;
  }
}

function lay(view: ProfileView, edit: ProfileEdit): ProfileView {
  const others = (name: string) => view.interests.filter((one) => key(one.name) !== key(name));
  switch (edit.edit) {
    case "summary":
      return { ...view, summary: edit.text, is_summary_by_hand: true };
    case "activity":
      return { ...view, activity: { ...view.activity, level: edit.level } };
    case "add_interest": {
      const added = { ...interest(edit.name, 0, 0), is_by_hand: true, first_day: "", last_day: "" };
      return { ...view, interests: [added, ...others(edit.name)] };
    }
    case "remove_interest":
      return {
        ...view,
        interests: others(edit.name),
        removed_interests: [...view.removed_interests, edit.name],
      };
    case "rename_interest":
      return {
        ...view,
        interests: view.interests.map((one) =>
          key(one.name) === key(edit.from) ? { ...one, name: edit.to, is_by_hand: true } : one,
        ),
      };
    case "hide_person":
      return {
        ...view,
        people: view.people.filter((one) => key(one.name) !== key(edit.name)),
        lines: view.lines.filter((line) => !line.text.includes(edit.name)),
        hidden_people: [...view.hidden_people, edit.name],
      };
    case "reset":
      return view;
  }
}
