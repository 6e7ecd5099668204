const KEY = "rem-theme";

/** Shows a theme and remembers it for the first paint of the next start. */
export function showTheme(theme: string): void {
  const root = document.documentElement;
  if (theme === "night" || theme === "paper") root.dataset.theme = theme;
  else delete root.dataset.theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Without storage only the very first paint may have the other colours.
  }
}
