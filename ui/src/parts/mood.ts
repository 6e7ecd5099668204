/** The one place where a mood gets its colour and its word: blue heavy, sand even, amber bright. */

type Lab = readonly [lightness: number, a: number, b: number];

const STOPS: readonly (readonly [valence: number, hex: string])[] = [
  [-0.8, "#4767ad"],
  [-0.4, "#6f88c1"],
  [-0.12, "#a2a8bf"],
  [0.05, "#c6b6ab"],
  [0.35, "#e0b577"],
  [0.8, "#e89a42"],
];

const stops = STOPS.map(([valence, hex]) => [valence, labOf(hex)] as const);

/**
 * The colour of a mood. Valence chooses between blue and amber, whose difference every common
 * colour-blindness leaves; arousal makes it a little stronger. Nothing felt: no colour.
 */
export function moodColour(
  valence: number | null | undefined,
  arousal: number | null | undefined = 0.5,
): string {
  if (valence === null || valence === undefined || Number.isNaN(valence))
    return "var(--line-strong)";
  const [lightness, a, b] = between(valence);
  const strength = 0.88 + 0.24 * clamp(arousal ?? 0.5, 0, 1);
  return hexOf([lightness, a * strength, b * strength]);
}

export type MoodWord = "heavy" | "low" | "even" | "good" | "bright";

export function moodWord(valence: number): MoodWord {
  if (valence < -0.5) return "heavy";
  if (valence < -0.15) return "low";
  if (valence <= 0.15) return "even";
  if (valence <= 0.5) return "good";
  return "bright";
}

function between(valence: number): Lab {
  const first = stops[0]!;
  const last = stops[stops.length - 1]!;
  const at = clamp(valence, first[0], last[0]);
  for (let i = 1; i < stops.length; i++) {
    const [low, from] = stops[i - 1]!;
    const [high, to] = stops[i]!;
    if (at <= high) {
      const t = (at - low) / (high - low);
      return [0, 1, 2].map((k) => from[k]! + (to[k]! - from[k]!) * t) as unknown as Lab;
    }
  }
  return last[1];
}

function clamp(n: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, n));
}

// Oklab by Björn Ottosson: mixing in it keeps the steps between colours even to the eye.
function labOf(hex: string): Lab {
  const [r, g, b] = [1, 3, 5].map((i) => linear(parseInt(hex.slice(i, i + 2), 16) / 255)) as [
    number,
    number,
    number,
  ];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function hexOf([lightness, a, b]: Lab): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const byte = (channel: number) =>
    Math.round(clamp(encoded(clamp(channel, 0, 1)), 0, 1) * 255)
      .toString(16)
      .padStart(2, "0");
  return `#${channels.map(byte).join("")}`;
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function encoded(channel: number): number {
  return channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055;
}
