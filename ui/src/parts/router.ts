/** Addresses of the window: what stands behind the `#`, so that reload and back work. */
import type { Scope } from "$bindings";
import { isDay } from "./time";

export type Route =
  | { view: "timeline"; day: string | null; moment: number | null }
  | { view: "moment"; id: number }
  | { view: "record"; id: number; moment: number | null }
  | { view: "search"; q: string; scope: Scope; since: string | null; until: string | null }
  | { view: "sources" }
  | { view: "settings"; part: SettingsPart };

export type SettingsPart = "general" | "mind";

const SCOPES: readonly Scope[] = ["all", "moments", "notes", "messages"];
export const HOME: Route = { view: "timeline", day: null, moment: null };

/** Reads an address. One that means nothing is the timeline, never an error. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const steps = path.split("/").filter(Boolean);
  const ask = new URLSearchParams(query);
  const [view, first, second, third] = steps;
  if (view === "day" && isDay(first)) {
    return { view: "timeline", day: first, moment: second === "moment" ? id(third) : null };
  }
  if (view === "moment") {
    const moment = id(first);
    return moment === null ? HOME : { view: "moment", id: moment };
  }
  if (view === "record") {
    const record = id(first);
    return record === null ? HOME : { view: "record", id: record, moment: id(ask.get("moment")) };
  }
  if (view === "search") {
    const scope = SCOPES.find((scope) => scope === ask.get("in")) ?? "all";
    const day = (name: string) => (isDay(ask.get(name)) ? ask.get(name) : null);
    return { view, q: ask.get("q") ?? "", scope, since: day("since"), until: day("until") };
  }
  if (view === "settings") return { view, part: first === "mind" ? "mind" : "general" };
  if (view === "sources") return { view };
  return HOME;
}

export function link(route: Route): string {
  switch (route.view) {
    case "timeline":
      if (!route.day) return "#/";
      return `#/day/${route.day}${route.moment === null ? "" : `/moment/${route.moment}`}`;
    case "moment":
      return `#/moment/${route.id}`;
    case "record":
      return `#/record/${route.id}${route.moment === null ? "" : `?moment=${route.moment}`}`;
    case "search": {
      const ask = new URLSearchParams();
      if (route.q) ask.set("q", route.q);
      if (route.scope !== "all") ask.set("in", route.scope);
      if (route.since) ask.set("since", route.since);
      if (route.until) ask.set("until", route.until);
      const query = ask.toString();
      return `#/search${query ? `?${query}` : ""}`;
    }
    case "settings":
      return route.part === "general" ? "#/settings" : `#/settings/${route.part}`;
    case "sources":
      return "#/sources";
  }
}

function id(text: string | null | undefined): number | null {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
