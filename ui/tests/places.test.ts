import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { useHost } from "../src/host";
import { fakeHost } from "../src/host/fake";
import QuickNote from "../src/views/quick-note/QuickNote.svelte";
import { expectAccessible, lastCall, openWindow } from "./help";

describe("search", () => {
  it("finds as one types and marks the words", async () => {
    openWindow("#/day/2026-10-14");
    await userEvent.type(await screen.findByTestId("search-box"), "lighthouse");
    const [hit] = await screen.findAllByTestId("hit");
    expect(hit!.querySelector("mark")).toHaveTextContent("lighthouse");
    expect(location.hash).toBe("#/search?q=lighthouse");
    await expectAccessible();
  });

  it("answers a question above what was found, and names its sources", async () => {
    openWindow("#/search?q=" + encodeURIComponent("Where did the letter go?"));
    const answer = within(await screen.findByTestId("answer"));
    expect(await answer.findByTestId("answer-sentence")).toHaveTextContent(/moments? about it/);
    const [first] = answer.getAllByTestId("answer-cite");
    expect(first).toHaveAccessibleName("Source 1");
    expect(first!.getAttribute("href")).toMatch(/^#\/moment\/\d+$/);
    await expectAccessible();
  });

  it("says that a question has no answer in the journal", async () => {
    openWindow("#/search?q=" + encodeURIComponent("Where is the zeppelin?"));
    expect(await screen.findByTestId("answer-sentence")).toHaveTextContent("not in your journal");
    expect(screen.queryByTestId("answer-cite")).toBeNull();
  });

  it("leaves words that ask nothing to the search", async () => {
    openWindow("#/search?q=lighthouse");
    await screen.findAllByTestId("hit");
    expect(screen.queryByTestId("answer")).toBeNull();
  });

  it("is walked through by arrow keys, down from the box and up again", async () => {
    openWindow("#/search?q=letter");
    const hits = await screen.findAllByTestId("hit");
    const box = screen.getByTestId("search-box");
    box.focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(hits[0]).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}");
    expect(hits[1]).toHaveFocus();
    await userEvent.keyboard("{ArrowUp}{ArrowUp}");
    expect(box).toHaveFocus();
  });

  it("looks only where it is told to, and between days", async () => {
    const host = openWindow("#/search?q=letter");
    await screen.findAllByTestId("hit");
    await userEvent.click(screen.getByTestId("scope-moments"));
    await userEvent.type(screen.getByTestId("search-since"), "2026-10-01");
    await waitFor(() =>
      expect(lastCall(host, "search")).toMatchObject({ scope: "moments", since: "2026-10-01" }),
    );
  });

  it("says what a date looks like instead of searching for nonsense", async () => {
    openWindow("#/search?q=letter");
    await userEvent.type(await screen.findByTestId("search-until"), "May");
    expect(await screen.findByRole("alert")).toHaveTextContent("year-month-day");
  });

  it("helps when nothing was asked and when nothing was found", async () => {
    openWindow("#/search");
    expect(await screen.findByTestId("search-empty")).toHaveTextContent("in quotes");
    await userEvent.type(screen.getByTestId("search-box"), "zeppelin");
    expect(await screen.findByTestId("search-none")).toHaveTextContent("Nothing has “zeppelin”");
  });

  it("is left by Escape for where one was", async () => {
    openWindow("#/day/2026-10-13");
    await userEvent.type(await screen.findByTestId("search-box"), "letter");
    await screen.findAllByTestId("hit");
    screen.getByTestId("search-box").focus();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(location.hash).toBe("#/day/2026-10-13"));
  });
});

describe("a record", () => {
  it("shows a note as it was written, with the moment's words marked", async () => {
    const host = openWindow("#/day/2026-10-14");
    const day = await host.call("show_day", { day: "2026-10-14", with_hidden: false });
    const { id } = day.moments.find(({ title }) => title.startsWith("The call"))!;
    const { evidence } = await host.call("show_moment", { id });
    location.hash = `#/record/${evidence[0]!.record_id}?moment=${id}`;
    const record = await screen.findByTestId("record");
    await within(record).findByRole("heading", { level: 1 });
    expect([...record.querySelectorAll("mark")].map((mark) => mark.textContent)).toContain(
      "quieter, which was worse",
    );
    await expectAccessible();
  });

  it("shows a conversation as a transcript with its authors", async () => {
    const host = openWindow("#/day/2026-10-14");
    const { hits } = await host.call("search", {
      query: "decent people",
      scope: "messages",
      since: null,
      until: null,
      limit: 1,
    });
    location.hash = `#/record/${hits[0]!.id}`;
    const list = await screen.findByRole("list", { name: "Messages" });
    expect(list).toHaveTextContent("Nora");
    expect(list).toHaveTextContent("I do, by post, like decent people.");
  });

  it("of a conversation begins with its summary and says who told it", async () => {
    const host = openWindow("#/day/2026-10-14");
    const { hits } = await host.call("search", {
      query: "garboard first",
      scope: "messages",
      since: null,
      until: null,
      limit: 1,
    });
    const record = await host.call("show_record", { id: hits[0]!.id, moment_id: null });
    location.hash = `#/record/${hits[0]!.id}`;
    const summary = await screen.findByTestId("record-summary");
    expect(summary).toHaveTextContent(record.summary!.summary);
    const by = within(summary).getByTestId("record-summary-by");
    expect(by).toHaveTextContent("told by qwen3:4b");
    const list = screen.getByRole("list", { name: "Messages" });
    expect(summary.compareDocumentPosition(list)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    await expectAccessible();
  });

  it("that is gone says so", async () => {
    openWindow("#/record/99999");
    expect(await screen.findByTestId("problem")).toHaveTextContent("no such record");
  });
});

describe("sources", () => {
  it("lists what is read, with its problems", async () => {
    openWindow("#/sources");
    expect(await screen.findAllByTestId("source")).toHaveLength(4);
    await userEvent.click(screen.getByText("3 files with something to know"));
    expect(await screen.findByText("PDF files are not read yet.")).toBeInTheDocument();
    await expectAccessible();
  });

  it("adds a folder and tells how reading it goes", async () => {
    const host = openWindow("#/sources");
    await userEvent.click(await screen.findByTestId("add-folder"));
    expect(await screen.findByText("Notes from the boat")).toBeInTheDocument();
    expect(lastCall(host, "add_source")).toEqual({
      path: "~/Notes from the boat",
      is_watched: true,
    });
    expect(await screen.findByText(/new records were read/)).toBeInTheDocument();
  });

  it("does nothing when no folder is chosen", async () => {
    const host = openWindow("#/sources");
    host.chosen = null;
    await userEvent.click(await screen.findByTestId("add-folder"));
    expect(lastCall(host, "add_source")).toBeUndefined();
  });

  it("asks whether files that vanished at once are really gone", async () => {
    const host = openWindow("#/sources");
    expect(await screen.findByTestId("held-back")).toHaveTextContent("Are they really gone?");
    await userEvent.click(screen.getByTestId("accept-missing"));
    expect(lastCall(host, "start_scan")).toEqual({ id: 2, accept_missing: true });
  });

  it("asks before it forgets a source, and says that files are not touched", async () => {
    const host = openWindow("#/sources");
    await userEvent.click(await screen.findByRole("button", { name: "Remove: Notes" }));
    expect(await screen.findByTestId("confirm")).toHaveTextContent("are not touched");
    expect(lastCall(host, "remove_source")).toBeUndefined();
    await userEvent.click(screen.getByTestId("confirm-yes"));
    await waitFor(() => expect(lastCall(host, "remove_source")).toEqual({ id: 1 }));
    await waitFor(() => expect(screen.getAllByTestId("source")).toHaveLength(3));
  });

  it("says calmly when a folder is a source already", async () => {
    openWindow("#/sources");
    await userEvent.click(await screen.findByTestId("add-folder"));
    await screen.findByText("Notes from the boat");
    await userEvent.click(screen.getByTestId("add-folder"));
    expect(await screen.findByText("This folder is a source already.")).toBeInTheDocument();
  });
});

describe("settings", () => {
  it("change the theme at once", async () => {
    const host = openWindow("#/settings");
    await userEvent.click(await screen.findByTestId("theme-paper"));
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe("paper"));
    expect(lastCall(host, "change_settings")).toMatchObject({ theme: "paper" });
    await expectAccessible();
  });

  it("take a time of day as people write it, and refuse what is none", async () => {
    const host = openWindow("#/settings");
    const input = await screen.findByTestId("dream-at");
    await userEvent.clear(input);
    await userEvent.type(input, "late{Tab}");
    expect(await screen.findByRole("alert")).toHaveTextContent("for example 03:00");
    await userEvent.clear(input);
    await userEvent.type(input, "4.30{Tab}");
    await waitFor(() =>
      expect(lastCall(host, "change_settings")).toMatchObject({ dream_at: "04:30" }),
    );
  });

  it("pause watching and nights", async () => {
    const host = openWindow("#/settings");
    await userEvent.click(await screen.findByRole("switch", { name: "Pause" }));
    await waitFor(() =>
      expect(lastCall(host, "change_settings")).toMatchObject({ is_paused: true }),
    );
    expect(await screen.findByText("Nights are paused")).toBeInTheDocument();
  });

  it("find a zone by a city's name", async () => {
    const host = openWindow("#/settings");
    const input = await screen.findByTestId("zone");
    await userEvent.clear(input);
    await userEvent.type(input, "lisb");
    await screen.findByText("Europe/Lisbon");
    await userEvent.keyboard("{ArrowDown}{Enter}");
    await waitFor(() =>
      expect(lastCall(host, "change_settings")).toMatchObject({ zone: "Europe/Lisbon" }),
    );
  });

  it("keep another own name", async () => {
    const host = openWindow("#/settings");
    await userEvent.type(await screen.findByPlaceholderText("Add a name"), "Nö{Enter}");
    await waitFor(() =>
      expect(lastCall(host, "change_settings")).toMatchObject({
        own_names: ["Nora", "Nora L.", "Nö"],
      }),
    );
  });
});

describe("the first night", () => {
  it("leads from an empty journal over a folder and a dream to the timeline", async () => {
    const host = openWindow("#/", "first-run");
    expect(await screen.findByTestId("welcome")).toHaveTextContent("Nothing leaves this machine");
    await expectAccessible();
    await userEvent.click(screen.getByTestId("welcome-folder"));
    expect(await screen.findByText("Notes from the boat")).toBeInTheDocument();
    await waitFor(() => expect(screen.getByTestId("welcome-dream")).toBeEnabled());
    await userEvent.click(screen.getByTestId("welcome-dream"));
    expect(await screen.findByTestId("welcome-result")).toHaveTextContent(/moments new/);
    await userEvent.click(screen.getByTestId("welcome-open"));
    expect(await screen.findByTestId("day-story")).toBeInTheDocument();
    expect(lastCall(host, "change_settings")).toMatchObject({ is_set_up: true });
  });

  it("can be had with the sample journal", async () => {
    const host = openWindow("#/", "first-run");
    await userEvent.click(await screen.findByTestId("welcome-sample"));
    expect(await screen.findByText("Sample journal")).toBeInTheDocument();
    expect(lastCall(host, "open_sample")).toEqual({});
  });

  it("can be skipped", async () => {
    openWindow("#/", "first-run");
    await userEvent.click(await screen.findByTestId("welcome-later"));
    expect(await screen.findByTestId("day-empty")).toBeInTheDocument();
  });
});

describe("a quick note", () => {
  it("is kept by Ctrl+Enter, and says where it went", async () => {
    const host = fakeHost({ pace: 5 });
    useHost(host);
    render(QuickNote);
    await userEvent.type(screen.getByTestId("quick-note-text"), "The heron is back.");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(screen.getByTestId("quick-note-said")).toHaveTextContent("today"));
    expect(lastCall(host, "add_note")).toEqual({ text: "The heron is back.", at: null });
    expect(screen.getByTestId("quick-note-text")).toHaveValue("");
    await expectAccessible();
  });

  it("keeps what was typed when it could not be kept", async () => {
    const host = fakeHost();
    useHost(host);
    render(QuickNote);
    await userEvent.type(screen.getByTestId("quick-note-text"), "Do not lose me");
    host.failNext("add_note", "the disk is full");
    await userEvent.click(screen.getByTestId("quick-note-keep"));
    expect(await screen.findByText("the disk is full")).toBeInTheDocument();
    expect(screen.getByTestId("quick-note-text")).toHaveValue("Do not lose me");
    await userEvent.clear(screen.getByTestId("quick-note-text"));
  });

  it("closes by Escape", async () => {
    const host = fakeHost();
    host.quickNoteWindow = "open";
    useHost(host);
    render(QuickNote);
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(host.quickNoteWindow).toBe("closed"));
  });
});
