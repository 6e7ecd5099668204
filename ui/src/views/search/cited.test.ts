import { describe, expect, it } from "vitest";
import { isQuestion, numbered } from "./cited";

describe("sources of an answer", () => {
  it("have one number each, in the order in which they are named", () => {
    const moment = (id: number) => ({ cited: "moment" as const, id });
    const { sentences } = numbered([
      { text: "One.", citations: [moment(7), moment(3), moment(7)] },
      { text: "Two.", citations: [{ cited: "record", id: 3, starts: 0, ends: 4 }] },
      { text: "Three.", citations: [moment(3)] },
    ]);
    expect(sentences.map(({ cited }) => cited.map(({ number }) => number))).toEqual([
      [1, 2],
      [3],
      [2],
    ]);
  });
});

describe("questions", () => {
  it("are told from words to look for", () => {
    for (const asked of [
      "What was I working on last Tuesday afternoon?",
      "harmonium?",
      "when did I last see Ilse",
      "Wie ging es mir letzte Woche",
    ]) {
      expect(isQuestion(asked), asked).toBe(true);
    }
    for (const sought of [
      "harbour letter",
      "what",
      "?",
      "",
      "whatever happened",
      "choir -rehearsal",
    ]) {
      expect(isQuestion(sought), sought).toBe(false);
    }
  });
});
