// Pictures: intervals, axes, and saving a picture as a file.
import { button, download, h, limits, percent, svg } from "./dom.mjs";

/** How pictures look when they are saved, away from the page's own style. */
const style = `text{font:12px sans-serif;fill:#1b1b1b}.axis,.tick{stroke:#767676}.low{stroke:#767676;stroke-width:2}
.mark{fill:#00558a}.rest{fill:#a04000}.band{fill:#00558a;opacity:.15}.line{stroke:#00558a;fill:none;stroke-width:2}`;

/** Whether the window is a phone's: pictures are drawn narrower then, so that their text stays readable. */
export const isNarrow = () => matchMedia("(max-width: 45rem)").matches;

/**
 * The picture of a share and its limits, from 0 to 100%, in a row of a table.
 * @param {{estimate: number | null, low: number | null, high: number | null}} rate
 * @param {{estimate: number | null, low: number | null, high: number | null} | null} rest
 */
export function intervalBar(rate, rest = null) {
  const x = (/** @type {number} */ share) => (3 + 94 * share).toFixed(2);
  // The axis is the border below, which costs less than lines of its own in every row.
  const draw = (/** @type {typeof rate} */ part, /** @type {string} */ mark, /** @type {number} */ y) => [
    part.low === null || part.high === null ? null
      : svg("line", { class: "low", x1: x(part.low), x2: x(part.high), y1: y, y2: y }),
    part.estimate === null ? null : svg("circle", { class: mark, cx: x(part.estimate), cy: y, r: 3.2 }),
  ];
  const picture = svg("svg", {
    class: "bar", viewBox: "0 0 100 16", role: "img",
    "aria-label": `${percent(rate.estimate)} (${limits(rate.low, rate.high)})`,
  }, ...draw(rate, "mark", rest ? 4 : 7), ...(rest ? draw(rest, "rest", 10) : []));
  return picture;
}

/**
 * A picture with its caption, a button that saves it, and its numbers as a table.
 * @param {string} name
 * @param {string} caption
 * @param {SVGSVGElement} picture
 * @param {HTMLElement} table
 */
export function figure(name, caption, picture, table) {
  return h("figure", {},
    picture,
    h("figcaption", {}, caption),
    h("div", { class: "tools" }, button("Save SVG", () => saveSVG(name, picture), { "aria-label": `Save as SVG: ${caption}` })),
    h("details", {}, h("summary", {}, "The numbers as a table"), table));
}

/**
 * Saves a picture with a style of its own.
 * @param {string} name
 * @param {SVGSVGElement} picture
 */
export function saveSVG(name, picture) {
  const copy = /** @type {SVGSVGElement} */ (picture.cloneNode(true));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.prepend(svg("style", {}, style));
  download(`${name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(copy));
}

/**
 * Round numbers that cover a range.
 * @param {number} low
 * @param {number} high
 * @param {number} count
 */
export function ticks(low, high, count = 5) {
  if (!(high > low)) return [low];
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw) ?? raw;
  const found = [];
  for (let tick = Math.ceil(low / step); tick * step <= high + step * 1e-9; tick += 1) {
    found.push(Number((tick * step).toPrecision(12)));
  }
  return found;
}

/**
 * Axes of a plot with their ticks and titles.
 * @param {{x: (value: number) => number, y: (value: number) => number, width: number, height: number,
 *   xRange: [number, number], yRange: [number, number], xTitle: string, yTitle: string}} plot
 */
export function axes({ x, y, width, height, xRange, yRange, xTitle, yTitle }) {
  const [left, bottom] = [x(xRange[0]), y(yRange[0])];
  const parts = [
    svg("line", { class: "axis", x1: left, x2: x(xRange[1]), y1: bottom, y2: bottom }),
    svg("line", { class: "axis", x1: left, x2: left, y1: bottom, y2: y(yRange[1]) }),
    svg("text", { x: (left + x(xRange[1])) / 2, y: height - 4, "text-anchor": "middle" }, xTitle),
    svg("text", { x: 12, y: 12 }, yTitle),
  ];
  for (const tick of ticks(...xRange)) {
    parts.push(svg("text", { x: x(tick), y: bottom + 16, "text-anchor": "middle" }, String(tick)));
    parts.push(svg("line", { class: "tick", x1: x(tick), x2: x(tick), y1: bottom, y2: bottom + 4 }));
  }
  for (const tick of ticks(...yRange)) {
    parts.push(svg("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, String(tick)));
    parts.push(svg("line", { class: "tick", x1: left - 4, x2: left, y1: y(tick), y2: y(tick) }));
  }
  void width;
  return parts;
}
