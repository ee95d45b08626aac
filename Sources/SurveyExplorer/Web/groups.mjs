// Groups: an item, a category or everything by the values of a variable.
import { bitsWhere, countBits, countItem, sumCounts } from "./counts.mjs";
import { grouped, h, limits, menu, noteInWords, percent, svg } from "./dom.mjs";
import { addressWith, changeState, stateOf } from "./state.mjs";
import { figure, isNarrow } from "./chart.mjs";
import { inSentence, inWords } from "./corpus.mjs";
import { keyOfRow, labelOfRow, origins, rateOf } from "./items.mjs";
import { dataTable, rowsOfTable } from "./table.mjs";
import { points, pValue, trendTable } from "./findings.mjs";

/**
 * @typedef {object} GroupRate
 * @property {string} group
 * @property {number | null} estimate
 * @property {number | null} low
 * @property {number | null} high
 * @property {number} n
 * @property {number} yes
 * @property {number} papers
 * @property {string | null} note
 */

/** The most groups that are counted for a reader's choice. */
const mostGroups = 40;

/**
 * The view.
 * @param {import("./corpus.mjs").Corpus} corpus
 */
export function groupsView(corpus) {
  const { facts, variables } = corpus;
  /** @type {[string, string][]} */
  const columns = [
    ...facts.groups.map(({ column }) => /** @type {[string, string]} */ ([column, inWords(column)])),
    ...Array.from(variables.columns.values()).filter(({ kind, name }) => ["category", "labels", "number", "count"].includes(kind)
      && name !== "title" && !facts.groups.some(({ column }) => column === name) && isGrouping(corpus, name))
      .map(({ name }) => /** @type {[string, string]} */ ([name, `${inWords(name)} (counted here)`])),
  ];
  if (columns.length === 0) return [h("h2", {}, "Groups"), h("p", {}, "No variable makes groups of these papers.")];
  const by = columns.some(([name]) => name === stateOf("by")) ? stateOf("by") : columns[0][0];
  const targets = rowsOfTable(facts.tables.rates).filter((row) => ["overall", "category", "item"].includes(row.level))
    .sort((a, b) => ["overall", "category", "item"].indexOf(a.level) - ["overall", "category", "item"].indexOf(b.level));
  /** @type {[string, string][]} */
  const choices = targets.map((row) => [keyOfRow(row), row.level === "category" ? `Category: ${labelOfRow(corpus, row)}` : labelOfRow(corpus, row)]);
  const target = choices.some(([name]) => name === stateOf("target")) ? stateOf("target") : choices[0][0];
  const name = choices.find(([key]) => key === target)?.[1] ?? target;
  const own = facts.groups.find(({ column }) => column === by);
  const isCounted = !own || corpus.isSelected;
  const rates = own && !corpus.isSelected ? libraryRates(own.rates, target) : countedRates(corpus, by, target);
  const caption = `${name} by ${inSentence(inWords(by))}: share of applicable answers that are yes, with `
    + `${100 * facts.level}% intervals and n${corpus.isSelected ? `, for ${grouped(corpus.selectedCount)} selected papers` : ""}.`;
  return [
    h("h2", {}, "Groups"),
    h("div", { class: "tools" },
      menu("What", choices, target, (value) => changeState({ target: value })),
      menu("By", columns, by, (value) => changeState({ by: value }))),
    h("p", {}, isCounted ? origins.page() : origins.library(), isCounted && corpus.noLimits !== "" ? ` No rates, because ${corpus.noLimits}.` : "",
      isCounted && !target.startsWith("item") ? " Intervals of what mixes items need papers to be resampled; 'metastat rates --by' has them, over the same items in all groups." : ""),
    figure("groups", caption, picture(rates, caption), ratesTable(rates, by)),
    own?.differences && !corpus.isSelected ? differences(corpus, own.differences, target, by) : null,
    by === "year" && facts.tables.trends && !corpus.isSelected ? h("section", {}, h("h3", {}, "Change over the years"), origins.library(),
      trendTable(corpus, facts.tables.trends, rowsOfTable(facts.tables.trends).filter((row) => keyOfRow(row) === target))) : null,
  ];
}

/**
 * Whether a column has few enough values to make groups.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {string} name
 */
function isGrouping(corpus, name) {
  const values = new Set();
  for (const value of corpus.variables.columns.get(name)?.values.flat() ?? []) {
    if (value !== null) values.add(value);
    if (values.size > mostGroups) return false;
  }
  return values.size > 1;
}

/**
 * The rates that the library has of a target.
 * @param {import("./data.mjs").Columns} table
 * @param {string} target
 * @returns {GroupRate[]}
 */
function libraryRates(table, target) {
  return rowsOfTable(table).filter((row) => keyOfRow(row) === target).map((row) => ({
    group: String(row.group), estimate: row.estimate, low: row.conf_low, high: row.conf_high, n: row.n_applicable, yes: row.n_yes,
    papers: row.n_papers, note: row.note,
  }));
}

/**
 * The rates of the groups of the selected papers, counted.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {string} by
 * @param {string} target
 * @returns {GroupRate[]}
 */
function countedRates(corpus, by, target) {
  const values = corpus.variables.columns.get(by)?.values ?? [];
  const names = Array.from(new Set(values.flat().filter((value) => value !== null)))
    .sort((a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true })));
  const items = target === "overall" ? corpus.facts.items.map((_, item) => item)
    : target.startsWith("category ") ? corpus.itemsIn(target.slice(9))
      : [corpus.variables.itemOfID.get(target.slice(5)) ?? 0];
  return names.slice(0, mostGroups).map((name) => {
    const members = bitsWhere(corpus.count, (row) => (Array.isArray(values[row]) ? values[row].includes(name) : values[row] === name))
      .map((word, place) => word & corpus.selection[place]);
    const rate = rateOf(corpus, sumCounts(items.map((item) => countItem(corpus.planes, item, members))), target.startsWith("item "));
    return { group: String(name), estimate: rate.estimate, low: rate.low, high: rate.high, n: rate.applicable, yes: rate.yes,
      papers: countBits(members), note: null };
  });
}

/**
 * Intervals by group, one below the other.
 * @param {GroupRate[]} rates
 * @param {string} caption
 */
function picture(rates, caption) {
  const height = 30 + 26 * rates.length;
  const [width, left, length, letters] = isNarrow() ? [360, 96, 180, 13] : [640, 170, 380, 24];
  const x = (/** @type {number} */ share) => left + length * share;
  return svg("svg", { class: "groups", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": caption },
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      svg("line", { class: "tick", x1: x(share), x2: x(share), y1: 4, y2: height - 22, opacity: 0.3 }),
      svg("text", { x: x(share), y: height - 6, "text-anchor": "middle" }, `${100 * share}%`)]),
    ...rates.flatMap((rate, place) => {
      const y = 18 + 26 * place;
      return [
        svg("text", { x: left - 10, y: y + 4, "text-anchor": "end" }, rate.group.length > letters ? `${rate.group.slice(0, letters - 1)}…` : rate.group),
        rate.low === null || rate.high === null ? null : svg("line", { class: "low", x1: x(rate.low), x2: x(rate.high), y1: y, y2: y }),
        rate.estimate === null ? null : svg("circle", { class: "mark", cx: x(rate.estimate), cy: y, r: 5 }),
        rate.estimate !== null ? null : svg("text", { x: left + 10, y: y + 4, class: "soft" }, noteInWords(rate.note) || "no rate"),
        svg("text", { x: left + length + 10, y: y + 4 }, `n = ${grouped(rate.n)}`)];
    }));
}

/**
 * @param {GroupRate[]} rates
 * @param {string} by
 */
const ratesTable = (rates, by) => dataTable({
  name: "group-rates", caption: "The rates of the groups.", rows: rates,
  columns: [
    { name: "group", label: inWords(by), value: (rate) => rate.group,
      show: (rate) => h("a", { href: addressWith({ view: "papers", where: `\`${by}\` = '${rate.group.replace(/'/g, "''")}'` }) }, rate.group) },
    { name: "estimate", label: "Share of yes", isNumber: true, value: (rate) => rate.estimate, show: (rate) => percent(rate.estimate) },
    { name: "conf_low", label: "Interval", isNumber: true, value: (rate) => rate.low, show: (rate) => limits(rate.low, rate.high) },
    { name: "conf_high", label: "", value: (rate) => rate.high, isHidden: true },
    { name: "n_applicable", label: "n", isNumber: true, value: (rate) => rate.n },
    { name: "n_yes", label: "Yes", isNumber: true, value: (rate) => rate.yes },
    { name: "n_papers", label: "Papers", isNumber: true, value: (rate) => rate.papers },
    { name: "note", label: "Note", value: (rate) => rate.note, show: (rate) => noteInWords(rate.note) },
  ],
});

/**
 * The differences between groups.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {import("./data.mjs").Columns} table
 * @param {string} target
 * @param {string} by
 */
function differences(corpus, table, target, by) {
  const rows = rowsOfTable(table).filter((row) => keyOfRow(row) === target);
  const names = Array.from(new Set(rows.flatMap((row) => [String(row.group), String(row.reference)])));
  const [first, second] = [stateOf("first"), stateOf("second")];
  const shown = rows.filter((row) => (first === "" || [String(row.group), String(row.reference)].includes(first))
    && (second === "" || [String(row.group), String(row.reference)].includes(second)));
  /** @type {[string, string][]} */
  const choices = [["", "any"], ...names.map((name) => /** @type {[string, string]} */ ([name, name]))];
  return h("section", {}, h("h3", {}, "Differences"),
    h("div", { class: "tools" },
      menu("Between", choices, first, (value) => changeState({ first: value })),
      menu("and", choices, second, (value) => changeState({ second: value }))),
    h("p", {}, origins.library(), ` p-values are adjusted (Holm) over all items and pairs of groups by ${inSentence(inWords(by))}.`),
    dataTable({
      name: "differences", caption: "Differences of shares between two groups, in points of percent.", rows: shown,
      columns: [
        { name: "group", label: "Group", value: (row) => row.group },
        { name: "reference", label: "less", value: (row) => row.reference },
        { name: "rate_group", label: "Share", isNumber: true, value: (row) => row.rate_group, show: (row) => percent(row.rate_group) },
        { name: "rate_reference", label: "Other share", isNumber: true, value: (row) => row.rate_reference, show: (row) => percent(row.rate_reference) },
        { name: "estimate", label: "Difference", isNumber: true, value: (row) => row.estimate, show: (row) => points(row.estimate) },
        { name: "conf_low", label: "Interval", isNumber: true, value: (row) => row.conf_low, show: (row) => limits(row.conf_low, row.conf_high) },
        { name: "conf_high", label: "", value: (row) => row.conf_high, isHidden: true },
        { name: "p_value", label: "p", isNumber: true, value: (row) => row.p_value, show: (row) => pValue(row.p_value) },
        { name: "p_adjusted", label: "p adjusted", isNumber: true, value: (row) => row.p_adjusted, show: (row) => pValue(row.p_adjusted) },
        { name: "n_group", label: "n", isNumber: true, value: (row) => row.n_group },
        { name: "n_reference", label: "Other n", isNumber: true, value: (row) => row.n_reference },
        { name: "interval", label: "", value: (row) => row.interval, isHidden: true },
        { name: "test", label: "", value: (row) => row.test, isHidden: true },
        { name: "note", label: "Note", value: (row) => row.note, show: (row) => noteInWords(row.note) },
      ],
    }), h("p", { class: "note" }, `${labelOfTarget(corpus, target)}.`));
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {string} target
 */
function labelOfTarget(corpus, target) {
  const place = corpus.variables.itemOfID.get(target.slice(5));
  return target === "overall" ? "All items" : place === undefined ? corpus.categoryLabel(target.slice(9)) : corpus.itemLabel(place);
}
