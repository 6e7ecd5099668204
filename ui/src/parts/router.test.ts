import { describe, expect, it } from "vitest";
import { HOME, link, parseRoute, type Route } from "./router";

describe("addresses", () => {
  const routes: Route[] = [
    HOME,
    { view: "timeline", day: "2026-10-14", moment: null },
    { view: "timeline", day: "1660-01-01", moment: 12 },
    { view: "moment", id: 7 },
    { view: "record", id: 5, moment: null },
    { view: "record", id: 5, moment: 12 },
    { view: "search", q: "“say it” & more? #1", scope: "notes", since: "2026-01-01", until: null },
    { view: "search", q: "", scope: "all", since: null, until: null },
    { view: "sources" },
    { view: "settings", part: "general" },
    { view: "settings", part: "mind" },
  ];

  it("come back as the place they were made from", () => {
    for (const route of routes) expect(parseRoute(link(route))).toEqual(route);
  });

  it("look as one would write them", () => {
    expect(link({ view: "timeline", day: "2026-10-14", moment: 12 })).toBe(
      "#/day/2026-10-14/moment/12",
    );
    expect(link({ view: "record", id: 5, moment: null })).toBe("#/record/5");
    expect(link({ view: "settings", part: "general" })).toBe("#/settings");
    expect(link({ view: "settings", part: "mind" })).toBe("#/settings/mind");
  });

  it("that mean nothing lead to the timeline", () => {
    for (const hash of ["", "#", "#/nowhere", "#/day/2026-13-40", "#/record/x", "#/moment/-1"]) {
      expect(parseRoute(hash)).toEqual(HOME);
    }
  });

  it("leave out what cannot be, and keep the rest", () => {
    expect(parseRoute("#/settings/attic")).toEqual({ view: "settings", part: "general" });
    expect(parseRoute("#/search?q=boat&in=attic&since=yesterday")).toEqual({
      view: "search",
      q: "boat",
      scope: "all",
      since: null,
      until: null,
    });
    expect(parseRoute("#/day/2026-10-14/moment/abc")).toEqual({
      view: "timeline",
      day: "2026-10-14",
      moment: null,
    });
  });
});
