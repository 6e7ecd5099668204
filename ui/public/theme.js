// Runs before the first paint, so that a person who chose night never sees a white flash.
try {
  const theme = localStorage.getItem("rem-theme");
  if (theme === "night" || theme === "paper") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's colours are right enough until the settings have been read.
}
