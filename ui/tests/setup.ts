import "@testing-library/jest-dom/vitest";
import { configure } from "@testing-library/svelte";
import { afterEach, vi } from "vitest";

// Views load when they are first needed, which takes a while on a busy machine.
configure({
  asyncUtilTimeout: 8000,
  getElementError: (message) => new Error(message?.split("\n")[0] ?? "not found"),
});

// What jsdom does not have and the components only use to look better.
Element.prototype.scrollIntoView ??= () => undefined;
Element.prototype.hasPointerCapture ??= () => false;
Element.prototype.setPointerCapture ??= () => undefined;
Element.prototype.releasePointerCapture ??= () => undefined;
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
window.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
})) as never;

afterEach(() => {
  vi.useRealTimers();
  history.replaceState(null, "", "#/");
});
