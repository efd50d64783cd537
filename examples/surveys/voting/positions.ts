// Positions of parties on theses, from -1 to 1, and their means by topic.

export interface Party {
  id: string;
  /** The mean position on each topic, from -1 to 1. */
  scores: number[];
  /** The position on each thesis by its id, from -1 to 1; null for none. */
  positions: Map<string, number | null>;
}

/** The mean position of a party on a topic, over the theses on which it has one. */
export function meanPosition(lean: number[], own: (number | null)[]): number {
  let [sum, weight] = [0, 0];
  for (const [thesis, position] of own.entries()) {
    if (position === null) continue;
    sum += lean[thesis]! * position;
    weight += Math.abs(lean[thesis]!);
  }
  return weight > 0 ? sum / weight : 0;
}

/** One minus the variance about the means by topic, as a share of the variance between parties. */
export function keptShare(leans: number[][], positions: (number | null)[][], parties: Party[]): number {
  let [lost, all] = [0, 0];
  for (const thesis of leans[0]!.keys()) {
    const expected = parties.map(({ scores }) =>
      scores.reduce((sum, mean, topic) => sum + mean * leans[topic]![thesis]!, 0),
    );
    const known = positions.flatMap((own, party) => {
      const position = own[thesis];
      return typeof position === "number" ? { position, rest: position - expected[party]! } : [];
    });
    all += squares(known.map(({ position }) => position));
    lost += squares(known.map(({ rest }) => rest));
  }
  return all > 0 ? Math.max(0, 1 - lost / all) : 1;
}

/** The sum of squared differences from the mean. */
function squares(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** How far a person's view of a thesis is from a position, from 0 to 2. */
export type View = (position: number) => number;

/** The view of somebody who answered, from -1 to 1. */
export function answered(answer: number): View {
  return (position) => Math.abs(position - answer);
}

/** The cuts between five levels of a rating, in units of reward: those of a deck with the usual `spread`. */
const CUTS = [-2.1, -0.7, 0.7, 2.1];

/** The view that is expected of somebody who was not asked, from their reward for the thesis. */
export function predicted(reward: number): View {
  const upTo = [...CUTS.map((cut) => 1 / (1 + Math.exp(reward - cut))), 1];
  return (position) =>
    upTo.reduce((sum, share, level) => {
      const probability = share - (upTo[level - 1] ?? 0);
      return sum + probability * Math.abs(position - (level - 2) / 2);
    }, 0);
}

/** How much a party agrees with a person's views, by thesis: 1 if wholly. Null if it has no position on any of them. */
export function agreement({ positions }: Party, views: ReadonlyMap<string, View>): number | null {
  const distances = [...views].flatMap(([thesis, view]) => {
    const position = positions.get(thesis);
    return typeof position === "number" ? view(position) : [];
  });
  if (distances.length === 0) return null;
  return 1 - distances.reduce((sum, distance) => sum + distance, 0) / 2 / distances.length;
}
