/** Whether a key belongs to what is being typed or chosen rather than to the page. */
export function isForPage(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target;
  if (!(target instanceof Element)) return true;
  if (target.closest("[role=dialog], [role=alertdialog], [role=listbox], [role=menu]"))
    return false;
  return !target.closest("input, textarea, select, [contenteditable], [role=slider]");
}

/** The element to go to from `from` in a list of them, by arrow keys; stays at the ends. */
export function neighbour<T>(all: readonly T[], from: T | null, step: 1 | -1): T | null {
  if (!all.length) return null;
  const at = from === null ? -1 : all.indexOf(from);
  if (at < 0) return (step > 0 ? all[0] : all[all.length - 1]) ?? null;
  return all[Math.min(all.length - 1, Math.max(0, at + step))] ?? null;
}
