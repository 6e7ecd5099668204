import { journal } from "./en/journal";
import { minds } from "./en/minds";
import { moment } from "./en/moment";
import { places } from "./en/places";
import { welcome } from "./en/welcome";

export const en = { ...journal, minds, moment, ...places, welcome };
