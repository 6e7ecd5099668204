import type { Scene } from "./scenes";

/** Scenes that are unkind to a layout: other scripts, long names, an endless title. */
export const HARD_SCENES: Scene[] = [
  {
    type: "conversation",
    title: "مكالمة طويلة مع خالتي عن البيت القديم",
    summary: "تحدثنا عن البيت القديم في إزمير وعن الحديقة التي لم يعد أحد يسقيها.",
    tags: ["عائلة", "بيت"],
    people: ["خالتي مريم"],
    emotions: [["nostalgic", 0.7]],
    valence: 0.1,
    arousal: 0.3,
    at: 8.5,
    length: 40,
    from: "aylin",
    lines: ["البيت [ما زال واقفا] لكن الحديقة [عطشى]", "سأذهب في الربيع إن شاء الله"],
    clause: "the old house was spoken of",
  },
  {
    type: "learning",
    title: "日本語の翻訳会議で「間」という言葉について三時間話し合った",
    summary: "「間」をどう訳すか。沈黙、余白、休符。結局、注を付けることにした。",
    tags: ["翻訳", "言葉"],
    people: ["佐藤さん", "鈴木さん"],
    emotions: [
      ["curious", 0.6],
      ["tired", 0.3],
    ],
    valence: 0.35,
    arousal: 0.45,
    at: 8.7,
    length: 180,
    from: "note",
    lines: ["「間」は[沈黙ではない]。余白でもない。[注を付ける]。"],
    clause: "one word took three hours",
  },
  {
    type: "work_session",
    title:
      "A title that goes on and on because somebody once pasted the whole first sentence of a note into the heading of that note and nobody ever found the heart to shorten it again, not even at the end",
    summary:
      "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft was the only word on the page, and it had to fit.",
    outcome:
      "An outcome that is also rather long, since it says who decided, when, and that everything stays as it was until somebody decides again",
    tags: [
      "a-topic-with-a-very-long-name-indeed",
      "translation",
      "novel",
      "words",
      "letters",
      "longer-than-it-looks",
    ],
    people: [
      "Wolfeschlegelsteinhausenbergerdorff senior",
      "Anna-Lena von der Hohen-Wartensteig",
      "Tomas",
      "Aylin",
    ],
    emotions: [
      ["overwhelmed", 0.9],
      ["amused", 0.4],
      ["tired", 0.3],
      ["curious", 0.2],
    ],
    valence: -0.2,
    arousal: 0.6,
    at: 13.2,
    length: 20,
    from: "note",
    lines: [
      "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft. [It had to fit.]",
    ],
    clause: "one word would not fit",
  },
];
