// The papers, their answers, and the reader's selection among them.
import { bitsWhere, countBits, hasBit, rowsOf } from "./counts.mjs";
import { visible } from "./dom.mjs";
import { decodeWords, inflate } from "./data.mjs";
import { Variables } from "./variables.mjs";

/** @typedef {"yes" | "no" | "na" | "absent"} State */

/** The states of an answer: their words and signs. */
export const states = {
  yes: { word: "yes", sign: "✓" }, no: { word: "no", sign: "✗" },
  na: { word: "does not apply", sign: "–" }, absent: { word: "never asked", sign: "·" },
};

/**
 * A name in words: underscores become spaces.
 * @param {string} name
 */
export function inWords(name) {
  const words = name.replace(/^hn_/, "HN_").replace(/_/g, " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/**
 * A label inside a sentence: its first letter is small unless it begins a short form.
 * @param {string} label
 */
export const inSentence = (label) => (/^[A-Z]{2}/.test(label) ? label : label.slice(0, 1).toLowerCase() + label.slice(1));

/** Everything that the page knows, and what the reader has selected of it. */
export class Corpus {
  /**
   * @param {import("./data.mjs").Facts} facts
   * @param {import("./data.mjs").Planes} planes
   */
  constructor(facts, planes) {
    this.facts = facts;
    this.planes = planes;
    this.variables = new Variables(facts, planes);
    this.selection = this.variables.all;
    this.count = facts.rows;
    /** What is wrong with the reader's condition. */
    this.error = "";
    this.isSelected = false;
    /** @type {Promise<import("./data.mjs").Texts | null> | null} */
    this.texts = null;
    /** @type {Map<string, number>} */
    this.rowOfSlug = new Map();
    facts.slugs.forEach((slug, row) => { if (!this.rowOfSlug.has(slug)) this.rowOfSlug.set(slug, row); });
    this.hasSeveralRows = facts.papers < facts.rows;
    this.titles = this.textsOf("title");
    this.searched = facts.slugs.map((slug, row) => `${slug} ${this.titles[row] ?? ""}`.toLowerCase());
    this.knownScores = /** @type {number[]} */ (facts.scores.filter((score) => score !== null));
    this.categories = Array.from(new Set(facts.items.map((item) => item.category)));
    /** Why the page computes no limits for a selection; empty when it does. */
    this.noLimits = facts.weighted ? "papers have weights" : this.hasSeveralRows ? "papers have several rows" : "";
  }

  /**
   * The texts of a column of metadata.
   * @param {string} name
   * @returns {(string | null)[]}
   */
  textsOf(name) {
    return this.variables.columns.get(name)?.values ?? new Array(this.facts.rows).fill(null);
  }

  /** @param {number} row */
  title(row) { return this.titles[row] ?? this.facts.slugs[row]; }

  /** @param {number} item */
  itemLabel(item) { return this.facts.items[item].label ?? inWords(this.facts.items[item].name); }

  /** @param {string} category */
  categoryLabel(category) { return category === "" ? "Items" : inWords(category); }

  /**
   * @param {number} row
   * @param {number} item
   * @returns {State}
   */
  state(row, item) {
    if (!hasBit(this.planes.asked[item], row)) return "absent";
    if (!hasBit(this.planes.applies[item], row)) return "na";
    return hasBit(this.planes.yes[item], row) ? "yes" : "no";
  }

  /**
   * The items of a category.
   * @param {string} category
   */
  itemsIn(category) {
    return this.facts.items.map((_, place) => place).filter((place) => this.facts.items[place].category === category);
  }

  /**
   * Selects the papers for which a condition is true and whose name or title holds a text.
   * @param {string} condition
   * @param {string} search
   */
  select(condition, search) {
    this.error = "";
    let bits = this.variables.all;
    try {
      if (condition.trim() !== "") bits = this.variables.select(condition);
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
    const words = search.toLowerCase().split(/\s+/).filter((word) => word !== "");
    if (words.length > 0) {
      const found = bitsWhere(this.count, (row) => words.every((word) => this.searched[row].includes(word)));
      bits = bits.map((word, place) => word & found[place]);
    }
    this.selection = bits;
    this.selectedCount = countBits(bits);
    this.isSelected = this.selectedCount < this.count;
  }

  selectedCount = 0;

  /** The rows that are selected, in order. */
  get selectedRows() { return rowsOf(this.selection); }

  /**
   * Who gave an answer, if that is known.
   * @param {number} row
   * @param {number} item
   */
  source(row, item) {
    const { sources } = this.facts;
    if (!sources) return null;
    const cells = sources.cells[row];
    const place = typeof cells === "number" ? cells : cells[item];
    return place >= 0 ? sources.names[place] : null;
  }

  /** The texts of the scans, inflated when they are first asked for; null without any. */
  loadTexts() {
    this.texts ??= (async () => {
      const block = document.getElementById("texts");
      if (!block?.textContent) return null;
      return JSON.parse(decodeWords(await inflate(block.textContent)));
    })();
    return this.texts;
  }

  /**
   * The other scans and rows of a paper, with their places.
   * @param {number} row
   */
  readingsOf(row) {
    return this.facts.readings.map((reading, place) => ({ reading, place }))
      .filter(({ reading }) => this.facts.slugs[reading.paper] === this.facts.slugs[row]);
  }

  /**
   * What a row or reading is called beside others of its paper.
   * @param {number | string | null} version
   * @param {string | null} rater
   */
  readingName(version, rater) {
    const parts = [version === null || version === "" ? null : `version ${version}`, rater]
      .filter((part) => part !== null && part !== "");
    return parts.length > 0 ? visible(parts.join(", ")) : "another reading";
  }
}

/**
 * The state that a letter of a reading stands for.
 * @param {string} letter
 * @returns {State}
 */
export const stateOfLetter = (letter) => (
  letter === "1" ? "yes" : letter === "0" ? "no" : letter === "-" ? "na" : "absent");
