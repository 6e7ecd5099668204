import { describe, expect, it } from "vitest";
import { FEELING_LABELS, feelingAt } from "./emotions";
import { moodColour, moodWord } from "./mood";

const channels = (hex: string) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

/** How a person without red-sensitive cones sees a colour (Viénot 1999, simplified). */
function protan(hex: string): number[] {
  const [r = 0, g = 0, b = 0] = channels(hex);
  const yellow = 0.11238 * r + 0.88762 * g;
  return [yellow, yellow, 0.00401 * r - 0.00401 * g + b];
}

describe("the colour of a mood", () => {
  it("is blue when heavy and amber when bright", () => {
    const [red, , blue] = channels(moodColour(-0.9));
    expect(blue).toBeGreaterThan(red!);
    const [warmRed, , warmBlue] = channels(moodColour(0.9));
    expect(warmRed).toBeGreaterThan(warmBlue!);
  });

  it("goes evenly from one to the other, without jumps", () => {
    let before = channels(moodColour(-1));
    for (let valence = -1; valence <= 1; valence += 0.02) {
      const now = channels(moodColour(valence));
      const jump = Math.max(...now.map((channel, i) => Math.abs(channel - before[i]!)));
      expect(jump).toBeLessThan(20);
      before = now;
    }
  });

  it("tells heavy from bright to people who do not see red", () => {
    const [, , blueOfHeavy] = protan(moodColour(-0.7));
    const [, , blueOfBright] = protan(moodColour(0.7));
    expect(Math.abs(blueOfHeavy! - blueOfBright!)).toBeGreaterThan(70);
  });

  it("is stronger when stirred than when calm", () => {
    const spread = (hex: string) => Math.max(...channels(hex)) - Math.min(...channels(hex));
    expect(spread(moodColour(0.7, 1))).toBeGreaterThan(spread(moodColour(0.7, 0)));
  });

  it("is no mood's colour where nothing was felt", () => {
    expect(moodColour(null)).toBe("var(--line-strong)");
    expect(moodColour(undefined)).toBe(moodColour(Number.NaN));
  });

  it("stays a colour beyond the ends of the scale", () => {
    expect(moodColour(-7, 4)).toMatch(/^#[0-9a-f]{6}$/);
    expect(moodColour(7, -1)).toMatch(/^#[0-9a-f]{6}$/);
  });
});

describe("the word for a mood", () => {
  it("follows the valence", () => {
    expect([-0.8, -0.3, 0, 0.3, 0.8].map(moodWord)).toEqual([
      "heavy",
      "low",
      "even",
      "good",
      "bright",
    ]);
  });
});

describe("feelings", () => {
  it("are at least twenty to choose from, all on the scale", () => {
    expect(FEELING_LABELS.length).toBeGreaterThanOrEqual(20);
    for (const label of FEELING_LABELS) {
      const { valence, arousal } = feelingAt(label, { valence: 9, arousal: 9 });
      expect(Math.abs(valence)).toBeLessThanOrEqual(1);
      expect(arousal).toBeLessThanOrEqual(1);
    }
  });

  it("that are not on the list lie where their moment lies", () => {
    const moment = { valence: -0.2, arousal: 0.4 };
    expect(feelingAt("wistful", moment)).toEqual(moment);
    expect(feelingAt("constructor", moment)).toEqual(moment);
  });
});
