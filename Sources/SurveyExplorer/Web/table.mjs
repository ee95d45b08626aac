// Tables that sort, show more, and are saved as CSV.
import { announce, button, csvField, download, grouped, h } from "./dom.mjs";
import { changeState, stateOf } from "./state.mjs";

/**
 * @template Row
 * @typedef {object} TableColumn
 * @property {string} name the name in CSV
 * @property {string} label
 * @property {(row: Row) => string | number | null} value what is sorted and saved
 * @property {((row: Row) => import("./dom.mjs").Child)=} show
 * @property {boolean=} isNumber
 * @property {boolean=} isHidden in CSV only
 */

/** The rows that a table shows at first, and with every press of its button. */
const pageSize = 100;

/**
 * @template Row
 * @typedef {object} TableOptions
 * @property {string} name the name of its file, and of its part of the address
 * @property {string} caption
 * @property {TableColumn<Row>[]} columns the first is the heading of its row
 * @property {Row[]} rows
 * @property {string=} sort the column that it is sorted by, `-` before it for descending order
 */

/**
 * A table.
 * @template Row
 * @param {TableOptions<Row>} options
 */
export function dataTable({ name, caption, columns, rows, sort = "" }) {
  const key = `sort-${name}`;
  const chosen = stateOf(key) || sort;
  const isDescending = chosen.startsWith("-");
  const sorted = columns.find((column) => column.name === chosen.replace(/^-/, ""));
  const ordered = sorted ? sortedRows(rows, sorted.value, isDescending) : rows;
  const shown = columns.filter((column) => !column.isHidden);
  const body = h("tbody");
  let count = 0;
  const more = button("", () => append(pageSize), { class: "more" });
  const append = (/** @type {number} */ size) => {
    for (const row of ordered.slice(count, count + size)) body.append(tableRow(row, shown));
    count = Math.min(ordered.length, count + size);
    more.textContent = `Show more of ${grouped(ordered.length)} rows (${grouped(count)} are shown)`;
    more.hidden = count >= ordered.length;
  };
  append(pageSize);
  const head = h("tr", {}, ...shown.map((column) => {
    const direction = sorted !== column ? "none" : isDescending ? "descending" : "ascending";
    // Numbers are first sorted from the highest.
    const startsDown = column.isNumber ? direction !== "descending" : direction === "ascending";
    return h("th", { scope: "col", class: column.isNumber ? "number" : null, "aria-sort": direction },
      button(column.label, () => {
        changeState({ [key]: `${startsDown ? "-" : ""}${column.name}` }, true);
        announce(`Sorted by ${column.label}`);
      }));
  }));
  const csv = () => [
    columns.map((column) => csvField(column.name)).join(","),
    ...ordered.map((row) => columns.map((column) => csvField(column.value(row))).join(",")), "",
  ].join("\n");
  return h("div", { class: "tablebox" },
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      h("table", { "data-name": name }, h("caption", {}, caption), h("thead", {}, head), body)),
    h("div", { class: "tools" }, more,
      button("Save CSV", () => download(`${name}.csv`, "text/csv", csv()), { "aria-label": `Save as CSV: ${caption}` })));
}

/**
 * @template Row
 * @param {Row} row
 * @param {TableColumn<Row>[]} columns
 */
function tableRow(row, columns) {
  return h("tr", {}, ...columns.map((column, place) => {
    const value = column.show ? column.show(row) : column.value(row);
    const content = value === null ? "" : value;
    return place === 0 ? h("th", { scope: "row" }, content)
      : h("td", { class: column.isNumber ? "number" : null }, content);
  }));
}

/**
 * Rows in the order of a value; ties keep their order, and rows without a value stand at the end.
 * @template Row
 * @param {Row[]} rows
 * @param {(row: Row) => string | number | null} value
 * @param {boolean} isDescending
 */
export function sortedRows(rows, value, isDescending) {
  const keyed = rows.map((row, place) => ({ row, place, key: value(row) }));
  const isMissing = (/** @type {any} */ key) => key === null || Number.isNaN(key);
  keyed.sort((a, b) => {
    if (isMissing(a.key) || isMissing(b.key)) return Number(isMissing(a.key)) - Number(isMissing(b.key)) || a.place - b.place;
    const order = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key
      : String(a.key).localeCompare(String(b.key), "en", { numeric: true });
    return (isDescending ? -order : order) || a.place - b.place;
  });
  return keyed.map(({ row }) => row);
}

/**
 * A table of the library's, with the columns that are asked for.
 * @param {import("./data.mjs").Columns} table
 * @returns {Record<string, any>[]} its rows
 */
export function rowsOfTable(table) {
  const names = Object.keys(table.columns);
  const count = names.length > 0 ? table.columns[names[0]].length : 0;
  return Array.from({ length: count }, (_, row) => (
    Object.fromEntries(names.map((name) => [name, table.columns[name][row]]))));
}
