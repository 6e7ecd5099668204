/** The feelings a person can choose from, with where they lie, for their colour. */
const FEELINGS = {
  joyful: [0.85, 0.7],
  grateful: [0.7, 0.35],
  proud: [0.65, 0.6],
  loving: [0.75, 0.45],
  excited: [0.65, 0.85],
  hopeful: [0.5, 0.45],
  relieved: [0.5, 0.25],
  content: [0.5, 0.2],
  calm: [0.35, 0.1],
  amused: [0.55, 0.5],
  curious: [0.35, 0.5],
  focused: [0.25, 0.5],
  determined: [0.25, 0.65],
  energetic: [0.45, 0.75],
  surprised: [0.1, 0.75],
  nostalgic: [0.05, 0.25],
  tired: [-0.25, 0.15],
  bored: [-0.3, 0.1],
  lonely: [-0.55, 0.25],
  sad: [-0.65, 0.3],
  disappointed: [-0.5, 0.4],
  worried: [-0.45, 0.65],
  overwhelmed: [-0.5, 0.75],
  frustrated: [-0.55, 0.7],
  angry: [-0.7, 0.85],
  afraid: [-0.7, 0.8],
  ashamed: [-0.6, 0.45],
} as const satisfies Record<string, readonly [valence: number, arousal: number]>;

export const FEELING_LABELS: readonly string[] = Object.keys(FEELINGS);

/** Where a feeling lies; one that is not on the list lies where its moment does. */
export function feelingAt(
  label: string,
  moment: { valence: number; arousal: number },
): { valence: number; arousal: number } {
  if (!Object.hasOwn(FEELINGS, label)) return moment;
  const [valence, arousal] = FEELINGS[label as keyof typeof FEELINGS];
  return { valence, arousal };
}
