// Learning curves as a picture: a line for each strategy, and at each point its 95% interval. Colours, dashes and marks
// each tell the lines apart, for whoever cannot see one of them.

import { element } from "../page.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 320;
const MARGIN = { top: 16, right: 16, bottom: 44, left: 40 };
/** The space between the axes and the first and last points, for marks and intervals that are moved apart. */
const INSET = 14;
/** The distance by which the points of neighbouring curves are moved apart, in pixels, so that intervals can be seen. */
const APART = 3;
/** The height of a line of text, in pixels. */
const LINE = 20;
/** The fewest pixels between two numbers below the axis. */
const LABEL_GAP = 32;

/** Paths of marks around 0, by the place of a curve. */
const MARKS = [
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
  "M-4 -4H4V4H-4Z",
  "M0 -5L5 4H-5Z",
  "M0 -5.5L5.5 0L0 5.5L-5.5 0Z",
  "M0 5L5 -4H-5Z",
  "M-4 -4L4 4M4 -4L-4 4",
  "M0 -5V5M-5 0H5",
];

function draw(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export class Chart {
  #box;
  #legend;

  constructor(box, legend) {
    this.#box = box;
    this.#legend = legend;
  }

  /**
   * Draws curves as wide as the box is. `floor` is where the axis begins, unless something lies below. `advice` are the lines
   * in the place of curves that have no points.
   */
  draw(curves, { name, floor, answers, advice }) {
    const width = Math.max(240, this.#box.clientWidth);
    const known = curves.flatMap(({ points }) => points.filter(({ mean }) => mean !== undefined));
    const [low, high] = range(known, floor);
    const x = (after) =>
      MARGIN.left + INSET + (after / answers) * (width - MARGIN.left - MARGIN.right - 2 * INSET);
    const y = (value) =>
      HEIGHT - MARGIN.bottom - ((value - low) / (high - low)) * (HEIGHT - MARGIN.bottom - MARGIN.top);
    const picture = draw("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img" });
    picture.setAttribute("aria-label", `${name}, by number of answers. The table below has the figures.`);
    picture.append(...axes({ width, low, high, answers, x, y }));
    if (known.length === 0) {
      for (const [place, line] of advice.entries()) {
        const text = draw("text", { x: width / 2, y: HEIGHT / 2 + place * LINE, class: "empty" });
        text.textContent = line;
        picture.append(text);
      }
    }
    for (const [place, { points }] of curves.entries()) {
      const shift = (place - (curves.length - 1) / 2) * APART;
      picture.append(
        curve(
          points.filter(({ mean }) => mean !== undefined),
          place,
          (after) => x(after) + shift,
          y,
        ),
      );
    }
    this.#box.replaceChildren(picture);
    this.#legend.replaceChildren(
      ...curves.map(({ name }, place) => {
        const sample = draw("svg", {
          viewBox: "-16 -8 32 16",
          width: 32,
          height: 16,
          class: `curve curve-${place}`,
        });
        sample.append(
          draw("path", { class: "line", d: "M-16 0H16" }),
          draw("path", { class: "mark", d: MARKS[place] }),
        );
        return element("li", {}, sample, name);
      }),
    );
  }
}

/** The ends of the axis: all intervals lie between. */
function range(points, floor) {
  const least = Math.min(floor, ...points.map(({ low }) => low));
  const most = Math.max(...(points.length > 0 ? points.map(({ high }) => high) : [1]));
  const step = stepOf(most - floor);
  return [least < floor ? Math.floor(least / step) * step : floor, Math.ceil(most / step - 1e-9) * step];
}

/** A round distance between lines: four to eight of them. */
function stepOf(span) {
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((step) => span / step <= 7) ?? 1;
}

function axes({ width, low, high, answers, x, y }) {
  const parts = [];
  const text = (content, attributes) => {
    const made = draw("text", attributes);
    made.textContent = content;
    parts.push(made);
  };
  const step = stepOf(high - low);
  for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + 1e-9; value += step) {
    parts.push(draw("path", { class: "grid", d: `M${MARGIN.left} ${y(value)}H${width - MARGIN.right}` }));
    text(value.toFixed(step < 0.1 ? 2 : 1), { x: MARGIN.left - 8, y: y(value) + 4, class: "low" });
  }
  const steps = [1, 2, 5, 10, 20, 50];
  const gap = steps.find((one) => x(one) - x(0) >= LABEL_GAP) ?? answers;
  for (let after = 0; after <= answers; after += gap)
    text(after, { x: x(after), y: HEIGHT - MARGIN.bottom + 20, class: "below" });
  text("answers", { x: width - MARGIN.right, y: HEIGHT - 6, class: "low" });
  return parts;
}

function curve(points, place, x, y) {
  const at = ({ answers, mean }) => `${x(answers).toFixed(1)} ${y(mean).toFixed(1)}`;
  const group = draw("g", { class: `curve curve-${place}` });
  if (points.length > 1) group.append(draw("path", { class: "line", d: `M${points.map(at).join("L")}` }));
  for (const point of points) {
    const { answers, low, high } = point;
    group.append(
      draw("path", {
        class: "interval",
        d: `M${x(answers).toFixed(1)} ${y(low).toFixed(1)}V${y(high).toFixed(1)}`,
      }),
      draw("path", { class: "mark", d: MARKS[place], transform: `translate(${at(point)})` }),
    );
  }
  return group;
}
