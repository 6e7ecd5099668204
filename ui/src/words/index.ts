import { en } from "./en";

/** Every sentence the window says. A further language is a second object of this type. */
export type Words = typeof en;

export const words: Words = en;
export { BUILTIN } from "./en/minds";
export { bytes, list, locale, number, percent, plural } from "./plural";
