// The selection of papers: a search, a condition, and a builder of conditions.
import { announce, button, field, grouped, h, menu, visible } from "./dom.mjs";
import { changeState, stateOf } from "./state.mjs";
import { inWords } from "./corpus.mjs";

/**
 * The ways to compare a variable, with how they are written.
 * @param {string} kind
 * @returns {[string, string][]}
 */
function operators(kind) {
  switch (kind) {
    case "answer": return [["= yes", "is yes"], ["= no", "is no"], ["= na", "does not apply"], ["= absent", "was never asked"]];
    case "category": case "labels": return [["=", "is"], ["!=", "is not"], ["contains", "contains"]];
    default: return [[">=", "at least"], ["<=", "at most"], ["=", "is"]];
  }
}

/**
 * A name as it stands in a condition.
 * @param {string} name
 */
export const quotedName = (name) => (/^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name) ? name : `\`${name.replace(/`/g, "``")}\``);

/**
 * A word as it stands in a condition.
 * @param {string} word
 */
export const quotedWord = (word) => `'${word.replace(/'/g, "''")}'`;

/**
 * Adds a part to the reader's condition.
 * @param {string} part
 */
export function addCondition(part) {
  const condition = stateOf("where").trim();
  const isJoined = / or /i.test(condition) && !condition.startsWith("(");
  changeState({ where: condition === "" ? part : `${isJoined ? `(${condition})` : condition} and ${part}` });
}

/**
 * The bar above every view, and what brings it up to date.
 * @param {import("./corpus.mjs").Corpus} corpus
 */
export function filterBar(corpus) {
  const where = h("input", {
    id: "where", type: "text", spellcheck: "false", autocomplete: "off",
    placeholder: "year >= 2025 and score < 40", "aria-describedby": "where-error",
  });
  const search = h("input", { id: "search", type: "search", placeholder: "words of titles", autocomplete: "off" });
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => changeState({ q: search.value }, true), 120);
  });
  const form = h("form", { class: "filter", role: "search", "aria-label": "Selection of papers",
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      clearTimeout(timer);
      changeState({ where: where.value, q: search.value });
    } },
  field("Search", search), field("Papers where", where, "wide"),
  h("button", { type: "submit" }, "Select"));
  const error = h("p", { id: "where-error", class: "error" });
  const count = h("strong", { id: "selected-count" });
  const all = button("Select all papers", () => changeState({ where: null, q: null }));
  const element = h("section", { class: "selection", "aria-label": "Selection" },
    h("div", { class: "tools" }, count, all, button("Copy link", copyLink), button("Print", () => print())), error,
    h("details", { open: matchMedia("(min-width: 45rem)").matches }, h("summary", {}, "Select papers"), form, builder(corpus)));
  const update = () => {
    if (document.activeElement !== search) search.value = stateOf("q");
    where.value = stateOf("where");
    error.textContent = visible(corpus.error);
    error.hidden = corpus.error === "";
    if (corpus.error) where.setAttribute("aria-invalid", "true"); else where.removeAttribute("aria-invalid");
    const text = `${grouped(corpus.selectedCount)} of ${grouped(corpus.count)} ${corpus.hasSeveralRows ? "rows" : "papers"} selected`;
    if (count.textContent !== text) {
      count.textContent = text;
      announce(corpus.error || text);
    }
    all.hidden = !corpus.isSelected && stateOf("where") === "" && stateOf("q") === "";
  };
  return { element, update };
}

async function copyLink() {
  const status = document.getElementById("status");
  try {
    await navigator.clipboard.writeText(location.href);
    if (status) status.textContent = "The link is copied.";
  } catch {
    if (status) status.textContent = "The link is the address of this page.";
  }
  if (status) {
    status.classList.remove("hidden");
    setTimeout(() => status.classList.add("hidden"), 3000);
  }
}

/**
 * Makes a part of a condition by choosing a variable, a comparison and a value.
 * @param {import("./corpus.mjs").Corpus} corpus
 */
function builder(corpus) {
  const { variables, facts } = corpus;
  /** @type {[string, string][]} */
  const choices = [
    ...Array.from(variables.columns.values(), (variable) => /** @type {[string, string]} */ ([variable.name, inWords(variable.name)])),
    ["score", "Score (percent of applicable items)"],
    ...corpus.categories.filter((category) => category !== "").map((category) => (
      /** @type {[string, string]} */ ([`score(${quotedName(category)})`, `Score: ${inWords(category)}`]))),
    ...facts.items.map((item, place) => (
      /** @type {[string, string]} */ ([item.id, `Item: ${corpus.itemLabel(place)}`]))),
  ];
  const box = h("div", { class: "builder" });
  const fill = (/** @type {string} */ name) => {
    const column = variables.columns.get(name);
    const kind = column ? column.kind : variables.itemOfID.has(name) ? "answer" : "number";
    const ways = operators(kind);
    let way = ways[0][0];
    const suggestions = column && column.kind !== "number" ? suggested(column) : [];
    const value = h("input", { id: "builder-value", type: "text", list: "builder-values", autocomplete: "off" });
    const valueField = field("Value", value);
    valueField.hidden = kind === "answer";
    box.replaceChildren(
      menu("Variable", choices, name, fill),
      menu("is", ways, way, (chosenWay) => { way = chosenWay; }),
      valueField,
      h("datalist", { id: "builder-values" }, ...suggestions.map((text) => h("option", { value: text }))),
      button("Add to the selection", () => {
        const written = /^score\(/.test(name) ? name : quotedName(name);
        const text = value.value.trim();
        if (kind === "answer") addCondition(`${written} ${way}`);
        else if (text !== "") {
          const word = kind === "category" || kind === "labels" ? quotedWord(text) : text;
          addCondition(way === "contains" ? `contains(${written}, ${quotedWord(text)})` : `${written} ${way} ${word}`);
        }
      }));
  };
  fill(choices[0][0]);
  return h("details", {}, h("summary", {}, "Build a condition"), box);
}

/**
 * The values of a column that papers have, the most frequent first.
 * @param {import("./data.mjs").VariableData} column
 */
function suggested(column) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const value of column.values.flat()) {
    if (typeof value === "string") counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return Array.from(counts).sort((a, b) => b[1] - a[1]).slice(0, 60).map(([text]) => text);
}
