/** The types of moments of the invented journal. */
import type { MomentType } from "$bindings";
import { HostError } from "../errors";
import type { World } from "./make";

const COMMON = [
  "conversation",
  "assistant",
  "meeting",
  "collaboration",
  "debugging",
  "work_session",
  "planning",
  "learning",
  "writing",
  "creative",
  "travel",
  "meal",
  "exercise",
  "reading",
  "rest",
  "health",
  "errand",
  "family",
  "social",
  "celebration",
  "reflection",
  "prediction",
  "idea",
  "other",
];

type Own = Map<string, string>;

/** What the person registered at first. */
export const ownTypes = (): Own => new Map([["boat", "mending the boat: planks, varnish, launch"]]);

export function listTypes(world: World, own: Own): MomentType[] {
  const count = (name: string) =>
    [...world.moments.values()].filter(({ moment }) => moment.moment_type === name).length;
  const names = [...COMMON, ...[...own.keys()].filter((name) => !COMMON.includes(name)).sort()];
  return names.map((name) => ({
    name,
    description: own.get(name) ?? "",
    is_common: COMMON.includes(name),
    is_registered: true,
    n_moments: count(name),
  }));
}

export function addType(world: World, own: Own, typed: string, description: string): MomentType {
  const name = typed
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  if (!name) throw new HostError("invalid-input", "A type’s name begins with a letter.");
  own.set(name, description.trim());
  return listTypes(world, own).find((one) => one.name === name)!;
}

export function removeType(world: World, own: Own, name: string): MomentType[] {
  if (!own.delete(name)) throw new HostError("not-found", `There is no type “${name}” of yours.`);
  return listTypes(world, own);
}
