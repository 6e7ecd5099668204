import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { expectAccessible, lastCall, openWindow } from "./help";

const MIND = "#/settings/mind";
const mind = (host: ReturnType<typeof openWindow>) =>
  (lastCall(host, "change_settings") as { mind: Record<string, unknown> } | undefined)?.mind;

// Nothing is laid out here, so the list counts as hidden until the end.
const options = () => screen.queryAllByRole("option", { hidden: true });
const option = (text: string) =>
  waitFor(() => {
    const found = options().find((one) => one.textContent?.includes(text));
    expect(found).toBeDefined();
    return found!;
  });

describe("settings of the mind", () => {
  it("say at the top what dreams and that nothing leaves the machine", async () => {
    openWindow(MIND);
    const now = await screen.findByTestId("mind-now");
    expect(now).toHaveTextContent("qwen3:4b-instruct dreams, through Ollama on this machine.");
    expect(now).toHaveTextContent("Nothing you write leaves it.");
    await expectAccessible();
  });

  it("are reached from the general ones by a tab, and by their address", async () => {
    openWindow("#/settings");
    await userEvent.click(await screen.findByRole("tab", { name: "Mind" }));
    await waitFor(() => expect(location.hash).toBe("#/settings/mind"));
    expect(await screen.findByTestId("mind-now")).toBeInTheDocument();
    expect(screen.getByRole("tab", { name: "Mind" })).toHaveAttribute("aria-selected", "true");
  });

  it("say that they are looking while the server takes its time", async () => {
    openWindow(MIND, "mind-slow");
    expect((await screen.findAllByTestId("skeleton"))[0]).toHaveTextContent("Looking for");
    expect(screen.getByTestId("waits-on-battery")).toBeEnabled();
    await expectAccessible();
  });

  it("say what to do where no server is found, and look again when asked", async () => {
    const host = openWindow(MIND, "no-server");
    const state = await screen.findByTestId("server-state");
    await waitFor(() => expect(state).toHaveAttribute("data-tone", "missing"));
    expect(state).toHaveTextContent("Install Ollama from its site and start it");
    const n = host.calls.filter(({ name }) => name === "show_mind").length;
    await userEvent.click(screen.getByTestId("check-again"));
    expect(host.calls.filter(({ name }) => name === "show_mind")).toHaveLength(n + 1);
    await expectAccessible();
  });

  it("tell how many days are read again once there is a model", async () => {
    openWindow(MIND, "provisional");
    expect(await screen.findByTestId("provisional")).toHaveTextContent(
      "12 days were read by the built-in analyser for want of a model",
    );
    expect(screen.getByRole("progressbar", { name: "Preparing nomic-embed-text" })).toHaveAttribute(
      "aria-valuetext",
      "1,204 of 8,310 pieces of writing",
    );
  });

  it("stay calm when they cannot be read", async () => {
    openWindow(MIND, "broken");
    expect((await screen.findAllByTestId("problem"))[0]).toHaveTextContent(
      "the disk does not answer",
    );
  });
});

describe("the server", () => {
  it("can be none at all, and then only the built-in analyser is spoken of", async () => {
    const host = openWindow(MIND);
    await userEvent.click(await screen.findByTestId("server-off"));
    await waitFor(() => expect(mind(host)).toMatchObject({ server: "off" }));
    await waitFor(() =>
      expect(screen.getByTestId("mind-now")).toHaveTextContent("No model is asked"),
    );
    expect(screen.queryByTestId("address")).not.toBeInTheDocument();
    expect(screen.queryByTestId("models")).not.toBeInTheDocument();
  });

  it("on another computer is sent nothing before a tick and a button", async () => {
    const host = openWindow(MIND, "remote");
    expect(await screen.findByTestId("consent-what")).toHaveTextContent(
      "would be sent there as they are, unencrypted",
    );
    expect(screen.getByTestId("mind-now")).toHaveTextContent("Nothing is sent to http://192");
    const give = screen.getByTestId("consent-give");
    expect(give).toBeDisabled();
    await expectAccessible();
    await userEvent.click(
      screen.getByRole("checkbox", { name: /is sent to http:\/\/192\.168\.178\.40:11434/ }),
    );
    await userEvent.click(give);
    await waitFor(() =>
      expect(mind(host)).toMatchObject({ agreed_address: "http://192.168.178.40:11434" }),
    );
    await waitFor(() =>
      expect(screen.getByTestId("mind-now")).toHaveTextContent("is another computer"),
    );
    await userEvent.click(await screen.findByTestId("consent-withdraw"));
    await waitFor(() => expect(mind(host)).toMatchObject({ agreed_address: "" }));
    expect(await screen.findByTestId("consent")).toBeInTheDocument();
  });

  it("moved to another address has to be agreed to anew", async () => {
    const host = openWindow(MIND, "remote");
    await userEvent.click(await screen.findByTestId("consent-box"));
    await userEvent.click(screen.getByTestId("consent-give"));
    await screen.findByTestId("consent-given");
    const address = screen.getByTestId("address");
    await userEvent.clear(address);
    await userEvent.type(address, "http://10.0.0.5:11434{Tab}");
    await waitFor(() =>
      expect(mind(host)).toMatchObject({ address: "http://10.0.0.5:11434", agreed_address: "" }),
    );
    expect(await screen.findByTestId("consent-what")).toHaveTextContent("10.0.0.5");
    expect(screen.getByTestId("consent-give")).toBeDisabled();
  });

  it("of another kind has another address, and coming back finds the old one", async () => {
    const host = openWindow(MIND, "openai");
    await userEvent.click(await screen.findByTestId("server-ollama"));
    await waitFor(() => expect(mind(host)).toMatchObject({ server: "ollama", address: "" }));
    await userEvent.click(screen.getByTestId("server-openai"));
    await waitFor(() => expect(mind(host)).toMatchObject({ address: "http://127.0.0.1:8080/v1" }));
  });

  it("says it where an address cannot be", async () => {
    const host = openWindow(MIND);
    await userEvent.type(await screen.findByTestId("address"), "nonsense");
    host.failNext("change_settings", "“nonsense” is no address");
    await userEvent.tab();
    expect(await screen.findByRole("alert")).toHaveTextContent("is no address");
  });
});

describe("a server's key", () => {
  it("is handed over once and never shown", async () => {
    const host = openWindow(MIND, "openai");
    const input = await screen.findByTestId("server-key");
    expect(input).toHaveAttribute("type", "password");
    await userEvent.type(input, "s3cret{Enter}");
    expect(lastCall(host, "keep_key")).toEqual({ key: "s3cret" });
    await waitFor(() => expect(input).toHaveValue(""));
    await waitFor(() =>
      expect(screen.getByTestId("key-state")).toHaveTextContent("A key is in the keychain."),
    );
    await userEvent.click(screen.getByTestId("key-forget"));
    expect(lastCall(host, "keep_key")).toEqual({ key: "" });
  });

  it("stays in its field where there is no keychain, with what to do", async () => {
    openWindow(MIND, "no-keychain");
    const input = await screen.findByTestId("server-key");
    await userEvent.type(input, "s3cret{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("There is no keychain");
    expect(input).toHaveValue("s3cret");
  });
});

describe("models", () => {
  it("are chosen for each use", async () => {
    const host = openWindow(MIND);
    (await screen.findByRole("combobox", { name: /^Tells the days:/ })).focus();
    await userEvent.keyboard("{Enter}");
    await userEvent.click(await option("gemma3:12b"));
    await waitFor(() => expect(mind(host)).toMatchObject({ deep_model: "gemma3:12b" }));
    await waitFor(() =>
      expect(screen.getByTestId("mind-now")).toHaveTextContent("gemma3:12b tells the days"),
    );
  });

  it("can be left to the built-in ones, by keys alone", async () => {
    const host = openWindow(MIND);
    (await screen.findByTestId("fast-model")).focus();
    await userEvent.keyboard("{Enter}{ArrowDown}{Enter}");
    await waitFor(() => expect(mind(host)).toMatchObject({ fast_model: "off" }));
  });

  it("that are refused cannot be chosen, and say why", async () => {
    openWindow(MIND);
    (await screen.findByTestId("fast-model")).focus();
    await userEvent.keyboard("{Enter}");
    const refused = await option("gpt-oss:120b-cloud");
    expect(refused).toHaveAttribute("aria-disabled", "true");
    expect(refused).toHaveTextContent("what it reads leaves this machine");
    expect(await option("gpt-oss:20b")).toHaveTextContent("too big");
    expect(options().map((one) => one.textContent)).not.toContainEqual(
      expect.stringContaining("nomic"),
    );
  });

  it("are all shown when asked, however many there are", async () => {
    openWindow(MIND, "many-models");
    expect(await screen.findAllByTestId("model")).toHaveLength(6);
    await userEvent.click(screen.getByRole("button", { name: "Show all 40" }));
    expect(screen.getAllByTestId("model")).toHaveLength(40);
    await expectAccessible();
  });

  it("read a note of invented words and are told how they did", async () => {
    const host = openWindow(MIND);
    const [first] = await screen.findAllByTestId("try");
    await userEvent.click(first!);
    expect(lastCall(host, "try_model")).toEqual({ name: "qwen3:4b-instruct" });
    const trial = await screen.findByTestId("trial");
    expect(trial).toHaveTextContent("qwen3:4b-instruct did well");
    expect(trial).toHaveTextContent("12 s, of these 7 s to load it · about 14 words a second");
    expect(trial).toHaveTextContent("invented words");
  });
});

describe("a download", () => {
  it("begins only after a question that names its size, and tells how it goes", async () => {
    const host = openWindow(MIND);
    await userEvent.click(
      await screen.findByRole("button", { name: "Download embeddinggemma, 622 MB" }),
    );
    expect(await screen.findByTestId("confirm")).toHaveTextContent(
      "Ollama goes to the network and fetches 622 MB",
    );
    expect(lastCall(host, "pull_model")).toBeUndefined();
    await userEvent.click(screen.getByTestId("confirm-yes"));
    expect(lastCall(host, "pull_model")).toEqual({ name: "embeddinggemma" });
    expect(await screen.findByTestId("pull-done")).toHaveTextContent("embeddinggemma is here.");
    await waitFor(() =>
      expect(screen.getByTestId("proposals")).toHaveTextContent(/embeddinggemma are here already/),
    );
  });

  it("that runs can be stopped, from wherever it was begun", async () => {
    const host = openWindow(MIND, "pulling");
    const pull = await screen.findByTestId("pull");
    expect(within(pull).getByRole("progressbar")).toHaveAttribute(
      "aria-valuetext",
      "214 MB of 622 MB · 34%",
    );
    expect(screen.getByTestId("nav-settings")).toHaveTextContent("34%");
    await userEvent.click(screen.getByTestId("pull-cancel"));
    expect(lastCall(host, "cancel_pull")).toEqual({});
    expect(await screen.findByTestId("pull-failed")).toHaveTextContent("you stopped it");
  });

  it("that broke off says why, and asks again before it goes on", async () => {
    const host = openWindow(MIND, "pull-failed");
    const failed = await screen.findByTestId("pull-failed");
    expect(failed).toHaveTextContent("the disk of the server is full");
    await userEvent.click(within(failed).getByRole("button", { name: "Try again" }));
    await userEvent.click(await screen.findByTestId("confirm-yes"));
    expect(lastCall(host, "pull_model")).toEqual({ name: "embeddinggemma" });
  });
});

describe("care", () => {
  it("takes numbers within their limits, and says the limits otherwise", async () => {
    const host = openWindow(MIND);
    const minutes = await screen.findByTestId("most-minutes");
    for (const wrong of ["soon", "-5", "2000", "1.5"]) {
      await userEvent.clear(minutes);
      await userEvent.type(minutes, `${wrong}{Tab}`);
      expect(await screen.findByRole("alert")).toHaveTextContent("between 0 and 1,440");
    }
    expect(lastCall(host, "change_settings")).toBeUndefined();
    await userEvent.clear(minutes);
    await userEvent.type(minutes, "45{Tab}");
    await waitFor(() => expect(mind(host)).toMatchObject({ most_minutes: 45 }));
  });

  it("keeps a rest in seconds as milliseconds", async () => {
    const host = openWindow(MIND);
    await userEvent.click(await screen.findByTestId("care-more"));
    const gap = screen.getByTestId("min-gap");
    await userEvent.clear(gap);
    await userEvent.type(gap, "1.25{Tab}");
    await waitFor(() => expect(mind(host)).toMatchObject({ min_gap_ms: 1250 }));
  });

  it("loses no change when two are made at once", async () => {
    const host = openWindow(MIND);
    const battery = await screen.findByRole("switch", { name: "Wait while on battery" });
    const active = screen.getByRole("switch", { name: "Wait while I use the machine" });
    battery.click();
    active.click();
    await waitFor(() =>
      expect(mind(host)).toMatchObject({ waits_on_battery: false, waits_while_active: false }),
    );
  });
});

describe("what it cost", () => {
  it("is told for the month, for dreams, and in words", async () => {
    openWindow(MIND);
    const cost = await screen.findByTestId("cost");
    await waitFor(() => expect(cost).toHaveTextContent("3 h 12 min of model time in 806 calls"));
    expect(screen.getAllByTestId("cost-dream")).toHaveLength(5);
    expect(cost).toHaveTextContent(
      "3 replies named people who are not in the text; they were left out",
    );
    expect(cost).toHaveTextContent("the server was busy: 2 times");
  });

  it("is nothing where no model was ever asked", async () => {
    openWindow(MIND, "mind-off");
    const cost = await screen.findByTestId("cost");
    await waitFor(() => expect(cost).toHaveTextContent("No dream has asked a model yet."));
  });
});

describe("a dream with a model", () => {
  it("tells which one, what it waits for, and how long it will take", async () => {
    openWindow("#/day/2026-10-14", "waiting");
    const progress = await screen.findByTestId("dream-progress");
    expect(progress).toHaveTextContent("waits: on battery");
    expect(progress).toHaveTextContent("with qwen3:4b-instruct");
    expect(progress).toHaveTextContent("about 34 minutes left");
  });

  it("that had to do without it says why", async () => {
    openWindow("#/day/2026-10-14", "without-model");
    const card = await screen.findByTestId("dream-card");
    await waitFor(() => expect(card).toHaveTextContent("Nothing answers at 127.0.0.1:11434"));
    expect(card).toHaveTextContent("2 days were read by the built-in analyser");
    await waitFor(() =>
      expect(screen.getByTestId("dream-voice")).toHaveTextContent("Nothing answers"),
    );
  });

  it("marks the moments that the built-in analyser had to tell", async () => {
    const host = openWindow("#/day/2026-10-14", "provisional");
    const day = await host.call("show_day", { day: "2026-10-14", with_hidden: false });
    const details = await Promise.all(
      day.moments.map(({ id }) => host.call("show_moment", { id })),
    );
    const builtin = details.find(({ mind }) => mind === "built-in analyser")!;
    const other = details.find(({ mind }) => mind !== "built-in analyser")!;
    location.hash = `#/day/2026-10-14/moment/${builtin.moment.id}`;
    expect(await screen.findByTestId("instead")).toHaveTextContent(
      "The rest of this day was dreamt by qwen3:4b-instruct.",
    );
    location.hash = `#/day/2026-10-14/moment/${other.moment.id}`;
    await waitFor(() => expect(screen.queryByTestId("instead")).not.toBeInTheDocument());
    expect(await screen.findByText(/by qwen3:4b-instruct, 62% sure/)).toBeInTheDocument();
  });
});

describe("the promise that nothing leaves the machine", () => {
  it("is not made where the person agreed that something does", async () => {
    openWindow(MIND, "remote");
    await userEvent.click(await screen.findByTestId("consent-box"));
    await userEvent.click(screen.getByTestId("consent-give"));
    await screen.findByTestId("consent-given");
    await userEvent.click(screen.getByTestId("settings-general"));
    expect(await screen.findByTestId("privacy")).toHaveTextContent("is sent to http://192");
  });
});
