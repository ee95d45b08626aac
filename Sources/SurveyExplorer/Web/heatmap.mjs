// Papers × items: a map of all answers, drawn as far as it is seen, with a cell under the cursor.
import { grouped, h, menu, percent } from "./dom.mjs";
import { addressWith, changeState, stateOf } from "./state.mjs";
import { dataTable, rowsOfTable, sortedRows } from "./table.mjs";
import { answerMark, otherReadings } from "./paper.mjs";
import { paperAddress } from "./papers.mjs";
import { states } from "./corpus.mjs";
import { keyOfRow } from "./items.mjs";

/** The sizes of a cell, in pixels. */
const zooms = [4, 8, 14, 22];

/** The cell that is looked at, kept while the map is drawn anew. */
const cursor = { row: 0, item: 0 };

/**
 * The view.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {import("./data.mjs").Texts | null} texts
 */
export function heatmapView(corpus, texts) {
  const showsDisagreements = stateOf("show") === "disagreements";
  const hasOthers = corpus.hasSeveralRows || corpus.facts.readings.length > 0;
  const order = stateOf("order") || "-score";
  const rows = orderedRows(corpus, order);
  const zoom = Number(stateOf("zoom")) || (rows.length > 400 ? 4 : 14);
  const size = zooms.includes(zoom) ? zoom : 14;
  /** @type {[string, string][]} */
  const orders = [["-score", "score, highest first"], ["score", "score, lowest first"], ["input", "name"],
    ...["year", "type", "venue"].filter((name) => corpus.variables.columns.has(name))
      .map((name) => /** @type {[string, string]} */ ([name, name]))];
  const items = orderedItems(corpus);
  const differing = hasOthers ? disagreementsOf(corpus, rows, texts) : null;
  return [
    h("h2", {}, "Papers × items"),
    h("p", {}, `${grouped(rows.length)} papers down, ${corpus.facts.items.length} items across. `,
      ...Object.entries(states).flatMap(([state, { word }]) => [h("span", { class: `key ${state}` }), ` ${word}  `]),
      "– Arrow keys move through the cells, Enter opens the paper."),
    h("div", { class: "tools" },
      menu("Order", orders, order, (value) => changeState({ order: value })),
      menu("Items", [["", "as the instrument"], ["-rate", "most passed first"]], stateOf("items"), (value) => changeState({ items: value })),
      menu("Zoom", zooms.map((value, place) => /** @type {[string, string]} */ ([String(value), `${place + 1} of ${zooms.length}`])),
        String(size), (value) => changeState({ zoom: value })),
      hasOthers ? menu("Show", [["", "answers"], ["disagreements", "disagreements of versions and raters"]], stateOf("show"),
        (value) => changeState({ show: value })) : null),
    rows.length > 0 ? map(corpus, texts, rows, items, size, showsDisagreements ? differing : null) : h("p", {}, "No paper is selected."),
    differing ? disagreementTable(corpus, differing) : null,
    h("details", { open: false }, h("summary", {}, "The numbers as a table"), countsTable(corpus, rows)),
  ];
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {string} order
 */
function orderedRows(corpus, order) {
  const rows = corpus.selectedRows;
  const name = order.replace(/^-/, "");
  if (name === "input") return rows;
  const values = name === "score" ? corpus.facts.scores : corpus.variables.columns.get(name)?.values;
  return values ? sortedRows(rows, (row) => values[row], order.startsWith("-")) : rows;
}

/**
 * The items as the instrument has them, or by the library's rate of all papers.
 * @param {import("./corpus.mjs").Corpus} corpus
 */
function orderedItems(corpus) {
  const places = corpus.facts.items.map((_, item) => item);
  if (stateOf("items") !== "-rate") return places;
  const rates = new Map(rowsOfTable(corpus.facts.tables.rates).map((row) => [keyOfRow(row), row.estimate]));
  return sortedRows(places, (item) => rates.get(`item ${corpus.facts.items[item].id}`) ?? null, true);
}

/**
 * @typedef {object} Difference
 * @property {number} row
 * @property {number} item
 * @property {string} other
 * @property {import("./corpus.mjs").State} state
 * @property {string | null} why
 */

/**
 * The cells on which other readings of a paper say something else.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number[]} rows
 * @param {import("./data.mjs").Texts | null} texts
 */
export function disagreementsOf(corpus, rows, texts) {
  /** @type {Difference[]} */
  const found = [];
  let compared = 0;
  const seen = new Set(corpus.facts.readings.map(({ paper }) => corpus.facts.slugs[paper]));
  const selected = new Set(rows);
  for (const row of rows) {
    if (!corpus.hasSeveralRows && !seen.has(corpus.facts.slugs[row])) continue;
    for (const reading of otherReadings(corpus, row, texts)) {
      // Of two rows of a paper the pair counts once, with the first.
      if (reading.row !== null && reading.row < row && selected.has(reading.row)) continue;
      corpus.facts.items.forEach((_, item) => {
        const [own, other] = [corpus.state(row, item), reading.state(item)];
        if (own === "absent" || other === "absent") return;
        compared += 1;
        if (own !== other) found.push({ row, item, other: reading.name, state: other, why: reading.why(item) });
      });
    }
  }
  return { cells: found, compared };
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {ReturnType<typeof disagreementsOf>} differing
 */
function disagreementTable(corpus, differing) {
  const version = corpus.textsOf("version");
  const rater = corpus.textsOf("rater");
  return h("section", {}, h("h3", {}, "What raters and versions disagree on"),
    h("p", {}, `${grouped(differing.cells.length)} of ${grouped(differing.compared)} answers that two readings of a paper `
      + "have in common differ. 'metastat agree' has coefficients of agreement."),
    dataTable({
      name: "disagreements", caption: "Answers on which two readings of a paper differ.", rows: differing.cells,
      columns: [
        { name: "title", label: "Paper", value: ({ row }) => corpus.title(row),
          show: ({ row }) => h("a", { href: paperAddress(corpus, row) }, corpus.title(row)) },
        { name: "paper", label: "", value: ({ row }) => corpus.facts.slugs[row], isHidden: true },
        { name: "label", label: "Item", value: ({ item }) => corpus.itemLabel(item) },
        { name: "item", label: "", value: ({ item }) => corpus.facts.items[item].id, isHidden: true },
        { name: "reading_a", label: "One", value: ({ row }) => corpus.readingName(version[row], rater[row]) },
        { name: "state_a", label: "says", value: ({ row, item }) => states[corpus.state(row, item)].word },
        { name: "reading_b", label: "Another", value: ({ other }) => other },
        { name: "state_b", label: "says", value: ({ state }) => states[state].word },
        { name: "justification_b", label: "because", value: ({ why }) => why },
      ],
    }));
}

/**
 * The map, drawn on a canvas that stays in sight while its frame scrolls.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {import("./data.mjs").Texts | null} texts
 * @param {number[]} rows
 * @param {number[]} items
 * @param {number} size
 * @param {ReturnType<typeof disagreementsOf> | null} differing
 */
function map(corpus, texts, rows, items, size, differing) {
  const marked = differing ? new Set(differing.cells.map(({ row, item }) => row * items.length + item)) : null;
  cursor.row = Math.min(cursor.row, rows.length - 1);
  cursor.item = Math.min(cursor.item, items.length - 1);
  const canvas = h("canvas", {
    tabindex: "0", role: "application", "aria-label": "Map of papers and items", "aria-describedby": "cell",
    "aria-roledescription": "map of answers",
  });
  const space = h("div", { class: "space" }, canvas);
  space.style.height = `${rows.length * size + 1}px`;
  space.style.width = `${items.length * size + 1}px`;
  const frame = h("div", { class: "mapframe" }, space);
  const info = h("div", { id: "cell", class: "cell", "aria-live": "polite" });
  const draw = () => {
    const context = canvas.getContext("2d");
    if (!context) return;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [frame.clientWidth, frame.clientHeight];
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    context.scale(ratio, ratio);
    const { scrollTop, scrollLeft } = frame;
    const colors = colorsOf(canvas);
    const gap = size > 6 ? 1 : 0;
    const lastRow = Math.min(rows.length, Math.ceil((scrollTop + height) / size));
    const lastItem = Math.min(items.length, Math.ceil((scrollLeft + width) / size));
    for (let place = Math.floor(scrollTop / size); place < lastRow; place += 1) {
      for (let item = Math.floor(scrollLeft / size); item < lastItem; item += 1) {
        const state = corpus.state(rows[place], items[item]);
        context.globalAlpha = marked && !marked.has(rows[place] * items.length + items[item]) ? 0.12 : 1;
        context.fillStyle = colors[state];
        context.fillRect(item * size - scrollLeft, place * size - scrollTop, size - gap, size - gap);
      }
    }
    context.globalAlpha = 1;
    context.strokeStyle = colors.ink;
    context.lineWidth = 2;
    context.strokeRect(cursor.item * size - scrollLeft, cursor.row * size - scrollTop, size, size);
  };
  const tell = () => {
    const row = rows[cursor.row];
    info.replaceChildren(...cellInfo(corpus, texts, row, items[cursor.item]));
    draw();
  };
  const moveTo = (/** @type {number} */ row, /** @type {number} */ item) => {
    cursor.row = Math.max(0, Math.min(rows.length - 1, row));
    cursor.item = Math.max(0, Math.min(items.length - 1, item));
    const [top, left] = [cursor.row * size, cursor.item * size];
    if (top < frame.scrollTop) frame.scrollTop = top;
    if (top + size > frame.scrollTop + frame.clientHeight) frame.scrollTop = top + size - frame.clientHeight;
    if (left < frame.scrollLeft) frame.scrollLeft = left;
    if (left + size > frame.scrollLeft + frame.clientWidth) frame.scrollLeft = left + size - frame.clientWidth;
    tell();
  };
  canvas.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(frame.clientHeight / size) - 1);
    const moves = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
      PageUp: [-page, 0], PageDown: [page, 0], Home: [0, -items.length], End: [0, items.length],
    };
    const move = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (move) {
      event.preventDefault();
      moveTo(cursor.row + move[0], cursor.item + move[1]);
    } else if (event.key === "Enter") {
      location.hash = paperAddress(corpus, rows[cursor.row]);
    }
  });
  canvas.addEventListener("pointerdown", (event) => {
    moveTo(Math.floor((event.offsetY + frame.scrollTop) / size), Math.floor((event.offsetX + frame.scrollLeft) / size));
  });
  canvas.addEventListener("pointermove", (event) => {
    const [row, item] = [Math.floor((event.offsetY + frame.scrollTop) / size), Math.floor((event.offsetX + frame.scrollLeft) / size)];
    if (row < rows.length && item < items.length && (row !== cursor.row || item !== cursor.item)) {
      cursor.row = row;
      cursor.item = item;
      tell();
    }
  });
  frame.addEventListener("scroll", draw);
  new ResizeObserver(draw).observe(frame);
  tell();
  return h("div", { class: "map" }, frame, info);
}

/**
 * The colours of the states, which are those of the page.
 * @param {HTMLElement} element
 */
function colorsOf(element) {
  const style = getComputedStyle(element.isConnected ? element : document.body);
  const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return { yes: color("--yes"), no: color("--no"), na: color("--na"), absent: color("--absent"), ink: color("--ink") };
}

/**
 * What a cell says.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {import("./data.mjs").Texts | null} texts
 * @param {number} row
 * @param {number} item
 */
function cellInfo(corpus, texts, row, item) {
  const version = corpus.textsOf("version")[row];
  const rater = corpus.source(row, item) ?? corpus.textsOf("rater")[row];
  const why = texts?.justifications[item][row];
  const found = corpus.facts.items[item];
  const parts = [
    h("p", {}, h("a", { href: paperAddress(corpus, row) }, corpus.title(row))),
    h("p", {}, answerMark(corpus.state(row, item)), " ", h("strong", {}, corpus.itemLabel(item)),
      ` (${corpus.categoryLabel(found.category)})`),
    why ? h("p", {}, why) : null,
    h("p", { class: "note" }, [version ? `version ${version}` : "", rater ?? ""].filter((part) => part !== "").join(", ")),
    h("p", {}, h("a", { href: addressWith({ view: "groups", target: `item ${found.id}` }) }, "This item by groups")),
  ];
  return /** @type {HTMLElement[]} */ (parts.filter((part) => part !== null));
}

/**
 * How many answers of each kind papers have.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number[]} rows
 */
function countsTable(corpus, rows) {
  const all = corpus.facts.items.map((_, item) => item);
  const [asked, applicable, yes] = [corpus.planes.asked, corpus.planes.applies, corpus.planes.yes]
    .map((plane) => corpus.variables.rowCounts(plane, all));
  return dataTable({
    name: "answers", caption: "The answers of the selected papers.", rows,
    columns: [
      { name: "title", label: "Paper", value: (row) => corpus.title(row), show: (row) => h("a", { href: paperAddress(corpus, row) }, corpus.title(row)) },
      { name: "paper", label: "", value: (row) => corpus.facts.slugs[row], isHidden: true },
      { name: "n_yes", label: "Yes", isNumber: true, value: (row) => yes[row] },
      { name: "n_no", label: "No", isNumber: true, value: (row) => applicable[row] - yes[row] },
      { name: "n_not_applicable", label: "Does not apply", isNumber: true, value: (row) => asked[row] - applicable[row] },
      { name: "n_absent", label: "Never asked", isNumber: true, value: (row) => all.length - asked[row] },
      { name: "score", label: "Score", isNumber: true, value: (row) => corpus.facts.scores[row],
        show: (row) => percent((corpus.facts.scores[row] ?? NaN) / 100).replace("NaN%", "NA") },
      ...corpus.facts.items.map((item, place) => ({
        name: item.id, label: "", isHidden: true,
        value: (/** @type {number} */ row) => ({ yes: "1", no: "0", na: "NA", absent: "" }[corpus.state(row, place)]),
      })),
    ],
  });
}
