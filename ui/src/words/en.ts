import { journal } from "./en/journal";
import { moment } from "./en/moment";
import { places } from "./en/places";
import { welcome } from "./en/welcome";

export const en = { ...journal, moment, ...places, welcome };
