import { number, plural } from "../plural";

export const welcome = {
  label: "Welcome",
  kicker: "REM Journal",
  title: "The journal nobody had time to write.",
  lead: "You already keep notes and chats. This journal reads them where they are, and at night it writes down what happened: moments with their hours, people and moods, each with the exact words it rests on.",
  promises: [
    ["It stays here", "Nothing leaves this machine. No account, no telemetry, no network."],
    [
      "It only reads",
      "Your files are never changed. All it writes can be dropped and dreamt again.",
    ],
    ["You decide", "What you correct stays corrected, in every later dream."],
  ] as const,
  choose: "Choose folders…",
  chooseHint: "With notes, diaries, or exported chats. Everything inside is looked at.",
  chooseFile: "or a single file…",
  sample: "Look around in the sample journal",
  sampleHint: "An invented person’s weeks, to see what it does before you show it anything.",
  chosen: "What it reads",
  another: "Another folder…",
  reading: (done: number, total: number) =>
    total ? `${number(done)} of ${number(total)} files` : "looking for files",
  read: (n: number) => plural(n, { one: "# note or message", other: "# notes and messages" }),
  nothing: "nothing in it that the journal understands",
  daysTitle: "Your days",
  zone: "Time zone",
  dayStart: "A day begins at",
  dayStartHint: "Night owls choose 04:00.",
  dream: "Dream now",
  dreamHint: (n: number) =>
    n
      ? plural(n, { one: "# day to read", other: "# days to read" })
      : "There is nothing to dream about yet.",
  waitForReading: "As soon as everything is read.",
  dreaming: "The first dream",
  dreamingHint: "You may close the window; it goes on.",
  done: "Good morning.",
  doneEmpty: "Awake again.",
  open: "Open the journal",
  later: "Not now, just open the journal",
  failed: "The dream broke off. What was finished is kept.",
  again: "Try again",
};
