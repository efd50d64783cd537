// Random numbers that are the same for the same seed, whichever worker draws them and in whatever order.

/** Spreads a number of 32 bits over all of them: the finalizer of MurmurHash3. */
function mix(bits) {
  let mixed = bits ^ (bits >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * The generator for these whole numbers, such as a seed, a person and the use: sfc32, small and fast. `uniform` draws from
 * 0 to below 1, and `normal` from the standard normal distribution.
 */
export function randomOf(...keys) {
  const words = [1, 2, 3, 4].map((word) =>
    keys.reduce((bits, key) => mix(bits + Math.imul(key, 0x9e3779b1)), mix(word)),
  );
  let [a, b, c, count] = words;
  const next = () => {
    const sum = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round++) next();
  const uniform = () => next() / 2 ** 32;
  /** Box and Muller. 1 − u is never 0. */
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}
