import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { FakeHost } from "../src/host/fake";
import { expectAccessible, lastCall, openWindow } from "./help";

async function openCall(): Promise<{ host: FakeHost; panel: HTMLElement }> {
  const host = openWindow("#/day/2026-10-14");
  await userEvent.click(await screen.findByRole("link", { name: "The call about the fee" }));
  const panel = await screen.findByRole("complementary", { name: "Moment" });
  await within(panel).findByText("How it felt");
  return { host, panel };
}

describe("a moment", () => {
  it("shows what happened, how it felt, and the exact words it rests on", async () => {
    const { panel } = await openCall();
    expect(panel).toHaveTextContent("Decision moved to Tuesday");
    expect(panel).toHaveTextContent("frustrated");
    const receipts = within(panel).getByTestId("receipts");
    expect(receipts.querySelector("mark")).toHaveTextContent("last third only after printing");
    expect(within(receipts).getAllByRole("link")[0]).toHaveAttribute(
      "href",
      expect.stringMatching(/^#\/record\/\d+\?moment=\d+$/),
    );
    await expectAccessible();
  });

  it("takes another title and says that it is yours, until you take it back", async () => {
    const { host, panel } = await openCall();
    await userEvent.click(within(panel).getByTestId("moment-edit"));
    const input = await within(panel).findByTestId("title-input");
    await userEvent.clear(input);
    await userEvent.type(input, "A call, and no{Enter}");
    expect(await within(panel).findByTestId("yours-title")).toBeInTheDocument();
    expect(lastCall(host, "correct_moment")).toMatchObject({
      correction: { field: "title", title: "A call, and no" },
    });
    const back = within(panel).getByRole("button", { name: "Back to the dream’s version" });
    await userEvent.click(back);
    await within(panel).findByText("The call about the fee");
    expect(within(panel).queryByTestId("yours-title")).toBeNull();
  });

  it("loses nothing that was typed when saving fails", async () => {
    const { host, panel } = await openCall();
    await userEvent.click(within(panel).getByTestId("moment-edit"));
    const input = await within(panel).findByTestId("title-input");
    await userEvent.clear(input);
    await userEvent.type(input, "Typed with care");
    host.failNext("correct_moment", "the disk is full");
    await userEvent.click(within(panel).getByTestId("title-save"));
    expect(await within(panel).findByText("the disk is full")).toBeInTheDocument();
    expect(input).toHaveValue("Typed with care");
    await userEvent.click(within(panel).getByTestId("moment-close"));
    await userEvent.click(screen.getByRole("link", { name: "The call about the fee" }));
    expect(await screen.findByTestId("title-input")).toHaveValue("Typed with care");
    await userEvent.keyboard("{Escape}");
  });

  it("refuses an empty title in words", async () => {
    const { panel } = await openCall();
    await userEvent.click(within(panel).getByTestId("moment-edit"));
    const input = await within(panel).findByTestId("title-input");
    await userEvent.clear(input);
    await userEvent.click(within(panel).getByTestId("title-save"));
    expect(await within(panel).findByRole("alert")).toHaveTextContent("needs a title");
    await userEvent.keyboard("{Escape}");
  });

  it("takes another time, if it is one", async () => {
    const { host, panel } = await openCall();
    await userEvent.click(within(panel).getByTestId("time-edit"));
    const [start, end] = [
      await within(panel).findByTestId("time-start"),
      within(panel).getByTestId("time-end"),
    ];
    await userEvent.clear(start);
    await userEvent.type(start, "15:00");
    await userEvent.clear(end);
    await userEvent.type(end, "14:00{Enter}");
    expect(await within(panel).findByRole("alert")).toHaveTextContent("before the beginning");
    await userEvent.clear(end);
    await userEvent.type(end, "15:45{Enter}");
    expect(await within(panel).findByText("15:00 – 15:45")).toBeInTheDocument();
    expect(lastCall(host, "correct_moment")).toMatchObject({
      correction: { starts_at: Date.parse("2026-10-14T13:00:00Z") },
    });
  });

  it("takes other feelings and topics", async () => {
    const { host, panel } = await openCall();
    await userEvent.click(within(panel).getByTestId("feelings-edit"));
    await userEvent.click(await within(panel).findByTestId("feeling-relieved"));
    await userEvent.click(within(panel).getByRole("button", { name: "Remove worried" }));
    await userEvent.click(within(panel).getByTestId("feelings-save"));
    await within(panel).findByTestId("yours-emotions");
    const felt = lastCall(host, "correct_moment") as {
      correction: { emotions: { label: string }[] };
    };
    expect(felt.correction.emotions.map(({ label }) => label)).toEqual([
      "frustrated",
      "relieved",
      "determined",
    ]);

    await userEvent.click(within(panel).getByTestId("tags-edit"));
    await userEvent.type(within(panel).getByLabelText("Add a topic"), "Heron Press");
    await userEvent.click(within(panel).getByTestId("tags-save"));
    expect(await within(panel).findByText("#heron-press")).toBeInTheDocument();
  });

  it("closes by Escape and gives the focus back to its card", async () => {
    const { panel } = await openCall();
    panel.focus();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByTestId("moment-panel")).toBeNull());
    expect(document.activeElement).toHaveTextContent("The call about the fee");
  });

  it("is found by its number alone", async () => {
    openWindow("#/moment/3");
    expect(await screen.findByTestId("moment-panel")).toHaveAttribute("data-moment", "3");
    expect(location.hash).toMatch(/^#\/day\/[\d-]+\/moment\/3$/);
  });

  it("that is gone leads back to the timeline with a word about it", async () => {
    openWindow("#/moment/99999");
    expect(await screen.findByText(/no such moment/)).toBeInTheDocument();
    expect(location.hash).toBe("#/");
  });
});
