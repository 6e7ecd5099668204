import type { Correction, Field, MomentDetail } from "$bindings";
import { host } from "$host";
import { words } from "$words";
import { attempt, toasts } from "./toasts.svelte";

/** What one part of the window wants another to do next. */
export const intent = $state<{ editTitleOf: number | null }>({ editTitleOf: null });

/** Corrects a moment. Hiding can be undone for a while, since the moment is then out of reach. */
export async function correctMoment(id: number, correction: Correction): Promise<MomentDetail> {
  const detail = await host.call("correct_moment", { id, correction });
  if (correction.field === "hidden" && correction.hidden) {
    toasts.say(words.moment.hiddenToast, {
      label: words.toast.undo,
      run: () => void attempt(() => correctMoment(id, { field: "hidden", hidden: false })),
    });
  }
  return detail;
}

export async function withdrawCorrection(id: number, field: Field): Promise<MomentDetail> {
  const detail = await host.call("withdraw_correction", { id, field });
  toasts.say(words.moment.withdrawn);
  return detail;
}

/**
 * What was typed and not saved yet, by moment and field: closing the panel, an error or another moment
 * in between loses none of it.
 */
class Drafts {
  #kept = new Map<string, string>();

  of(id: number, field: Field): string | null {
    return this.#kept.get(`${id} ${field}`) ?? null;
  }

  keep(id: number, field: Field, text: string): void {
    this.#kept.set(`${id} ${field}`, text);
  }

  drop(id: number, field: Field): void {
    this.#kept.delete(`${id} ${field}`);
  }
}

export const drafts = new Drafts();
