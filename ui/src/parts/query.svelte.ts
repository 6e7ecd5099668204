import { toHostError, type HostError } from "$host";

/** Shorter waits are not shown: a flash of "loading" is worse than none. */
export const SLOW = 150;

export type Query<T> = {
  readonly data: T | null;
  readonly error: HostError | null;
  /** Nothing newer is here after a moment of waiting. */
  readonly isSlow: boolean;
  /** Whether the data belong to the present question. */
  readonly isCurrent: boolean;
  again: () => void;
  set: (data: T) => void;
};

/**
 * Asks whenever what `question` reads changes, keeps the last answer meanwhile, and drops answers that
 * come too late. `key` says when it is another question rather than the same one asked again.
 */
export function query<Q, T>(
  question: () => { key: string; ask: Q } | null,
  answer: (ask: Q) => Promise<T>,
): Query<T> {
  let data = $state.raw<T | null>(null);
  let error = $state.raw<HostError | null>(null);
  let isSlow = $state(false);
  let answeredKey = $state<string | null>(null);
  let askedKey = $state<string | null>(null);
  let round = $state(0);
  let turn = 0;

  $effect(() => {
    void round;
    const asked = question();
    const mine = ++turn;
    askedKey = asked?.key ?? null;
    if (!asked) {
      data = null;
      error = null;
      isSlow = false;
      return;
    }
    const timer = setTimeout(() => {
      if (mine === turn) isSlow = true;
    }, SLOW);
    const settle = () => {
      clearTimeout(timer);
      if (mine !== turn) return false;
      isSlow = false;
      answeredKey = asked.key;
      return true;
    };
    answer(asked.ask).then(
      (found) => {
        if (!settle()) return;
        data = found;
        error = null;
      },
      (thrown) => {
        const isOther = answeredKey !== asked.key;
        if (!settle()) return;
        // What is on the screen stays there when only refreshing it failed.
        if (isOther) data = null;
        error = toHostError(thrown);
      },
    );
    return () => clearTimeout(timer);
  });

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    get isSlow() {
      return isSlow;
    },
    get isCurrent() {
      return answeredKey !== null && answeredKey === askedKey;
    },
    again: () => (round += 1),
    set: (next) => {
      turn += 1;
      data = next;
      error = null;
      isSlow = false;
    },
  };
}
