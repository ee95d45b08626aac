// Papers: a list that is searched, filtered and sorted.
import { grouped, h, menu, percent, plain } from "./dom.mjs";
import { addressWith, changeState, stateOf } from "./state.mjs";
import { dataTable } from "./table.mjs";
import { inWords } from "./corpus.mjs";

/**
 * The address of a paper's page.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number} row
 */
export const paperAddress = (corpus, row) => addressWith({ view: "paper", paper: corpus.facts.slugs[row], row: rowMark(corpus, row) });

/**
 * The mark of a row that is not the first of its paper.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number} row
 */
const rowMark = (corpus, row) => (corpus.rowOfSlug.get(corpus.facts.slugs[row]) === row ? null : String(row));

/** The columns that the list has unless the reader chooses another. */
const usual = ["year", "type", "venue", "version"];

/**
 * The view.
 * @param {import("./corpus.mjs").Corpus} corpus
 */
export function papersView(corpus) {
  const { variables, facts } = corpus;
  const all = facts.items.map((_, place) => place);
  const applicable = variables.rowCounts(corpus.planes.applies, all);
  const yes = variables.rowCounts(corpus.planes.yes, all);
  const extra = stateOf("column");
  const names = [...usual, ...["claims", "red_flags"], extra].filter((name, place, list) => (
    variables.columns.has(name) && list.indexOf(name) === place));
  const rows = corpus.selectedRows;
  /** @type {import("./table.mjs").TableColumn<number>[]} */
  const columns = [
    { name: "title", label: "Paper", value: (row) => corpus.title(row),
      show: (row) => h("a", { href: paperAddress(corpus, row) }, corpus.title(row)) },
    { name: "paper", label: "", value: (row) => facts.slugs[row], isHidden: true },
    { name: "score", label: "Score", isNumber: true, value: (row) => facts.scores[row],
      show: (row) => (facts.scores[row] === null ? "NA" : percent((facts.scores[row] ?? 0) / 100)) },
    { name: "n_yes", label: "Yes", isNumber: true, value: (row) => yes[row] },
    { name: "n_applicable", label: "of n items", isNumber: true, value: (row) => applicable[row] },
  ];
  for (const name of names) {
    const column = variables.columns.get(name);
    if (!column) continue;
    const isNumber = ["number", "count", "date"].includes(column.kind);
    columns.push({
      name, label: inWords(name), isNumber,
      value: (row) => (Array.isArray(column.values[row]) ? column.values[row].join("; ") || null : column.values[row]),
      show: (row) => {
        const value = column.texts?.[row] ?? column.values[row];
        if (value === null) return "";
        return Array.isArray(value) ? value.join("; ") : typeof value === "number" ? plain(value, 2) : value;
      },
    });
  }
  const others = Array.from(variables.columns.keys()).filter((name) => !usual.includes(name) && name !== "title");
  return [
    h("h2", {}, "Papers"),
    h("p", {}, `${grouped(rows.length)} of ${grouped(corpus.count)} ${corpus.hasSeveralRows ? "rows" : "papers"}. `
      + "A score is the percentage of a paper's applicable items that are answered yes."),
    others.length > 0 ? h("div", { class: "tools" },
      menu("Another column", [["", "none"], ...others.map((name) => /** @type {[string, string]} */ ([name, inWords(name)]))], extra,
        (value) => changeState({ column: value }))) : null,
    dataTable({ name: "papers", caption: "The selected papers.", columns, rows, sort: "-score" }),
  ];
}
