import { toHostError } from "$host";

export type Toast = {
  id: number;
  text: string;
  isProblem: boolean;
  action: { label: string; run: () => void } | null;
};

class Toasts {
  all = $state.raw<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  say(text: string, action: Toast["action"] = null): void {
    this.#add({ text, isProblem: false, action }, action ? 9000 : 5000);
  }

  /** Problems stay until they are read. */
  problem(thrown: unknown): void {
    this.#add({ text: toHostError(thrown).message, isProblem: true, action: null }, 15_000);
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.all = this.all.filter((toast) => toast.id !== id);
  }

  /** While a person points at a message it does not go away under them. */
  hold(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  release(): void {
    for (const { id } of this.all) this.#expire(id, 4000);
  }

  #add(toast: Omit<Toast, "id">, stays: number): void {
    const id = this.#next++;
    const others = this.all.filter(({ text }) => text !== toast.text);
    this.all = [...others, { ...toast, id }].slice(-3);
    this.#expire(id, stays);
  }

  #expire(id: number, stays: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), stays),
    );
  }
}

export const toasts = new Toasts();

/** Runs something that may fail and says calmly when it did. Whether it worked. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (thrown) {
    toasts.problem(thrown);
    return false;
  }
}
