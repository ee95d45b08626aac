// Scatter: two numbers of papers against each other, with the library's smooth and its band.
import { hasBit } from "./counts.mjs";
import { grouped, h, menu, noteInWords, plain, svg } from "./dom.mjs";
import { changeState, stateOf } from "./state.mjs";
import { axes, figure, isNarrow } from "./chart.mjs";
import { inSentence, inWords } from "./corpus.mjs";
import { dataTable, rowsOfTable } from "./table.mjs";
import { paperAddress } from "./papers.mjs";
import { origins } from "./items.mjs";
import { quotedName } from "./filter.mjs";

/**
 * The variables that are numbers, with what they are called.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @returns {[string, string][]}
 */
export function numberChoices(corpus) {
  const columns = Array.from(corpus.variables.columns.values())
    .filter(({ kind }) => ["number", "count", "date"].includes(kind))
    .map(({ name }) => /** @type {[string, string]} */ ([quotedName(name), inWords(name)]));
  return [["score", "Score"], ...columns, ["n_applicable", "Applicable items"],
    ...corpus.categories.filter((category) => category !== "").map((category) => (
      /** @type {[string, string]} */ ([`score(${quotedName(category)})`, `Score: ${inWords(category)}`])))];
}

/**
 * The view.
 * @param {import("./corpus.mjs").Corpus} corpus
 */
export function scatterView(corpus) {
  const choices = numberChoices(corpus);
  const named = new Map(choices);
  const preferred = ["hn_points", "year", "n_applicable"].find((name) => named.has(name)) ?? "score";
  const x = named.has(stateOf("x")) ? stateOf("x") : preferred;
  const y = named.has(stateOf("y")) ? stateOf("y") : "score";
  const [xs, ys] = [x, y].map((name) => corpus.variables.numbersOf(corpus.variables.read(name)));
  const rows = corpus.selectedRows.filter((row) => !Number.isNaN(xs[row]) && !Number.isNaN(ys[row]));
  const smooth = smoothOf(corpus, x, y);
  const canLog = rows.every((row) => xs[row] >= 0);
  const isLog = canLog && stateOf("log") === "yes";
  const titles = /** @type {[string, string]} */ ([named.get(x) ?? x, named.get(y) ?? y]);
  const caption = `${titles[1]} against ${inSentence(titles[0])}; n = ${grouped(rows.length)} papers that have both`
    + `${smooth && smooth.length > 0 ? `, with a smooth of all ${grouped(smooth[0].n)} papers and its pointwise band` : ""}.`;
  return [
    h("h2", {}, "Scatter"),
    h("div", { class: "tools" },
      menu("Across", choices, x, (value) => changeState({ x: value })),
      menu("Up", choices, y, (value) => changeState({ y: value })),
      canLog ? menu("Scale across", [["", "linear"], ["yes", "log(1 + x)"]], isLog ? "yes" : "", (value) => changeState({ log: value })) : null),
    h("p", {}, "Each dot is a paper. ", ...(smooth ? ["The line is of all papers, whatever is selected, ", origins.library(), "."]
      : [`There is no smooth of this pair; 'metastat scores --against' has it.`])),
    rows.length > 0 ? figure("scatter", caption, plot(corpus, rows, xs, ys, smooth ?? [], isLog, titles, caption),
      numbersTable(corpus, rows, xs, ys, x, y)) : h("p", {}, "No selected paper has both numbers."),
    smooth && smooth.length > 0 ? smoothTable(smooth) : null,
    relations(corpus, x, y),
  ];
}

/**
 * The rows of the library on how one number goes with another.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {string} x
 * @param {string} y
 */
function relationRows(corpus, x, y) {
  const name = Object.keys(corpus.facts.tables).find((key) => (
    key.startsWith("against ") && [key.slice(8), quotedName(key.slice(8))].includes(y))) ?? "";
  const table = corpus.facts.tables[name];
  return table ? rowsOfTable(table).filter((row) => quotedName(row.variable) === x || row.variable === x) : [];
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {string} x
 * @param {string} y
 */
function smoothOf(corpus, x, y) {
  const rows = relationRows(corpus, x, y).filter((row) => row.part === "smooth" && row.estimate !== null && row.x !== null);
  return rows.length > 1 ? rows : null;
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {string} x
 * @param {string} y
 */
function relations(corpus, x, y) {
  const rows = relationRows(corpus, x, y).filter((row) => row.part !== "smooth");
  if (rows.length === 0) return null;
  return h("section", {}, h("h3", {}, "How they go together"), h("p", {}, origins.library()),
    dataTable({ name: "relations", caption: "Correlations, slope, and means between cuts.", rows, columns: [
      { name: "term", label: "Quantity", value: (row) => row.term },
      { name: "part", label: "Part", value: (row) => row.part },
      { name: "estimate", label: "Estimate", isNumber: true, value: (row) => row.estimate, show: (row) => plain(row.estimate, 2) },
      { name: "conf_low", label: "Interval", isNumber: true, value: (row) => row.conf_low,
        show: (row) => (row.conf_low === null ? "–" : `${plain(row.conf_low, 2)} to ${plain(row.conf_high, 2)}`) },
      { name: "conf_high", label: "", value: (row) => row.conf_high, isHidden: true },
      { name: "p_value", label: "p", isNumber: true, value: (row) => row.p_value, show: (row) => plain(row.p_value, 3) },
      { name: "n", label: "n", isNumber: true, value: (row) => row.n },
      { name: "note", label: "Note", value: (row) => row.note, show: (row) => noteInWords(row.note) },
    ] }));
}

/** @param {Record<string, any>[]} rows */
const smoothTable = (rows) => h("details", {}, h("summary", {}, "The smooth as a table"),
  dataTable({ name: "smooth", caption: "The smooth of all papers with pointwise limits.", rows, columns: [
    { name: "x", label: "At", isNumber: true, value: (row) => row.x, show: (row) => plain(row.x, 2) },
    { name: "estimate", label: "Estimate", isNumber: true, value: (row) => row.estimate, show: (row) => plain(row.estimate, 2) },
    { name: "conf_low", label: "From", isNumber: true, value: (row) => row.conf_low, show: (row) => plain(row.conf_low, 2) },
    { name: "conf_high", label: "To", isNumber: true, value: (row) => row.conf_high, show: (row) => plain(row.conf_high, 2) },
    { name: "n", label: "n", isNumber: true, value: (row) => row.n },
  ] }));

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number[]} rows
 * @param {Float64Array} xs
 * @param {Float64Array} ys
 * @param {Record<string, any>[]} smooth
 * @param {boolean} isLog
 * @param {[string, string]} titles
 * @param {string} caption
 */
function plot(corpus, rows, xs, ys, smooth, isLog, titles, caption) {
  const [width, height] = isNarrow() ? [360, 320] : [640, 400];
  const place = (/** @type {number} */ value) => (isLog ? Math.log1p(value) : value);
  const range = (/** @type {number[]} */ values) => {
    const [low, high] = values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
    const margin = low === high ? 1 : 0.03 * (high - low);
    return /** @type {[number, number]} */ ([low - margin, high + margin]);
  };
  const xRange = range(rows.map((row) => place(xs[row])));
  const yRange = range(rows.map((row) => ys[row]));
  const x = (/** @type {number} */ value) => 50 + (width - 65) * (value - xRange[0]) / (xRange[1] - xRange[0]);
  const y = (/** @type {number} */ value) => height - 40 - (height - 65) * (value - yRange[0]) / (yRange[1] - yRange[0]);
  const clipped = (/** @type {number} */ value) => y(Math.max(yRange[0], Math.min(yRange[1], value)));
  const points = rows.map((row) => ({ row, x: x(place(xs[row])), y: y(ys[row]) }));
  const inside = smooth.filter((row) => place(row.x) >= xRange[0] && place(row.x) <= xRange[1]);
  const line = inside.map((row) => `${x(place(row.x)).toFixed(1)},${clipped(row.estimate).toFixed(1)}`);
  const band = [...inside.map((row) => `${x(place(row.x)).toFixed(1)},${clipped(row.conf_high ?? row.estimate).toFixed(1)}`),
    ...inside.map((row) => `${x(place(row.x)).toFixed(1)},${clipped(row.conf_low ?? row.estimate).toFixed(1)}`).reverse()];
  const ring = svg("circle", { class: "ring", r: 7, visibility: "hidden" });
  const label = svg("text", { class: "tip", visibility: "hidden" });
  const picture = svg("svg", { class: "scatter", viewBox: `0 0 ${width} ${height}`, role: "img", tabindex: "0", "aria-label": `${caption} Arrow keys move through the papers, Enter opens one.` },
    ...axes({ x, y, width, height, xRange, yRange, xTitle: isLog ? `log(1 + ${inSentence(titles[0])})` : titles[0], yTitle: titles[1] }),
    band.length > 2 ? svg("polygon", { class: "band", points: band.join(" ") }) : null,
    svg("path", { class: "dots", d: points.map((point) => `M${point.x.toFixed(1)} ${point.y.toFixed(1)}h0`).join("") }),
    line.length > 1 ? svg("polyline", { class: "line", points: line.join(" ") }) : null, ring, label);
  points.sort((a, b) => a.x - b.x || a.y - b.y);
  let current = -1;
  const look = (/** @type {number} */ next) => {
    current = Math.max(0, Math.min(points.length - 1, next));
    const point = points[current];
    ring.setAttribute("cx", String(point.x));
    ring.setAttribute("cy", String(point.y));
    label.setAttribute("x", String(Math.min(point.x + 10, width - 10)));
    label.setAttribute("y", String(Math.max(24, point.y - 8)));
    label.setAttribute("text-anchor", point.x > width / 2 ? "end" : "start");
    label.textContent = `${corpus.title(point.row).slice(0, 60)}: ${plain(xs[point.row], 2)}, ${plain(ys[point.row], 2)}`;
    ring.setAttribute("visibility", "visible");
    label.setAttribute("visibility", "visible");
  };
  const nearest = (/** @type {PointerEvent} */ event) => {
    const box = picture.getBoundingClientRect();
    const [px, py] = [(event.clientX - box.left) * width / box.width, (event.clientY - box.top) * height / box.height];
    let [best, least] = [0, Infinity];
    points.forEach((point, place) => {
      const distance = (point.x - px) ** 2 + (point.y - py) ** 2;
      if (distance < least) [best, least] = [place, distance];
    });
    return best;
  };
  const open = () => { if (current >= 0) location.hash = paperAddress(corpus, points[current].row); };
  picture.addEventListener("pointermove", (event) => look(nearest(event)));
  picture.addEventListener("click", open);
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      look(current + step);
    } else if (event.key === "Enter") open();
  });
  return picture;
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number[]} rows
 * @param {Float64Array} xs
 * @param {Float64Array} ys
 * @param {string} x
 * @param {string} y
 */
const numbersTable = (corpus, rows, xs, ys, x, y) => dataTable({
  name: "scatter", caption: "The papers of the plot.", rows, sort: `-${x}`,
  columns: [
    { name: "title", label: "Paper", value: (row) => corpus.title(row), show: (row) => h("a", { href: paperAddress(corpus, row) }, corpus.title(row)) },
    { name: "paper", label: "", value: (row) => corpus.facts.slugs[row], isHidden: true },
    { name: x, label: x, isNumber: true, value: (row) => xs[row], show: (row) => plain(xs[row], 2) },
    { name: y === x ? `${y}_2` : y, label: y, isNumber: true, value: (row) => ys[row], show: (row) => plain(ys[row], 2) },
    { name: "selected", label: "", value: (row) => Number(hasBit(corpus.selection, row)), isHidden: true },
  ],
});
