// A reliability diagram: how often predictions were right by how sure they were, with 95% intervals. Where both agree, points
// lie on the line.

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [360, 260];
const MARGIN = { top: 30, right: 24, bottom: 44, left: 48 };

function draw(tag, attributes, content) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (content !== undefined) made.textContent = content;
  return made;
}

const x = (sure) => MARGIN.left + ((sure - 0.5) / 0.5) * (WIDTH - MARGIN.left - MARGIN.right);
const y = (share) => HEIGHT - MARGIN.bottom - share * (HEIGHT - MARGIN.top - MARGIN.bottom);

/** The diagram of bins. */
export function reliability(bins) {
  const label =
    "Share of predictions that were right, by how sure they were. The table below has the figures.";
  const picture = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    picture.append(
      draw("path", { class: "grid", d: `M${MARGIN.left} ${y(share)}H${WIDTH - MARGIN.right}` }),
      draw("text", { x: MARGIN.left - 8, y: y(share) + 4, class: "end" }, `${100 * share}%`),
    );
  }
  for (const sure of [0.5, 0.6, 0.7, 0.8, 0.9, 1]) {
    picture.append(
      draw(
        "text",
        { x: x(sure), y: HEIGHT - MARGIN.bottom + 18, class: "middle" },
        `${Math.round(100 * sure)}%`,
      ),
    );
  }
  picture.append(
    draw("text", { x: WIDTH - MARGIN.right, y: HEIGHT - 6, class: "end" }, "how sure it was"),
    draw("text", { x: 4, y: 14 }, "share that was right"),
    draw("path", { class: "ideal", d: `M${x(0.5)} ${y(0.5)}L${x(1)} ${y(1)}` }),
  );
  for (const { count, expected, share, interval } of bins) {
    if (count === 0) continue;
    const [low, high] = interval;
    picture.append(
      draw("path", { class: "interval", d: `M${x(expected)} ${y(low)}V${y(high)}` }),
      draw("circle", { class: "point", cx: x(expected), cy: y(share), r: 5 }),
    );
  }
  return picture;
}
