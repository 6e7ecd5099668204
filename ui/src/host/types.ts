import type { Commands, Event } from "$bindings";

export type Request<N extends keyof Commands> = Commands[N]["request"];
export type Reply<N extends keyof Commands> = Commands[N]["reply"];

/** What tray, global shortcut and notifications ask of the window. */
export type ShellEvent = {
  action: "quick-note" | "search" | "dream" | "open-moment" | "sources";
  id?: number;
};

/** Everything the window can ask of the world outside. */
export interface Host {
  call<N extends keyof Commands>(name: N, request: Request<N>): Promise<Reply<N>>;
  /** Listens to the journal; the returned function stops that. */
  listen(callback: (event: Event) => void): () => void;
  onShell(callback: (event: ShellEvent) => void): () => void;
  chooseFolder(): Promise<string | null>;
  chooseFile(): Promise<string | null>;
  openQuickNote(): Promise<void>;
  closeQuickNote(): Promise<void>;
}
