import { beforeEach, describe, expect, it, vi } from "vitest";

const invoke = vi.fn();
const unlisten = vi.fn();
const listeners = new Map<string, (event: { payload: unknown }) => void>();

vi.mock("@tauri-apps/api/core", () => ({ invoke }));
vi.mock("@tauri-apps/api/event", () => ({
  listen: async (name: string, callback: (event: { payload: unknown }) => void) => {
    listeners.set(name, callback);
    return unlisten;
  },
}));

const { tauriHost } = await import("./tauri");

describe("the shell's door", () => {
  beforeEach(() => {
    invoke.mockReset();
    unlisten.mockReset();
  });

  it("sends every question through one command, with its name and request", async () => {
    invoke.mockResolvedValue({ hits: [] });
    await tauriHost().call("show_moment", { id: 12 });
    expect(invoke).toHaveBeenCalledWith("call", { name: "show_moment", request: { id: 12 } });
  });

  it("turns a refusal into an error that can be read", async () => {
    invoke.mockRejectedValue({ code: "io", message: "reading note: no such file" });
    await expect(tauriHost().call("list_sources", {})).rejects.toMatchObject({
      code: "io",
      message: "reading note: no such file",
    });
  });

  it("hands events on until it is told to stop", async () => {
    const heard = vi.fn();
    const stop = tauriHost().listen(heard);
    listeners.get("journal")?.({ payload: { event: "journal-changed", days: [] } });
    expect(heard).toHaveBeenCalledTimes(1);
    stop();
    await Promise.resolve();
    listeners.get("journal")?.({ payload: { event: "journal-changed", days: [] } });
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("asks the shell for files and for the quick note's window", async () => {
    const host = tauriHost();
    await host.chooseFolder();
    await host.chooseFile();
    await host.openQuickNote();
    await host.closeQuickNote();
    expect(invoke.mock.calls.map(([name]) => name)).toEqual([
      "choose_folder",
      "choose_file",
      "open_quick_note",
      "close_quick_note",
    ]);
  });
});
