// How a cost grows.

/** The exponent b and the factor a of y = a xᵇ, by least squares on the logarithms of the points [x, y]. */
export function powerLaw(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const meanOf = (place) => logs.reduce((sum, point) => sum + point[place], 0) / logs.length;
  const [meanX, meanY] = [meanOf(0), meanOf(1)];
  let [covariance, variance] = [0, 0];
  for (const [x, y] of logs) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  const exponent = covariance / variance;
  return { exponent, factor: Math.exp(meanY - exponent * meanX) };
}
