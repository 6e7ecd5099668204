import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const tauri = {
  group: ["@tauri-apps/*"],
  message: "host/ is the only door outward: ask it instead.",
};
const fake = {
  group: ["**/host/fake*", "$host/fake*"],
  message: "The fake host is for development and tests; it must not reach the production bundle.",
};
const views = {
  group: ["**/views/**", "$views/*"],
  message: "Only App and the entry pages know views; shared things live in parts/.",
};
const neighbours = {
  group: ["../*"],
  message: "A view imports parts, host, bindings and words, never another view.",
};

const forbid = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] });

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/bindings/"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      "no-undef": "off",
      "no-console": "error",
      eqeqeq: "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
    rules: {
      "svelte/no-at-html-tags": "error",
      // Addresses here are hashes of our own small router, not pages of SvelteKit.
      "svelte/no-navigation-without-resolve": "off",
    },
  },
  { files: ["src/**/*.{ts,svelte}"], ignores: ["src/host/**"], rules: forbid(tauri, fake) },
  {
    files: ["src/{parts,words,host,bindings}/**/*.{ts,svelte}"],
    ignores: ["src/host/**"],
    rules: forbid(tauri, fake, views),
  },
  { files: ["src/host/**/*.ts"], rules: forbid(views) },
  { files: ["src/views/**/*.{ts,svelte}"], rules: forbid(tauri, fake, views, neighbours) },
  { files: ["**/*.test.ts", "tests/**"], rules: { "no-restricted-imports": "off" } },
);
