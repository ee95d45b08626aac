// Items: what share of papers passes each, for all papers and for the reader's selection.
import { countItem, sumCounts, wilson, without } from "./counts.mjs";
import { grouped, h, limits, menu, noteInWords, percent } from "./dom.mjs";
import { changeState, addressWith, stateOf } from "./state.mjs";
import { dataTable, rowsOfTable } from "./table.mjs";
import { intervalBar } from "./chart.mjs";

/**
 * @typedef {object} CountedRate
 * @property {number} asked
 * @property {number} applicable
 * @property {number} yes
 * @property {number | null} estimate
 * @property {number | null} low
 * @property {number | null} high
 */

/**
 * The rate of a count, with Wilson limits where they are those of the library: of single items.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {import("./counts.mjs").Count} count
 * @param {boolean} isItem
 * @returns {CountedRate}
 */
export function rateOf(corpus, count, isItem) {
  const estimate = count.applicable > 0 && corpus.noLimits === "" ? count.yes / count.applicable : null;
  const limit = isItem && corpus.noLimits === "" ? wilson(count.yes, count.applicable, corpus.facts.z) : null;
  return { ...count, estimate, low: limit?.low ?? null, high: limit?.high ?? null };
}

/**
 * The rates of everything, categories and items, for some papers.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {Uint32Array} selection
 * @returns {Map<string, CountedRate>} by level and term
 */
export function selectionRates(corpus, selection) {
  const counts = corpus.facts.items.map((_, item) => countItem(corpus.planes, item, selection));
  /** @type {Map<string, CountedRate>} */
  const rates = new Map();
  rates.set("overall", rateOf(corpus, sumCounts(counts), false));
  for (const category of corpus.categories) {
    const members = corpus.itemsIn(category);
    rates.set(`category ${category}`, rateOf(corpus, sumCounts(members.map((item) => counts[item])), false));
  }
  corpus.facts.items.forEach((item, place) => rates.set(`item ${item.id}`, rateOf(corpus, counts[place], true)));
  return rates;
}

/**
 * The name of a row of the library's rates among those of a selection.
 * @param {Record<string, any>} row
 */
export function keyOfRow(row) {
  if (row.level === "overall") return "overall";
  if (row.level === "item") return `item ${row.item ?? (row.category ? `${row.category}.${row.term}` : row.term)}`;
  return `${row.level} ${row.term}`;
}

/**
 * What a row of rates is called.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {Record<string, any>} row
 */
export function labelOfRow(corpus, row) {
  if (row.level === "overall") return "All items";
  if (row.level !== "item") return corpus.categoryLabel(row.term);
  const place = corpus.variables.itemOfID.get(keyOfRow(row).slice(5));
  return place === undefined ? row.term : corpus.itemLabel(place);
}

/** Says who has computed numbers. */
export const origins = {
  library: () => h("span", { class: "origin" }, "computed by metastat"),
  page: () => h("span", { class: "origin page" }, "counted by this page"),
};

/**
 * The view.
 * @param {import("./corpus.mjs").Corpus} corpus
 */
export function itemsView(corpus) {
  const level = stateOf("level") || "item";
  const selected = corpus.isSelected ? selectionRates(corpus, corpus.selection) : null;
  const rest = corpus.isSelected ? selectionRates(corpus, without(corpus.variables.all, corpus.selection)) : null;
  const whole = rowsOfTable(corpus.facts.tables.rates).filter((row) => (
    level === "item" ? row.level === "item" : row.level === "category" || row.level === "overall"));
  const rows = whole.map((row) => {
    const key = keyOfRow(row);
    return { row, label: labelOfRow(corpus, row), selected: selected?.get(key) ?? null, rest: rest?.get(key) ?? null };
  });
  /** @typedef {typeof rows[number]} ItemRow */
  /** @type {(name: string, label: string, value: (row: ItemRow) => number | string | null, show?: (row: ItemRow) => import("./dom.mjs").Child) => import("./table.mjs").TableColumn<ItemRow>} */
  const number = (name, label, value, show) => ({ name, label, value, show, isNumber: true });
  /** @type {import("./table.mjs").TableColumn<ItemRow>[]} */
  const columns = [
    { name: level === "item" ? "label" : "term", label: level === "item" ? "Item" : "Category", value: ({ label }) => label,
      show: ({ row, label }) => (row.level !== "item" ? label
        : h("a", { href: addressWith({ view: "groups", target: keyOfRow(row) }) }, label)) },
    { name: "item", label: "Name", value: ({ row }) => row.item ?? row.term, isHidden: true },
    { name: "category", label: "Category", value: ({ row }) => row.category, isHidden: true },
  ];
  const all = (/** @type {Record<string, any>} */ row) => (
    { estimate: row.estimate, low: row.conf_low, high: row.conf_high });
  if (selected) {
    columns.push(
      { name: "picture", label: "Selected (above) and rest", value: ({ selected: part }) => part?.estimate ?? null,
        show: ({ selected: part, rest: other }) => (part ? intervalBar(part, other) : null) },
      number("estimate", "Selected", ({ selected: part }) => part?.estimate ?? null, ({ selected: part }) => percent(part?.estimate)),
      number("conf_low", "Interval", ({ selected: part }) => part?.low ?? null, ({ selected: part }) => limits(part?.low, part?.high)),
      { name: "conf_high", label: "", value: ({ selected: part }) => part?.high ?? null, isHidden: true },
      number("n_applicable", "n", ({ selected: part }) => part?.applicable ?? null),
      number("n_yes", "Yes", ({ selected: part }) => part?.yes ?? null),
      { name: "n_not_applicable", label: "", value: ({ selected: part }) => (part ? part.asked - part.applicable : null), isHidden: true },
      number("rest_estimate", "Rest", ({ rest: part }) => part?.estimate ?? null, ({ rest: part }) => percent(part?.estimate)),
      number("rest_conf_low", "Interval of rest", ({ rest: part }) => part?.low ?? null, ({ rest: part }) => limits(part?.low, part?.high)),
      { name: "rest_conf_high", label: "", value: ({ rest: part }) => part?.high ?? null, isHidden: true },
      number("rest_n_applicable", "n of rest", ({ rest: part }) => part?.applicable ?? null),
      { name: "rest_n_yes", label: "", value: ({ rest: part }) => part?.yes ?? null, isHidden: true },
      number("all_estimate", "All", ({ row }) => row.estimate, ({ row }) => percent(row.estimate)),
      number("all_n_applicable", "n of all", ({ row }) => row.n_applicable));
  } else {
    columns.push(
      { name: "picture", label: "Share and interval", value: ({ row }) => row.estimate, show: ({ row }) => intervalBar(all(row)) },
      number("estimate", "Share of yes", ({ row }) => row.estimate, ({ row }) => percent(row.estimate)),
      number("conf_low", "Interval", ({ row }) => row.conf_low, ({ row }) => limits(row.conf_low, row.conf_high)),
      { name: "conf_high", label: "", value: ({ row }) => row.conf_high, isHidden: true },
      number("n_applicable", level === "item" ? "n" : "Answers (n)", ({ row }) => row.n_applicable),
      number("n_yes", "Yes", ({ row }) => row.n_yes),
      number("n_not_applicable", "Does not apply", ({ row }) => row.n_not_applicable),
      number("n_absent", "Never asked", ({ row }) => row.n_absent),
      { name: "interval", label: "", value: ({ row }) => row.interval, isHidden: true },
      { name: "note", label: "Note", value: ({ row }) => row.note, show: ({ row }) => noteInWords(row.note) });
  }
  return [
    h("h2", {}, "Items"),
    h("p", {}, ...summary(corpus, level, selected !== null)),
    h("div", { class: "tools" }, menu("Rows", [["item", "Items"], ["category", "Categories and everything"]], level,
      (value) => changeState({ level: value }))),
    dataTable({ name: "items", caption: caption(corpus, level, selected !== null), columns, rows, sort: "-estimate" }),
  ];
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {string} level
 * @param {boolean} isSelected
 * @returns {import("./dom.mjs").Child[]}
 */
function summary(corpus, level, isSelected) {
  if (!isSelected) {
    return [`Of the papers to which an item applies, this share passes it. Intervals are ${100 * corpus.facts.level}% intervals. `,
      origins.library()];
  }
  const why = corpus.noLimits !== "" ? ` Rates and intervals of a selection are left out, because ${corpus.noLimits}; `
    + "'metastat rates --where' has them." : level === "item" ? " Intervals are Wilson's." : " Intervals of categories need "
    + "papers to be resampled whole; 'metastat rates --where' has them.";
  return [`${grouped(corpus.selectedCount)} selected papers against the other ${grouped(corpus.count - corpus.selectedCount)}: `,
    origins.page(), `.${why} The last columns are of all papers, `, origins.library(), "."];
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {string} level
 * @param {boolean} isSelected
 */
const caption = (corpus, level, isSelected) => (
  `${level === "item" ? "Items" : "Categories"}: share of applicable answers that are yes, `
  + (isSelected ? `${grouped(corpus.selectedCount)} selected papers and the rest.` : `${grouped(corpus.facts.papers)} papers.`));
