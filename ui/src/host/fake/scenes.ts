/** What can happen to the invented person of the fake journal: Nora, a translator who mends a boat. */
export type Scene = {
  type: string;
  title: string;
  summary: string;
  outcome?: string;
  tags: string[];
  people?: string[];
  emotions: [label: string, weight: number][];
  valence: number;
  arousal: number;
  /** Hour as a number, 14.5 for 14:30, and length in minutes; without an hour the day is all that is known. */
  at?: number;
  length?: number;
  isAround?: boolean;
  from: "note" | "tomas" | "aylin" | "choir" | "assistant" | "capture";
  /** What was written, with the words that matter in brackets. */
  lines: string[];
  clause: string;
};

export const SCENES: Scene[] = [
  {
    type: "exercise",
    title: "Run along the harbour",
    summary: "Seven kilometres before breakfast, the first time without stopping at the bridge.",
    tags: ["running"],
    emotions: [
      ["energetic", 0.7],
      ["proud", 0.4],
    ],
    valence: 0.45,
    arousal: 0.6,
    at: 6.9,
    length: 44,
    from: "note",
    lines: [
      "Ran to the lighthouse and back, 7 km. [Did not stop at the bridge for once.] Legs like wood, [head clear].",
    ],
    clause: "you ran to the lighthouse without stopping",
  },
  {
    type: "work_session",
    title: "Chapter nine, the storm",
    summary:
      "Translated eleven pages of the storm chapter. The sailors’ oaths are still too polite in German.",
    outcome: "Eleven pages, draft kept",
    tags: ["translation", "novel"],
    emotions: [
      ["focused", 0.8],
      ["content", 0.5],
    ],
    valence: 0.3,
    arousal: 0.45,
    at: 9.1,
    length: 152,
    from: "note",
    lines: [
      "Storm chapter: [eleven pages], and only twice in the dictionary.",
      "The oaths are [too polite] still. Ask Tomas what they really shout on deck.",
    ],
    clause: "the storm chapter grew by eleven pages",
  },
  {
    type: "conversation",
    title: "Tomas and the rotten plank",
    summary:
      "Tomas found a second soft plank below the waterline. You went through what it would cost and whether the boat can still go in before autumn.",
    outcome: "Plank ordered, launch moved a week",
    tags: ["boat", "money"],
    people: ["Tomas"],
    emotions: [
      ["worried", 0.6],
      ["determined", 0.4],
    ],
    valence: -0.3,
    arousal: 0.6,
    at: 12.4,
    length: 38,
    from: "tomas",
    lines: [
      "bad news, [second plank is soft], right under the first one",
      "How much? And be honest.",
      "[four hundred], maybe less if Henning has oak left. launch [a week later]",
    ],
    clause: "Tomas found another soft plank",
  },
  {
    type: "conversation",
    title: "Lunch with Aylin by the water",
    summary:
      "Aylin is going back to Izmir for the winter. You talked about who will read the first drafts then.",
    tags: ["friends", "izmir"],
    people: ["Aylin"],
    emotions: [
      ["loving", 0.6],
      ["sad", 0.35],
    ],
    valence: 0.2,
    arousal: 0.4,
    at: 13,
    length: 75,
    from: "aylin",
    lines: [
      "So: [November to March]. My mother has already bought the bed.",
      "[I am glad for you and I hate it.] Who reads my first drafts now?",
      "I do, by post, like decent people.",
    ],
    clause: "Aylin told you that she leaves for the winter",
  },
  {
    type: "meeting",
    title: "The call about the fee",
    summary:
      "The publisher wants to pay the last third only after printing. You said no, then said it again more quietly, and the decision was put off.",
    outcome: "Decision moved to Tuesday",
    tags: ["publisher", "money"],
    people: ["Frau Petersen"],
    emotions: [
      ["frustrated", 0.74],
      ["worried", 0.52],
      ["determined", 0.23],
    ],
    valence: -0.5,
    arousal: 0.7,
    at: 14.5,
    length: 64,
    from: "note",
    lines: [
      "Petersen wants the [last third only after printing]. That is next May!",
      "Said no. Said it again, [quieter, which was worse]. They answer [by Tuesday].",
    ],
    clause: "the call about the fee went badly",
  },
  {
    type: "writing",
    title: "Asked for help with the letter",
    summary:
      "Drafted the letter to the publisher with an assistant; the third version, the short one, was kept.",
    outcome: "Sent 18:22",
    tags: ["publisher", "letters"],
    people: ["Frau Petersen"],
    emotions: [
      ["calm", 0.5],
      ["relieved", 0.5],
    ],
    valence: 0.22,
    arousal: 0.25,
    at: 17.6,
    length: 50,
    from: "assistant",
    lines: [
      "Make it shorter. [I am not asking for a favour], it is in the contract.",
      "Here is a version in five sentences that names the clause and the date.",
      "[That one.] Sent it at 18:22.",
    ],
    clause: "the short letter went out before dinner",
  },
  {
    type: "social",
    title: "Choir, the slow movement",
    summary:
      "The altos found the entry in the slow movement at last. Beer at the Anker afterwards.",
    tags: ["choir", "music"],
    people: ["Ruth", "Mehdi"],
    emotions: [
      ["joyful", 0.7],
      ["content", 0.4],
    ],
    valence: 0.65,
    arousal: 0.55,
    at: 19.5,
    length: 125,
    from: "choir",
    lines: [
      "[bar 41!!] we had it, all of us, and nobody breathed",
      "I got [goosebumps] and I was the one singing wrong last week",
    ],
    clause: "the altos had the slow movement at last",
  },
  {
    type: "reflection",
    title: "Evening, Father’s tapes",
    summary:
      "Found the box of tapes with Father reading the shipping forecast. They want digitising before they crumble.",
    tags: ["family", "music"],
    people: ["Papa"],
    emotions: [
      ["nostalgic", 0.8],
      ["sad", 0.3],
    ],
    valence: 0.05,
    arousal: 0.3,
    at: 21,
    isAround: true,
    from: "note",
    lines: [
      "The tapes are in the blue box. Papa reading the forecast, [German Bight, six to seven]. [I had forgotten his s.]",
    ],
    clause: "Father’s voice came out of a blue box",
  },
  {
    type: "rest",
    title: "Slept badly, up at four",
    summary: "Awake from four, reading the same page of the contract. Coffee on the cold balcony.",
    tags: ["sleep"],
    emotions: [
      ["tired", 0.8],
      ["worried", 0.5],
    ],
    valence: -0.5,
    arousal: 0.35,
    at: 4.2,
    length: 95,
    from: "capture",
    lines: [
      "Awake since four. [Same page of the contract three times.] The gulls are already at it.",
    ],
    clause: "the night ended at four",
  },
  {
    type: "family",
    title: "Mother on the phone",
    summary:
      "Mother fell on the stairs, nothing broken. She told it as a joke and then forgot the word for banister.",
    tags: ["family", "health"],
    people: ["Mama"],
    emotions: [
      ["afraid", 0.6],
      ["sad", 0.5],
    ],
    valence: -0.65,
    arousal: 0.6,
    at: 18.1,
    length: 27,
    from: "note",
    lines: [
      "Mama [fell on the stairs]. Nothing broken. She laughed about it and then [could not find the word banister].",
    ],
    clause: "Mother fell on the stairs and made light of it",
  },
  {
    type: "errand",
    title: "Tax papers, the whole table",
    summary: "Receipts of the year sorted into shoe boxes. Two are missing.",
    tags: ["taxes", "money"],
    emotions: [
      ["bored", 0.6],
      ["frustrated", 0.3],
    ],
    valence: -0.25,
    arousal: 0.3,
    at: 10.5,
    length: 110,
    from: "note",
    lines: ["Receipts, [all of them, on the whole table]. Two from March are [simply not there]."],
    clause: "the table disappeared under receipts",
  },
  {
    type: "creative",
    title: "Sanding until the light went",
    summary:
      "The port side is down to bare wood as far as the third frame. Henning brought oak and stayed for coffee.",
    outcome: "Port side bare to the third frame",
    tags: ["boat"],
    people: ["Tomas", "Henning"],
    emotions: [
      ["content", 0.6],
      ["tired", 0.4],
    ],
    valence: 0.42,
    arousal: 0.4,
    at: 15.3,
    length: 170,
    from: "tomas",
    lines: [
      "henning has oak. HAS OAK. [for two bottles]",
      "I am at the [third frame] and cannot feel my arms. Best day this month.",
    ],
    clause: "the port side came down to bare wood",
  },
  {
    type: "other",
    title: "Beans, and rain on the roof",
    summary: "Picked the last runner beans in the allotment and sat out a shower in the shed.",
    tags: ["garden"],
    emotions: [
      ["calm", 0.8],
      ["grateful", 0.3],
    ],
    valence: 0.5,
    arousal: 0.15,
    at: 16,
    isAround: true,
    from: "note",
    lines: ["[Last beans.] Then rain so loud on the shed that [there was nothing to do but sit]."],
    clause: "rain kept you in the shed with the last beans",
  },
  {
    type: "learning",
    title: "How oakum is driven",
    summary: "Asked how seams are caulked and in which order. Noted three tools to borrow.",
    tags: ["boat", "tools"],
    emotions: [["curious", 0.8]],
    valence: 0.3,
    arousal: 0.5,
    at: 20.2,
    length: 35,
    from: "assistant",
    lines: [
      "In which order are the seams of a carvel hull caulked, and [what do I need to borrow]?",
      "From the keel upward, garboard first. You need a caulking iron, a mallet and a seam rake.",
    ],
    clause: "you learned how oakum is driven",
  },
  {
    type: "other",
    title: "A word for the sea at rest",
    summary: "Collected words for still water: Totflaute, mirror, oil, lying like lead.",
    tags: ["translation", "words"],
    emotions: [
      ["curious", 0.5],
      ["amused", 0.3],
    ],
    valence: 0.28,
    arousal: 0.3,
    from: "note",
    lines: ["Still water: Totflaute. Mirror. Oil. [It lies like lead.] None of them sleeps."],
    clause: "you looked for a word for the sea at rest",
  },
  {
    type: "celebration",
    title: "The contract came back signed",
    summary: "Frau Petersen signed the old terms after all, with a card. You danced in the hall.",
    outcome: "Signed, old terms",
    tags: ["publisher", "money"],
    people: ["Frau Petersen"],
    emotions: [
      ["joyful", 0.9],
      ["relieved", 0.8],
    ],
    valence: 0.85,
    arousal: 0.8,
    at: 11.2,
    length: 20,
    from: "capture",
    lines: [
      "SIGNED. [The old terms, the whole third], and a card with a heron. [Danced in the hall], the neighbour saw.",
    ],
    clause: "the contract came back signed, on the old terms",
  },
  {
    type: "social",
    title: "Dinner at Ruth’s, too many candles",
    summary: "Six people, one fish, a long argument about whether one may fold down pages.",
    tags: ["friends"],
    people: ["Ruth", "Mehdi", "Aylin"],
    emotions: [
      ["amused", 0.7],
      ["loving", 0.5],
    ],
    valence: 0.7,
    arousal: 0.5,
    at: 19,
    length: 210,
    from: "note",
    lines: [
      "Ruth had [eleven candles and one fish]. Mehdi folds down pages. [We may never recover.]",
    ],
    clause: "six of you shared one fish at Ruth’s",
  },
  {
    type: "conversation",
    title: "Cancelled the lake",
    summary: "You told Aylin that the weekend at the lake would not work, without saying why.",
    tags: ["friends"],
    people: ["Aylin"],
    emotions: [
      ["ashamed", 0.6],
      ["lonely", 0.4],
    ],
    valence: -0.45,
    arousal: 0.4,
    at: 22.2,
    length: 12,
    from: "aylin",
    lines: [
      "[I can’t do the lake]. Sorry. Work.",
      "All right. [Is it really work?]",
      "I’ll call you tomorrow.",
    ],
    clause: "you called off the lake and did not say why",
  },
];
