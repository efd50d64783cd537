// Pictures of the page, as SVG. They look like those of the experiments (cli/src/report/chart.rs): on white, so that
// they can be read on dark pages too, in colours for all kinds of colour vision.

import { digits } from "./table.mjs";

const WIDTH = 720;
const INK = "#222222";
const AXIS = "#777777";
const GRID = "#E4E4E4";
const PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999"];
const LINE_HEIGHT = 15;
const CHARACTER = 6.6;

/** Curves of points [x, y] on logarithmic axes, each with its name at its end. Those of one `group` have one colour. */
export function curves({ title, xLabel, yLabel, series }) {
  const height = 440;
  const shown = series.filter(({ points }) => points.length > 0);
  const longest = Math.max(...shown.map(({ name }) => name.length));
  const area = { left: 76, right: WIDTH - 36 - longest * CHARACTER, top: 42, bottom: height - 58 };
  const all = shown.flatMap(({ points }) => points);
  const scaleX = logScale(
    all.map(([x]) => x),
    [area.left, area.right],
    false,
  );
  const scaleY = logScale(
    all.map(([, y]) => y),
    [area.bottom, area.top],
    true,
  );
  const parts = [];
  for (const tick of scaleX.ticks) {
    const x = scaleX.of(tick);
    parts.push(line(x, area.bottom, x, area.top, GRID));
    parts.push(label(x, area.bottom + 18, tick.toLocaleString("en"), { anchor: "middle" }));
  }
  for (const tick of scaleY.ticks) {
    const y = scaleY.of(tick);
    parts.push(line(area.left, y, area.right, y, GRID));
    parts.push(label(area.left - 8, y + 4, short(tick), { anchor: "end" }));
  }
  parts.push(line(area.left, area.bottom, area.right, area.bottom, AXIS));
  parts.push(line(area.left, area.bottom, area.left, area.top, AXIS));
  parts.push(label((area.left + area.right) / 2, height - 14, xLabel, { anchor: "middle" }));
  const middle = (area.top + area.bottom) / 2;
  parts.push(
    `<text x="18" y="${middle}" transform="rotate(270, 18, ${middle})" text-anchor="middle">${escaped(yLabel)}</text>`,
  );
  const ends = shown.map(({ points }) => scaleY.of(points.at(-1)[1]));
  const places = pushedApart(ends, area);
  shown.forEach(({ name, points, dashed, group }, index) => {
    const colour = PALETTE[(group ?? index) % PALETTE.length];
    const pixels = points.map(([x, y]) => [scaleX.of(x).toFixed(1), scaleY.of(y).toFixed(1)]);
    const dashes = dashed ? ' stroke-dasharray="6 4"' : "";
    parts.push(
      `<polyline points="${pixels.map((pixel) => pixel.join()).join(" ")}" fill="none" stroke="${colour}" stroke-width="2"${dashes}/>`,
    );
    for (const [x, y] of pixels) parts.push(`<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`);
    const end = area.right + 20;
    parts.push(
      line(pixels.at(-1)[0], pixels.at(-1)[1], end, places[index], colour, ' stroke-dasharray="1 3"'),
    );
    parts.push(`<circle cx="${end}" cy="${places[index].toFixed(1)}" r="3.5" fill="${colour}"/>`);
    parts.push(label(end + 9, places[index] + 4, name));
  });
  return svg(height, title, parts);
}

/** Horizontal bars, each of one part or several, with their sum at the end. */
export function bars({ title, unit, rows, parts: names = [""] }) {
  const [left, right] = [24 + Math.max(...rows.map(({ name }) => name.length)) * CHARACTER, WIDTH - 90];
  const [top, step, thick] = [names.length > 1 ? 70 : 48, 30, 18];
  const height = top + rows.length * step + 14;
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const most = Math.max(...rows.map(({ values }) => sum(values)));
  const parts = [];
  let legend = 12;
  if (names.length > 1) {
    names.forEach((name, index) => {
      parts.push(`<rect x="${legend}" y="44" width="11" height="11" fill="${PALETTE[index]}"/>`);
      parts.push(label(legend + 16, 54, name));
      legend += 36 + name.length * CHARACTER;
    });
  }
  rows.forEach(({ name, values }, place) => {
    const y = top + place * step;
    parts.push(label(left - 8, y + thick - 5, name, { anchor: "end" }));
    let x = left;
    values.forEach((value, index) => {
      const width = (value / most) * (right - left);
      parts.push(
        `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${thick}" fill="${PALETTE[index]}"/>`,
      );
      x += width;
    });
    parts.push(label(x + 6, y + thick - 5, `${digits(sum(values))} ${unit}`));
  });
  parts.push(line(left, top - 6, left, top + rows.length * step, AXIS));
  return svg(height, title, parts);
}

/** A logarithmic scale from values to pixels, with a tick for each power of ten. It may reach from tick to tick. */
function logScale(values, [from, to], toTicks) {
  let low = Math.log10(Math.min(...values));
  let high = Math.log10(Math.max(...values));
  if (toTicks || low === high)
    [low, high] = [Math.floor(low), Math.max(Math.ceil(high), Math.floor(low) + 1)];
  const first = Math.ceil(low - 1e-9);
  const count = Math.floor(high + 1e-9) - first + 1;
  const ticks = Array.from({ length: count }, (_, i) => 10 ** (first + i));
  return { ticks, of: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from) };
}

/** Places of the names: those wanted, moved until they are a line apart. */
function pushedApart(wanted, { bottom }) {
  const order = wanted.map((_, index) => index).sort((one, other) => wanted[one] - wanted[other]);
  const places = [...wanted];
  order.forEach((index, rank) => {
    if (rank > 0) places[index] = Math.max(places[index], places[order[rank - 1]] + LINE_HEIGHT);
  });
  let limit = bottom;
  for (const index of order.reverse()) {
    places[index] = Math.min(places[index], limit);
    limit = places[index] - LINE_HEIGHT;
  }
  return places;
}

const short = (number) => (number < 1 ? String(Number(number.toPrecision(1))) : number.toLocaleString("en"));

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function line(x1, y1, x2, y2, colour, more = "") {
  const [a, b, c, d] = [x1, y1, x2, y2].map((number) => Number(number).toFixed(1));
  return `<line x1="${a}" y1="${b}" x2="${c}" y2="${d}" stroke="${colour}"${more}/>`;
}

function label(x, y, text, { anchor = "start" } = {}) {
  return `<text x="${Number(x).toFixed(1)}" y="${Number(y).toFixed(1)}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function svg(height, title, parts) {
  return `<svg role="img" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12" fill="${INK}">
<title>${escaped(title)}</title>
<rect width="${WIDTH}" height="${height}" fill="#FFFFFF"/>
<text x="12" y="26" font-size="16" font-weight="bold">${escaped(title)}</text>
${parts.join("\n")}
</svg>
`;
}
