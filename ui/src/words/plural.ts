export const locale = "en-GB";

const rules = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(locale);

export function number(n: number): string {
  return numbers.format(n);
}

/** The form of a word that goes with a number; `#` stands for the number. */
export function plural(n: number, forms: { one: string; other: string }): string {
  const form = rules.select(n) === "one" ? forms.one : forms.other;
  return form.replace("#", number(n));
}

export function percent(share: number): string {
  return new Intl.NumberFormat(locale, { style: "percent" }).format(share);
}

/** "2.4 MB". */
export function bytes(n: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  let size = n;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: units[unit] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: unit === 0 ? 0 : 1,
  }).format(size);
}

export function list(parts: readonly string[]): string {
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(parts);
}
