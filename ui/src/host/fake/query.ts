import type { QueryReply, QueryRequest, QueryView } from "$bindings";
import { HostError } from "../errors";
import type { World } from "./make";

const moments: QueryView = {
  name: "moments",
  about: "what happened, from a start to an end",
  columns: [
    { name: "id", kind: "number", about: "its number, as in `rem show 12`" },
    { name: "name", kind: "text", about: "its title" },
    { name: "day", kind: "date", about: "the journal's day" },
    { name: "tags", kind: "list", about: "its tags" },
  ],
};

/** One of the tables: enough to see how a list of them looks. */
export const views: QueryView[] = [moments];

/** Knows no SQL: whatever SELECT is asked, it answers with the moments. */
export function askWorld(world: World, { sql, limit }: QueryRequest): QueryReply {
  if (!/^\s*(select|with|values)\b/i.test(sql)) {
    throw new HostError("invalid-input", "only questions can be asked: one SELECT, WITH or VALUES");
  }
  const all = [...world.moments.values()].map(({ moment }) => ({
    id: moment.id,
    name: moment.title,
    day: moment.day,
    tags: moment.tags,
  }));
  const rows = all.slice(0, limit ?? 1000);
  return {
    columns: moments.columns.map(({ name, kind }) => ({ name, kind })),
    rows,
    is_cut: rows.length < all.length,
    n_cut_texts: 0,
    took_ms: 4,
  };
}
