import type { Correction, Field, MomentDetail } from "$bindings";
import { HostError } from "../errors";
import { NOW } from "./make";

export function correct(detail: MomentDetail, correction: Correction): MomentDetail {
  const { moment } = detail;
  switch (correction.field) {
    case "title":
      if (!correction.title.trim())
        throw new HostError("invalid-input", "A title cannot be empty.");
      moment.title = correction.title.trim();
      break;
    case "summary":
      moment.summary = correction.summary;
      break;
    case "type":
      moment.moment_type = correction.moment_type;
      break;
    case "time":
      if (correction.ends_at < correction.starts_at) {
        throw new HostError("invalid-input", "The end is before the beginning.");
      }
      Object.assign(moment, {
        starts_at: correction.starts_at,
        ends_at: correction.ends_at,
        precision: "exact",
      });
      break;
    case "tags":
      moment.tags = correction.tags.map((tag) => tag.trim().toLowerCase().replace(/\s+/g, "-"));
      break;
    case "emotions":
      moment.emotions = correction.emotions;
      break;
    case "hidden":
      moment.is_hidden = correction.hidden;
      break;
    case "pinned":
      moment.is_pinned = correction.pinned;
      break;
  }
  note(detail, `corrected the ${correction.field}`);
  if (!detail.corrected.includes(correction.field)) detail.corrected.push(correction.field);
  moment.is_corrected = true;
  return detail;
}

export function withdraw(detail: MomentDetail, dreamt: MomentDetail, field: Field): MomentDetail {
  const { moment } = detail;
  const first = dreamt.moment;
  if (field === "time") {
    Object.assign(moment, {
      starts_at: first.starts_at,
      ends_at: first.ends_at,
      precision: first.precision,
    });
  } else if (field === "type") moment.moment_type = first.moment_type;
  else if (field === "hidden") moment.is_hidden = false;
  else if (field === "pinned") moment.is_pinned = false;
  else Object.assign(moment, { [field]: structuredClone(first[field]) });
  detail.corrected = detail.corrected.filter((other) => other !== field);
  moment.is_corrected = detail.corrected.length > 0;
  note(detail, `took back the correction of the ${field}`);
  return detail;
}

function note(detail: MomentDetail, what: string): void {
  detail.history = [{ at: NOW, author: "person", what }, ...detail.history];
}
