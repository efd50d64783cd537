// The pass over all pairs in plain JavaScript: for each pair the mean and the variance of its utility, and the
// D-optimal score. It is less work than the information gain, which integrates over the utility.

/** I(u) of a choice between two: p (1 − p). */
function information(mean) {
  const p = 1 / (1 + Math.exp(-mean));
  return p * (1 - p);
}

/** The place of the pair with the highest log(1 + I(mᵀz) · zᵀSz), of n × d differences in one array. */
export function plainPass(differences, mean, covariance) {
  const d = mean.length;
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let pair = 0, start = 0; start < differences.length; pair++, start += d) {
    let utility = 0;
    let variance = 0;
    for (let j = 0; j < d; j++) {
      const z = differences[start + j];
      utility += mean[j] * z;
      let sum = 0;
      for (let k = 0; k < d; k++) sum += covariance[j * d + k] * differences[start + k];
      variance += z * sum;
    }
    const score = Math.log1p(information(utility) * variance);
    if (score > highest) {
      highest = score;
      best = pair;
    }
  }
  return best;
}

/** As `plainPass`, with the inner loop written out four terms at a time. The dimensions are a multiple of four. */
export function unrolledPass(differences, mean, covariance) {
  const d = mean.length;
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let pair = 0, start = 0; start < differences.length; pair++, start += d) {
    let utility = 0;
    let variance = 0;
    for (let j = 0; j < d; j++) {
      const z = differences[start + j];
      utility += mean[j] * z;
      const row = j * d;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0; k < d; k += 4) {
        s0 += covariance[row + k] * differences[start + k];
        s1 += covariance[row + k + 1] * differences[start + k + 1];
        s2 += covariance[row + k + 2] * differences[start + k + 2];
        s3 += covariance[row + k + 3] * differences[start + k + 3];
      }
      variance += z * (s0 + s1 + (s2 + s3));
    }
    const score = Math.log1p(information(utility) * variance);
    if (score > highest) {
      highest = score;
      best = pair;
    }
  }
  return best;
}
