import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { toHostError } from "./errors";
import type { Host } from "./types";

async function ask<T>(command: string, payload?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, payload);
  } catch (thrown) {
    throw toHostError(thrown);
  }
}

function follow<T>(name: string, callback: (payload: T) => void): () => void {
  let isOver = false;
  const stop = listen<T>(name, ({ payload }) => {
    if (!isOver) callback(payload);
  });
  return () => {
    isOver = true;
    void stop.then((unlisten) => unlisten());
  };
}

/** The shell of the desktop app. */
export function tauriHost(): Host {
  return {
    call: (name, request) => ask("call", { name, request }),
    listen: (callback) => follow("journal", callback),
    onShell: (callback) => follow("shell", callback),
    chooseFolder: () => ask("choose_folder"),
    chooseFile: () => ask("choose_file"),
    openQuickNote: () => ask("open_quick_note"),
    closeQuickNote: () => ask("close_quick_note"),
  };
}
