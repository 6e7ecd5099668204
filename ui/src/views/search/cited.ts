/** Questions, and the sources of what is answered. */
import type { AskCitation, AskSentence } from "$bindings";

export type Cited = { number: number; citation: AskCitation };

/** Sentences with their sources numbered in the order in which they are first named; the same source has
 * the same number everywhere. */
export function numbered(sentences: readonly AskSentence[]): {
  sentences: { text: string; cited: Cited[] }[];
} {
  const numbers = new Map<string, number>();
  const key = (one: AskCitation): string => `${one.cited} ${one.id}`;
  return {
    sentences: sentences.map(({ text, citations }) => {
      const cited = new Map<number, Cited>();
      for (const citation of citations) {
        const number = numbers.get(key(citation)) ?? numbers.size + 1;
        numbers.set(key(citation), number);
        cited.set(number, { number, citation });
      }
      return { text, cited: [...cited.values()] };
    }),
  };
}

const ASKING =
  /^(what|when|who|whom|where|why|how|which|did|was|were|am|are|is|have|has|had|show|list|tell|summari[sz]e|was|wann|wer|wen|wem|wo|wie|warum|wieso|welche[rnsm]?|habe?|hatte|hat|war|waren|bin|zeig|zeige|fasse|erzähl)\b/iu;

/** Whether words ask something, rather than being looked for. */
export function isQuestion(text: string): boolean {
  const words = text.trim();
  if (/[?？؟]$/u.test(words)) return /[\p{L}\p{N}]/u.test(words);
  return words.split(/\s+/u).length > 2 && ASKING.test(words);
}
