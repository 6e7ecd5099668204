/** The only door outward. Views and parts ask `host`; what stands behind it is chosen once, by `connect`. */
import { tauriHost } from "./tauri";
import type { Host } from "./types";

export { HostError, toHostError } from "./errors";
export type { Host, ShellEvent } from "./types";

let current: Host | null = null;

export function useHost(host: Host): void {
  current = host;
}

function theHost(): Host {
  if (!current) throw new Error("The window asked before it was connected.");
  return current;
}

export const host: Host = {
  call: (name, request) => theHost().call(name, request),
  listen: (callback) => theHost().listen(callback),
  onShell: (callback) => theHost().onShell(callback),
  chooseFolder: () => theHost().chooseFolder(),
  chooseFile: () => theHost().chooseFile(),
  openQuickNote: () => theHost().openQuickNote(),
  closeQuickNote: () => theHost().closeQuickNote(),
};

/** Connects to the shell or, in a plain browser during development, to an invented journal. */
export async function connect(): Promise<void> {
  if (import.meta.env.DEV || import.meta.env.MODE === "fake") {
    const ask = new URLSearchParams(location.search);
    if (ask.has("fake") || !("__TAURI_INTERNALS__" in window)) {
      const { fakeHost } = await import("./fake");
      useHost(fakeHost({ scene: ask.get("fake") || "full" }));
      return;
    }
  }
  useHost(tauriHost());
}
