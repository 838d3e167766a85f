// What this browser remembers of a visitor's taste: language and light or dark. Kept per browser, never on the server.

const LANGUAGE = "workspace.language";
const THEME = "workspace.theme";
const SIDE = "workspace.phone";

/** @returns {"sv"|"en"|null} null: follow the person's own language */
export const chosenLanguage = () => localStorage.getItem(LANGUAGE);

export function chooseLanguage(language) {
  localStorage.setItem(LANGUAGE, language);
}

/** Puts light or dark on the page: the chosen one, else the system's, also when the system changes its mind. */
export function followTheme() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const theme = localStorage.getItem(THEME) ?? (system.matches ? "dark" : "light");
    document.documentElement.dataset.theme = theme;
  };
  system.addEventListener("change", apply);
  apply();
}

export const isDark = () => document.documentElement.dataset.theme === "dark";

export function toggleTheme() {
  const theme = isDark() ? "light" : "dark";
  localStorage.setItem(THEME, theme);
  document.documentElement.dataset.theme = theme;
}

export const phoneShown = () => localStorage.getItem(SIDE) !== "hidden";

export function showPhone(shown) {
  localStorage.setItem(SIDE, shown ? "shown" : "hidden");
}
