// Runs before the page's own scripts. THEME is put in by the shell.
(() => {
  try {
    // What the page itself chose since the window was opened is newer.
    if (localStorage.getItem("rem-theme") === null) localStorage.setItem("rem-theme", "THEME");
  } catch {
    // Without storage the page takes the system's theme until it has read the settings.
  }
  addEventListener("DOMContentLoaded", () => {
    const app = document.getElementById("app");
    if (!app) return;
    const tell = () =>
      requestAnimationFrame(() =>
        requestAnimationFrame(() => void window.__TAURI_INTERNALS__.invoke("ready").catch(() => {})),
      );
    if (app.childElementCount > 0) return tell();
    const watch = new MutationObserver(() => {
      if (app.childElementCount === 0) return;
      watch.disconnect();
      tell();
    });
    watch.observe(app, { childList: true });
  });
})();
