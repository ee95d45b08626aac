// Findings: what the report's post says, with every number of it, and where to look next.
import { grouped, h, limits, noteInWords, percent, plain } from "./dom.mjs";
import { addressWith } from "./state.mjs";
import { dataTable, rowsOfTable } from "./table.mjs";
import { labelOfRow, origins, keyOfRow } from "./items.mjs";
import { histogram } from "./paper.mjs";

/**
 * The view.
 * @param {import("./corpus.mjs").Corpus} corpus
 */
export function findingsView(corpus) {
  const { facts } = corpus;
  const { tables } = facts;
  const known = corpus.knownScores;
  return [
    h("h2", {}, facts.headline ?? "Findings"),
    h("p", { class: "lead" }, facts.opening.join(" ")),
    h("p", {}, `${grouped(facts.papers)} papers, ${grouped(facts.items.length)} items. `, origins.library()),
    tables.facts ? h("details", {}, h("summary", {}, "Every number of the text"), factsTable(tables.facts)) : null,
    questions(corpus),
    h("h3", {}, "Scores"),
    tables.distribution ? scoresTable(tables.distribution) : h("p", {}, "No paper has a score."),
    known.length > 0 ? histogram(known, null, `How many of ${grouped(known.length)} papers have scores of ten percent each.`) : null,
    ...(tables.trends ? [h("h3", {}, "Change over the years"), trendTable(corpus, tables.trends)] : []),
    ...(tables.changes ? [h("h3", {}, "Since the earlier date"), h("p", {}, facts.changes.join(" ")), ...changes(corpus)] : []),
    facts.remarks.length > 0 ? h("h3", {}, "Remarks") : null,
    h("ul", {}, ...facts.remarks.map((remark) => h("li", {}, remark))),
  ];
}

/**
 * Questions that are one press away.
 * @param {import("./corpus.mjs").Corpus} corpus
 */
function questions(corpus) {
  const has = (/** @type {string} */ name) => corpus.variables.columns.has(name);
  /** @type {[boolean, string, Record<string, string>][]} */
  const all = [
    [true, "Which items do papers fail most?", { view: "items", "sort-items": "estimate" }],
    [true, "Which papers score lowest?", { view: "papers", "sort-papers": "score" }],
    [corpus.facts.groups.length > 0, `How do groups by ${corpus.facts.groups[0]?.column} differ?`, { view: "groups" }],
    [has("hn_points"), "Which papers with many points score low?",
      { view: "scatter", x: "hn_points", y: "score" }],
    [has("claims"), "Which strong claims are there?", { view: "claims", support: "strong" }],
    [corpus.facts.readings.length > 0 || corpus.hasSeveralRows, "Where do versions and raters disagree?",
      { view: "map", show: "disagreements" }],
  ];
  return h("ul", { class: "questions" }, ...all.filter(([isAsked]) => isAsked)
    .map(([, text, state]) => h("li", {}, h("a", { href: addressWith(state) }, text))));
}

/** @param {import("./data.mjs").Columns} table */
const factsTable = (table) => dataTable({
  name: "facts", caption: "Every number that the text states.", rows: rowsOfTable(table).filter((row) => row.section === "post"),
  columns: [
    { name: "term", label: "Term", value: (row) => row.term },
    { name: "text", label: "As stated", value: (row) => row.text },
    { name: "estimate", label: "Value", isNumber: true, value: (row) => row.estimate, show: (row) => plain(row.estimate, 4) },
  ],
});

/** @param {import("./data.mjs").Columns} table */
const scoresTable = (table) => dataTable({
  name: "distribution", caption: "The distribution of the papers' scores, in percent; shares of tiers.", rows: rowsOfTable(table),
  columns: [
    { name: "term", label: "Quantity", value: (row) => row.term },
    { name: "estimate", label: "Estimate", isNumber: true, value: (row) => row.estimate,
      show: (row) => (row.term.startsWith("share") ? percent(row.estimate) : plain(row.estimate)) },
    { name: "conf_low", label: "Interval", isNumber: true, value: (row) => row.conf_low,
      show: (row) => (row.term.startsWith("share") ? limits(row.conf_low, row.conf_high)
        : row.conf_low === null ? "–" : `${plain(row.conf_low)}–${plain(row.conf_high)}`) },
    { name: "conf_high", label: "", value: (row) => row.conf_high, isHidden: true },
    { name: "n", label: "n", isNumber: true, value: (row) => row.n },
    { name: "interval", label: "", value: (row) => row.interval, isHidden: true },
    { name: "note", label: "Note", value: (row) => row.note, show: (row) => noteInWords(row.note) },
  ],
});

/**
 * A p-value for people.
 * @param {number | null} value
 */
export const pValue = (value) => (value === null ? "NA" : value < 0.001 ? "<0.001" : value.toFixed(3));

/**
 * Points of percent.
 * @param {number | null} value
 */
export const points = (value) => (value === null ? "NA" : (100 * value).toFixed(1).replace("-", "−"));

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {import("./data.mjs").Columns} table
 */
export function trendTable(corpus, table, rows = rowsOfTable(table)) {
  return dataTable(/** @type {import("./table.mjs").TableOptions<Record<string, any>>} */ ({
    name: "trends", caption: "Change of the share of yes over the years, in points of percent; p-values adjusted over all rows.",
    rows, sort: "p_value",
    columns: [
      { name: "term", label: "Of", value: (row) => labelOfRow(corpus, row),
        show: (row) => h("a", { href: addressWith({ view: "groups", by: "year", target: keyOfRow(row) }) }, labelOfRow(corpus, row)) },
      { name: "level", label: "Level", value: (row) => row.level },
      { name: "item", label: "", value: (row) => row.item, isHidden: true },
      { name: "rate_from", label: "From", isNumber: true, value: (row) => row.rate_from,
        show: (row) => (row.rate_from === null ? "NA" : `${percent(row.rate_from)} (${row.from})`) },
      { name: "rate_to", label: "To", isNumber: true, value: (row) => row.rate_to,
        show: (row) => (row.rate_to === null ? "NA" : `${percent(row.rate_to)} (${row.to})`) },
      { name: "estimate", label: "Change", isNumber: true, value: (row) => row.estimate, show: (row) => points(row.estimate) },
      { name: "conf_low", label: "Interval", isNumber: true, value: (row) => row.conf_low, show: (row) => limits(row.conf_low, row.conf_high) },
      { name: "conf_high", label: "", value: (row) => row.conf_high, isHidden: true },
      { name: "p_value", label: "p", isNumber: true, value: (row) => row.p_value, show: (row) => pValue(row.p_value) },
      { name: "p_adjusted", label: "p adjusted", isNumber: true, value: (row) => row.p_adjusted, show: (row) => pValue(row.p_adjusted) },
      { name: "n", label: "n", isNumber: true, value: (row) => row.n },
      { name: "note", label: "Note", value: (row) => row.note, show: (row) => noteInWords(row.note) },
    ],
  }));
}

/**
 * What has changed since the earlier date.
 * @param {import("./corpus.mjs").Corpus} corpus
 */
function changes(corpus) {
  return Object.entries(corpus.facts.tables).filter(([name]) => name.startsWith("change"))
    .map(([name, table]) => anyTable(name, table));
}

/**
 * A table of the library's as it is.
 * @param {string} name
 * @param {import("./data.mjs").Columns} table
 */
export function anyTable(name, table) {
  const rows = rowsOfTable(table);
  return dataTable(/** @type {import("./table.mjs").TableOptions<Record<string, any>>} */ ({
    name, caption: table.caption || name, rows,
    columns: Object.keys(table.columns).map((column) => ({
      name: column, label: column.replace(/_/g, " "), isNumber: table.columns[column].some((value) => typeof value === "number"),
      value: (row) => row[column],
      show: (row) => (typeof row[column] === "number" ? plain(row[column], 4) : row[column]),
    })),
  }));
}
