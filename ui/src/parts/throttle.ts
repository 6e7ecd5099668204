/** Runs `act` at once and then at most once per `wait`, the last time included. */
export function throttled(act: () => void, wait: number): (() => void) & { stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isDue = false;
  const tick = () => {
    timer = null;
    if (isDue) run();
  };
  const run = () => {
    isDue = false;
    timer = setTimeout(tick, wait);
    act();
  };
  const ask = () => {
    if (timer) isDue = true;
    else run();
  };
  return Object.assign(ask, {
    stop: () => {
      if (timer) clearTimeout(timer);
      timer = null;
      isDue = false;
    },
  });
}
