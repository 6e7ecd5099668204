import { render } from "@testing-library/svelte";
import axe from "axe-core";
import { expect } from "vitest";
import { useHost } from "../src/host";
import { fakeHost, type FakeHost } from "../src/host/fake";
import App from "../src/App.svelte";
import { journal } from "../src/parts/journal.svelte";
import { toasts } from "../src/parts/toasts.svelte";

// Views that are loaded when first needed would otherwise be compiled inside the first test's time.
await Promise.all([
  import("../src/views/search/Search.svelte"),
  import("../src/views/record/Record.svelte"),
  import("../src/views/sources/Sources.svelte"),
  import("../src/views/settings/Settings.svelte"),
  import("../src/views/welcome/Welcome.svelte"),
  import("../src/parts/Shortcuts.svelte"),
]);

/** Opens the whole window at an address, on an invented journal. */
export function openWindow(hash: string, scene = "full"): FakeHost {
  const host = fakeHost({ scene, pace: 5 });
  useHost(host);
  journal.status = null;
  journal.settings = null;
  journal.days = null;
  journal.dream = { state: "awake" };
  journal.pull = { state: "none" };
  journal.readings = {};
  toasts.all = [];
  history.replaceState(null, "", hash);
  render(App);
  return host;
}

/** What axe finds wrong, without what needs real drawing. */
export async function expectAccessible(root: Element = document.body): Promise<void> {
  const { violations } = await axe.run(root, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
  expect(said).toEqual([]);
}

export const lastCall = (host: FakeHost, name: string) =>
  host.calls.filter((call) => call.name === name).at(-1)?.request;
