// Exact samples of the discrete Laplace distribution, by whole numbers alone: a sampler in floating point has holes that
// tell what the noise was added to (Mironov 2012). Canonne, Kamath & Steinke, "The Discrete Gaussian for Differential
// Privacy" (2020), algorithms 1 and 2.

/** Uniform random bits, 32 at a time. */
export type Bits = () => number;

/** Those of the browser. */
export const secureBits: Bits = () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

const TWO_TO_32 = 2 ** 32;

/** Uniform on 0..bound, for a bound of at most 2³². */
export function below(bound: number, bits: Bits): number {
  // The last, incomplete run of remainders is drawn again.
  const limit = TWO_TO_32 - (TWO_TO_32 % bound);
  for (;;) {
    const drawn = bits();
    if (drawn < limit) return drawn % bound;
  }
}

/** True with probability exp(−a/b), for whole numbers 0 ≤ a ≤ b (algorithm 1). */
export function bernoulliExp(a: number, b: number, bits: Bits): boolean {
  let k = 1;
  // True with probability a / (b k).
  while (below(b * k, bits) < a) k++;
  return k % 2 === 1;
}

/**
 * A whole number n with probability proportional to exp(−|n| s / t), for whole numbers s and t above 0 (algorithm 2).
 * With t = 1000 × sensitivity and s = 1000 × ε, adding it is ε-differentially private.
 */
export function discreteLaplace(s: number, t: number, bits: Bits): number {
  for (;;) {
    const u = below(t, bits);
    if (!bernoulliExp(u, t, bits)) continue;
    let v = 0;
    while (bernoulliExp(1, 1, bits)) v++;
    const magnitude = Math.floor((u + t * v) / s);
    const isNegative = below(2, bits) === 1;
    // Zero has no sign, and must not count twice.
    if (isNegative && magnitude === 0) continue;
    return isNegative ? -magnitude : magnitude;
  }
}
