import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { expectAccessible, lastCall, openWindow } from "./help";

const cards = () => screen.findAllByTestId("moment-card");
const titles = async () =>
  (await cards()).map((card) => within(card).getByRole("heading").textContent?.trim());

describe("the timeline", () => {
  it("opens on the last day that has something in it", async () => {
    openWindow("#/");
    expect(await screen.findByTestId("day-title")).toHaveTextContent("15 October 2026");
  });

  it("tells a day with its story, its sources and its moments in order", async () => {
    openWindow("#/day/2026-10-14");
    expect(await screen.findByTestId("day-story")).toHaveTextContent("the storm chapter grew");
    expect(screen.getByText(/7 moments from 1 note and 2 conversations/)).toBeInTheDocument();
    expect((await titles()).slice(1, 4)).toEqual([
      "Run along the harbour",
      "Chapter nine, the storm",
      "Lunch with Aylin by the water",
    ]);
    await expectAccessible();
  });

  it("puts what has no time of day above the hours", async () => {
    openWindow("#/day/2026-10-14");
    const group = await screen.findByRole("region", { name: "Sometime this day" });
    expect(within(group).getByText("A word for the sea at rest")).toBeInTheDocument();
  });

  it("says that a day is waiting, and dreams it when asked", async () => {
    const host = openWindow("#/day/2026-10-15");
    expect(await screen.findByText(/new pieces of writing, not dreamt yet/)).toBeInTheDocument();
    await userEvent.click(screen.getByTestId("dream-day"));
    expect(lastCall(host, "start_dream")).toMatchObject({
      start: "2026-10-15",
      end: "2026-10-15",
      cause: "now",
    });
    expect(await screen.findByTestId("day-story")).toBeInTheDocument();
    expect(await screen.findByText(/1 day, 3 moments new/, { selector: "p" })).toBeInTheDocument();
  });

  it("leads from a day without writing to the nearest one with something", async () => {
    openWindow("#/day/2020-01-01");
    expect(await screen.findByTestId("day-empty")).toHaveTextContent("Nothing was written");
    expect(screen.getByRole("link", { name: "Go there" })).toHaveAttribute(
      "href",
      expect.stringContaining("#/day/2026-07"),
    );
  });

  it("is walked through by keys alone", async () => {
    const user = userEvent.setup();
    openWindow("#/day/2026-10-14");
    await cards();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(document.activeElement).toHaveTextContent("Run along the harbour");
    await user.keyboard("{Enter}");
    const link = document.activeElement as HTMLAnchorElement;
    expect(link.getAttribute("href")).toMatch(/moment\/\d+$/);
    await user.keyboard("{ArrowLeft}");
    expect(await screen.findByRole("heading", { level: 1 })).toHaveTextContent("13 October");
    await user.keyboard("t");
    await waitFor(() =>
      expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("15 October"),
    );
  });

  it("pins and hides the chosen moment by key, and hiding can be undone", async () => {
    const user = userEvent.setup();
    const host = openWindow("#/day/2026-10-14");
    await cards();
    await user.keyboard("{ArrowDown}{ArrowDown}p");
    await waitFor(() =>
      expect(lastCall(host, "correct_moment")).toMatchObject({
        correction: { field: "pinned", pinned: true },
      }),
    );
    await user.keyboard("h");
    expect(await screen.findByText(/It stays hidden/)).toBeInTheDocument();
    await waitFor(async () => expect(await titles()).not.toContain("Run along the harbour"));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(async () => expect(await titles()).toContain("Run along the harbour"));
  });

  it("lists its keys when asked", async () => {
    const user = userEvent.setup();
    openWindow("#/day/2026-10-14");
    await cards();
    await user.keyboard("?");
    const sheet = await screen.findByTestId("keys");
    expect(sheet).toHaveTextContent("Earlier or later day");
    await expectAccessible(sheet);
  });

  it("lets the strip of days be moved like a slider", async () => {
    const user = userEvent.setup();
    openWindow("#/day/2026-10-14");
    const strip = await screen.findByRole("slider", { name: "Days" });
    expect(strip).toHaveAttribute(
      "aria-valuetext",
      expect.stringContaining("Wednesday 14 October"),
    );
    strip.focus();
    await user.keyboard("{Home}");
    await waitFor(() =>
      expect(screen.getByRole("heading", { level: 1 })).not.toHaveTextContent("October"),
    );
  });

  it("shows hidden moments only when asked for them", async () => {
    const host = openWindow("#/day/2026-10-14");
    const [, first] = await cards();
    const id = Number(first!.dataset.moment);
    await host.call("correct_moment", { id, correction: { field: "hidden", hidden: true } });
    await userEvent.click(await screen.findByTestId("hidden-toggle"));
    await waitFor(() => expect(lastCall(host, "show_day")).toMatchObject({ with_hidden: true }));
  });

  it("keeps its calm when the journal does not answer", async () => {
    const host = openWindow("#/day/2026-10-14");
    await cards();
    host.failNext("show_day", "the disk does not answer");
    host.emit({ event: "journal-changed", days: [] });
    expect(await screen.findByTestId("problem")).toHaveTextContent("the disk does not answer");
    expect(await cards()).toHaveLength(7);
  });
});

describe("the dream card", () => {
  it("says when the next dream comes and how the last one was", async () => {
    openWindow("#/day/2026-10-14");
    const card = await screen.findByTestId("dream-card");
    await waitFor(() => expect(card).toHaveTextContent("tonight, 03:00"));
    expect(card).toHaveTextContent("Last dream today, 03:04");
  });

  it("tells how a dream goes, and can stop it", async () => {
    const host = openWindow("#/day/2026-10-14", "dreaming");
    expect(await screen.findByTestId("dream-progress")).toHaveTextContent("Writing moments");
    expect(screen.getByRole("progressbar", { name: "Dream progress" })).toHaveAttribute(
      "aria-valuenow",
      "4",
    );
    await userEvent.click(screen.getByTestId("dream-cancel"));
    expect(lastCall(host, "cancel_dream")).toEqual({});
    expect(screen.getByTestId("dream-cancel")).toBeDisabled();
  });

  it("begins a dream of all that is new, and obeys the tray", async () => {
    const host = openWindow("#/day/2026-10-14");
    await waitFor(() => expect(screen.getByTestId("dream-now")).toBeEnabled());
    host.emitShell({ action: "dream" });
    await waitFor(() =>
      expect(lastCall(host, "start_dream")).toMatchObject({ start: null, end: null }),
    );
    host.emitShell({ action: "sources" });
    expect(await screen.findByTestId("sources")).toBeInTheDocument();
  });
});
