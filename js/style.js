// The style scores. Their module is inlined, so there is nothing to configure; it is another one than the library's.

import start, { Style } from "leaning-style-wasm";
import base64 from "leaning-style-wasm-binary";
import { bytes } from "./bytes.js";
import { LeaningError } from "./error.js";
import { STYLE } from "./style-features.js";

export { LeaningError, STYLE };

let starting;
let style;

export function init(source) {
  starting ??= Promise.resolve(source ?? bytes(base64))
    .then((found) => start({ module_or_path: found }))
    .then(
      () => {
        style = new Style();
      },
      (error) => {
        // The next call may try again, with a better source.
        starting = undefined;
        throw new LeaningError("not-ready", `could not load: ${error.message}`);
      },
    );
  return starting;
}

export function scoreStyle(texts, basis) {
  if (!style) throw new LeaningError("not-ready", "call `await init()` before anything else");
  const project = basis ? projection(basis) : (features) => Array.from(features);
  return Array.from(texts, (text, index) => {
    if (typeof text !== "string") throw new LeaningError("candidates", `[${index}]: expected a text`, `[${index}]`);
    return project(style.measure(text));
  });
}

/** The sums are taken in the order in which `leaning build` takes them, so that the bits agree. */
function projection({ features, mean, scale, head }) {
  const fits = (numbers) => numbers?.length === features.length;
  const sound = Array.isArray(features) && Array.isArray(head) && [mean, scale, ...head].every(fits);
  if (!sound) throw new LeaningError("deck", "basis: expected a number for each feature", "basis");
  const places = features.map((name, k) => {
    const place = STYLE.findIndex((feature) => feature.name === name);
    const path = `basis.features[${k}]`;
    if (place < 0) throw new LeaningError("deck", `${path}: "${name}" is not measured in the text`, path);
    return place;
  });
  return (measured) => {
    const standard = places.map((place, k) => (measured[place] - mean[k]) / scale[k]);
    return head.map((row) => standard.reduce((sum, x, k) => sum + row[k] * x, 0));
  };
}
