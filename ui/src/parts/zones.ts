/** Every zone this engine knows; old engines know none by list, then the machine's own is all there is. */
export function zones(): string[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = Intl.supportedValuesOf?.("timeZone") ?? [];
  return [...new Set(["UTC", ...known, own])].sort();
}

export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** Zones that have every typed word; those whose city begins with it come first. */
export function matchingZones(zones: readonly string[], typed: string): string[] {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  const first = wanted[0] ?? "";
  const found = zones.filter((zone) => wanted.every((word) => plain(zone).includes(word)));
  if (!first) return found;
  const rank = (zone: string) => (plain(zone.split("/").at(-1) ?? zone).startsWith(first) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[_/]/g, " ").toLowerCase();
}
