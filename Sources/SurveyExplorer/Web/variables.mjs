// The variables of the papers: what names and conditions are worth, in three-valued logic.
import { bitsWhere, hasBit } from "./counts.mjs";
import { itemFunctions, LanguageError, numberOf, parseExpression, yearsOfDate } from "./language.mjs";

/** @typedef {import("./language.mjs").Expression} Expression */
/** @typedef {import("./data.mjs").VariableData} VariableData */
/** @typedef {{holds: Uint32Array, defined: Uint32Array}} Truths */
/**
 * @typedef {{kind: "truths", truths: Truths} | {kind: "answers", item: number}
 *   | {kind: "numbers", values: Float64Array}
 *   | {kind: "texts", values: (string | null)[], name: string}
 *   | {kind: "labels", values: string[][], name: string}} Value
 */

const flagWords = new Map([
  ["true", true], ["false", false], ["yes", true], ["no", false], ["1", true], ["0", false],
]);

const stateWords = new Map([
  ["yes", "yes"], ["no", "no"], ["true", "yes"], ["false", "no"], ["na", "na"],
  ["not_applicable", "na"], ["absent", "absent"], ["never_asked", "absent"],
]);

/** The columns of metadata that the language knows by name. */
export const metadataNames = new Set([
  "title", "year", "venue", "type", "tags", "version", "rater", "group", "cluster", "weight",
  "arxiv_id", "doi", "pmid", "openalex",
]);

/**
 * The characters that wildcards stand for, as a regular expression.
 * @param {string} pattern
 */
function globPattern(pattern) {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".");
  return new RegExp(`^${escaped}$`, "su");
}

/** Answers questions about the papers in the language of conditions. */
export class Variables {
  /**
   * @param {import("./data.mjs").Facts} facts
   * @param {import("./data.mjs").Planes} planes
   */
  constructor(facts, planes) {
    this.facts = facts;
    this.planes = planes;
    this.count = facts.rows;
    this.all = bitsWhere(facts.rows, () => true);
    this.columns = new Map(facts.variables.map((variable) => [variable.name, variable]));
    this.itemOfID = new Map(facts.items.map((item, place) => [item.id, place]));
    /** @type {Map<string, number[]>} */
    this.itemsOfName = new Map();
    facts.items.forEach((item, place) => {
      this.itemsOfName.set(item.name, [...this.itemsOfName.get(item.name) ?? [], place]);
    });
    /** @type {Map<string, Value>} */
    this.known = new Map();
  }

  // Names

  /**
   * The item of a name, with its category or, if it is the only one, without.
   * @param {string} name
   */
  itemNamed(name) {
    const item = this.itemOfID.get(name.startsWith(".") ? name.slice(1) : name);
    if (item !== undefined) return item;
    const found = this.itemsOfName.get(name) ?? [];
    if (found.length > 1) {
      throw new LanguageError(
        `'${name}' is the name of several items: ${found.map((place) => this.facts.items[place].id).join(", ")}`);
    }
    return found[0];
  }

  /**
   * The items of a category, or else of a module.
   * @param {string} name
   */
  itemsOfPart(name) {
    if (name === "") return [];
    const { items } = this.facts;
    const places = items.map((_, place) => place);
    const members = places.filter((place) => items[place].category === name);
    return members.length > 0 ? members : places.filter((place) => items[place].module === name);
  }

  /**
   * The items that a name or pattern fits.
   * @param {string} name
   */
  items(name) {
    if (/[*?]/.test(name)) {
      const pattern = globPattern(name);
      const found = this.facts.items.map((_, place) => place).filter((place) => {
        const item = this.facts.items[place];
        return pattern.test(item.id) || pattern.test(item.name);
      });
      if (found.length > 0) return found;
    } else {
      const members = this.itemsOfPart(name);
      if (members.length > 0) return members;
      const item = this.itemNamed(name);
      if (item !== undefined) return [item];
    }
    throw new LanguageError(`no item, category or module is called '${name}'`);
  }

  /**
   * What a name means; items first where an answer is asked for.
   * @param {string} name
   * @param {boolean} prefersItems
   * @returns {{item: number} | {column: VariableData} | {score: number[]} | {plane: "applies" | "yes"} | {slug: true}}
   */
  source(name, prefersItems = false) {
    if (prefersItems) {
      const item = this.itemNamed(name);
      if (item !== undefined) return { item };
    }
    if (name === "paper" || name === "slug") return { slug: true };
    const column = this.columns.get(name === "tag" ? "tags" : name);
    if (column) return { column };
    if (!metadataNames.has(name) || this.itemOfID.has(name)) {
      const item = this.itemNamed(name);
      if (item !== undefined) return { item };
    }
    const all = this.facts.items.map((_, place) => place);
    if (name === "score") return { score: all };
    if (name === "n_applicable") return { plane: "applies" };
    if (name === "n_yes") return { plane: "yes" };
    const other = { flags: "red_flags", citations: "cited_papers" }[name];
    const alias = other === undefined ? undefined : this.columns.get(other);
    if (alias) return { column: alias };
    const members = this.itemsOfPart(name);
    if (members.length > 0) return { score: members };
    throw new LanguageError(`nothing is called '${name}'${this.near(name)}`);
  }

  /** All names, in the order in which they are looked up. */
  get names() {
    const { items } = this.facts;
    const parts = new Set(items.flatMap((item) => [item.category, item.module]).filter((part) => part !== ""));
    return ["paper", ...this.columns.keys(), ...items.map((item) => item.id), "score", "n_applicable", "n_yes",
      ...parts];
  }

  /**
   * The names that hold a name or are held by it, in words.
   * @param {string} name
   */
  near(name) {
    const lower = name.toLowerCase();
    const found = this.names.filter((other) => {
      const text = other.toLowerCase();
      return text.includes(lower) || lower.includes(text) || (lower.length > 2 && text.startsWith(lower.slice(0, 3)));
    });
    return found.length > 0 ? `; is it ${found.slice(0, 3).map((other) => `'${other}'`).join(" or ")}?` : "";
  }

  // Values

  /**
   * How many cells of a plane each paper has among some items.
   * @param {Uint32Array[]} plane
   * @param {number[]} items
   */
  rowCounts(plane, items) {
    const counts = new Float64Array(this.count);
    for (const item of items) {
      const column = plane[item];
      for (let row = 0; row < this.count; row += 1) counts[row] += column[row >>> 5] >>> (row & 31) & 1;
    }
    return counts;
  }

  /**
   * Percent of the applicable items that are answered yes.
   * @param {number[]} items
   */
  score(items) {
    const applicable = this.rowCounts(this.planes.applies, items);
    return this.rowCounts(this.planes.yes, items)
      .map((yes, row) => (applicable[row] > 0 ? 100 * yes / applicable[row] : NaN));
  }

  /**
   * The value of a name.
   * @param {string} name
   * @param {boolean} prefersItems
   * @returns {Value}
   */
  named(name, prefersItems) {
    const key = `${prefersItems ? "item" : "name"} ${name}`;
    let value = this.known.get(key);
    if (value === undefined) {
      value = this.valueOf(this.source(name, prefersItems));
      this.known.set(key, value);
    }
    return value;
  }

  /**
   * @param {ReturnType<Variables["source"]>} source
   * @returns {Value}
   */
  valueOf(source) {
    const all = this.facts.items.map((_, place) => place);
    if ("item" in source) return { kind: "answers", item: source.item };
    if ("slug" in source) return { kind: "texts", values: this.facts.slugs, name: "paper" };
    if ("score" in source) return { kind: "numbers", values: this.score(source.score) };
    if ("plane" in source) {
      return { kind: "numbers", values: this.rowCounts(this.planes[source.plane], all) };
    }
    const { column } = source;
    switch (column.kind) {
      case "number": case "count": case "date":
        return { kind: "numbers", values: Float64Array.from(column.values, (value) => value ?? NaN) };
      case "labels": return { kind: "labels", values: column.values, name: column.name };
      default: return { kind: "texts", values: column.values, name: column.name };
    }
  }

  /**
   * The value of an expression.
   * @param {Expression} expression
   * @returns {Value}
   */
  value(expression) {
    switch (expression.kind) {
      case "name":
        if (!expression.quoted && /[*?]/.test(expression.name)) {
          throw new LanguageError(`'${expression.name}' fits several items; write 'score(${expression.name})'`);
        }
        return this.named(expression.name, false);
      case "number": case "text": return { kind: "numbers", values: this.numbersOf(expression) };
      case "negative": return { kind: "numbers", values: this.numbersOf(expression.part).map((value) => -value) };
      case "arithmetic": {
        const [left, right] = [this.numbersOf(expression.left), this.numbersOf(expression.right)];
        /** @type {Record<string, (a: number, b: number) => number>} */
        const operations = {
          "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b,
        };
        const operation = operations[expression.sign];
        return { kind: "numbers", values: left.map((value, row) => finite(operation(value, right[row]))) };
      }
      case "call": {
        const truths = this.conditionOf(expression);
        if (truths) return { kind: "truths", truths };
        return { kind: "numbers", values: this.functionOf(expression) };
      }
      default: return { kind: "truths", truths: this.truthsOf(expression) };
    }
  }

  /**
   * The value of an expression as numbers: yes is 1, no is 0; NaN where there is none.
   * @param {Expression} expression
   * @returns {Float64Array}
   */
  numbersOf(expression) {
    if (expression.kind === "number") return new Float64Array(this.count).fill(expression.value);
    if (expression.kind === "text") {
      const number = numberOf(expression.text) ?? yearsOfDate(expression.text);
      if (number === null) throw new LanguageError(`'${expression.text}' is a text, not a number`);
      return new Float64Array(this.count).fill(number);
    }
    const value = this.value(expression);
    switch (value.kind) {
      case "numbers": return value.values;
      case "truths": return this.truthNumbers(value.truths);
      case "answers": return this.truthNumbers(this.answers(value.item));
      case "texts": return this.textNumbers(value.values, value.name);
      default: throw new LanguageError(`'${value.name}' is a set of labels, not a number`);
    }
  }

  /** @param {Truths} truths */
  truthNumbers(truths) {
    return Float64Array.from({ length: this.count }, (_, row) => (
      hasBit(truths.defined, row) ? Number(hasBit(truths.holds, row)) : NaN));
  }

  /**
   * The numbers that all texts are written as.
   * @param {(string | null)[]} texts
   * @param {string} name
   */
  textNumbers(texts, name) {
    return Float64Array.from(texts, (text) => {
      if (text === null) return NaN;
      const number = numberOf(text) ?? yearsOfDate(text);
      if (number === null) throw new LanguageError(`'${name}' is not numeric: it holds '${text}'`);
      return number;
    });
  }

  // Conditions

  /**
   * The answers to an item: yes is true, no is false.
   * @param {number} item
   * @returns {Truths}
   */
  answers(item) { return { holds: this.planes.yes[item], defined: this.planes.applies[item] }; }

  /**
   * Truths from a value a paper; null is undefined.
   * @param {(row: number) => boolean | null} truth
   * @returns {Truths}
   */
  truthsWhere(truth) {
    const holds = new Uint32Array(this.all.length);
    const defined = new Uint32Array(this.all.length);
    for (let row = 0; row < this.count; row += 1) {
      const value = truth(row);
      if (value === null) continue;
      defined[row >>> 5] |= 1 << (row & 31);
      if (value) holds[row >>> 5] |= 1 << (row & 31);
    }
    return { holds, defined };
  }

  /**
   * @param {Truths} truths
   * @returns {Truths}
   */
  opposite({ holds, defined }) {
    return { holds: defined.map((word, place) => word & ~holds[place]), defined };
  }

  /**
   * Kleene's conjunction.
   * @param {Truths[]} parts
   * @returns {Truths}
   */
  allOf(parts) {
    const holds = this.all.slice();
    const isFalse = new Uint32Array(this.all.length);
    for (const part of parts) {
      for (let word = 0; word < holds.length; word += 1) {
        holds[word] &= part.holds[word];
        isFalse[word] |= part.defined[word] & ~part.holds[word];
      }
    }
    return { holds, defined: holds.map((word, place) => word | isFalse[place]) };
  }

  /**
   * Kleene's disjunction.
   * @param {Truths[]} parts
   */
  anyOf(parts) { return this.opposite(this.allOf(parts.map((part) => this.opposite(part)))); }

  /**
   * Whether so many parts hold; undefined where those that are undefined could decide.
   * @param {number} bound
   * @param {Truths[]} parts
   */
  atLeast(bound, parts) {
    const sure = new Uint32Array(this.count);
    const possible = new Uint32Array(this.count);
    for (const part of parts) {
      for (let row = 0; row < this.count; row += 1) {
        if (hasBit(part.holds, row)) sure[row] += 1;
        if (hasBit(part.holds, row) || !hasBit(part.defined, row)) possible[row] += 1;
      }
    }
    return this.truthsWhere((row) => (sure[row] >= bound ? true : possible[row] < bound ? false : null));
  }

  /**
   * The parts of a list, patterns replaced by the items that fit them.
   * @param {Expression[]} parts
   */
  expanded(parts) {
    return parts.flatMap((part) => {
      if (part.kind !== "name" || part.quoted || !/[*?]/.test(part.name)) return [part];
      return this.items(part.name).map((place) => (
        /** @type {Expression} */ ({ kind: "name", name: this.facts.items[place].id, quoted: true })));
    });
  }

  /**
   * Whether a condition holds.
   * @param {Expression} expression
   * @returns {Truths}
   */
  truthsOf(expression) {
    const all = (/** @type {Expression[]} */ parts) => this.expanded(parts).map((part) => this.truthsOf(part));
    switch (expression.kind) {
      case "name": return this.namedTruths(expression);
      case "not": return this.opposite(this.truthsOf(expression.part));
      case "all": return this.allOf(all(expression.parts));
      case "any": return this.anyOf(all(expression.parts));
      case "count": {
        const parts = all(expression.parts);
        const reaches = this.atLeast(expression.bound, parts);
        if (expression.quantifier === "at least") return reaches;
        const stays = this.opposite(this.atLeast(expression.bound + 1, parts));
        return expression.quantifier === "at most" ? stays : this.allOf([reaches, stays]);
      }
      case "comparison": return this.compare(expression.sign, expression.left, expression.right);
      case "member": return this.member(expression.part, expression.choices);
      case "call": {
        const truths = this.conditionOf(expression);
        if (truths) return truths;
        throw notCondition(expression.name);
      }
      default: throw notCondition("a value");
    }
  }

  /**
   * @param {{name: string, quoted: boolean}} expression
   * @returns {Truths}
   */
  namedTruths({ name, quoted }) {
    if (!quoted && /[*?]/.test(name)) {
      throw new LanguageError(`'${name}' fits several items; write 'any of (${name})'`);
    }
    const value = this.named(name, true);
    if (value.kind === "answers") return this.answers(value.item);
    if (value.kind === "truths") return value.truths;
    const texts = value.kind === "texts" ? value.values
      : value.kind === "numbers" ? Array.from(value.values, (number) => (Number.isNaN(number) ? null : String(number)))
        : null;
    const isScore = "score" in this.source(name, true) || "plane" in this.source(name, true);
    if (texts && !isScore && texts.every((text) => text === null || flagWords.has(text.toLowerCase()))) {
      return this.truthsWhere((row) => {
        const text = texts[row];
        return text === null ? null : flagWords.get(text.toLowerCase()) ?? null;
      });
    }
    throw notCondition(name);
  }

  /**
   * The condition that a call is; null for one that is a number.
   * @param {{name: string, parts: Expression[]}} call
   * @returns {Truths | null}
   */
  conditionOf({ name, parts }) {
    if (name === "applies" || name === "asked") {
      const plane = this.planes[name];
      return this.allOf(this.itemsOf(parts, name).map((item) => ({ holds: plane[item], defined: this.all })));
    }
    if (name === "known") {
      if (parts.length !== 1) throw new LanguageError("known takes one variable or condition");
      return { holds: this.isKnown(parts[0]), defined: this.all };
    }
    if (name === "contains") {
      const part = parts.length === 2 ? wordOf(parts[1])?.toLowerCase() : undefined;
      if (part === undefined) throw new LanguageError("contains takes a variable and a text, as in (title, 'agent')");
      const value = this.value(parts[0]);
      if (value.kind === "texts") {
        return this.truthsWhere((row) => value.values[row]?.toLowerCase().includes(part) ?? null);
      }
      if (value.kind === "labels") {
        return this.truthsWhere((row) => (value.values[row].length === 0 ? null
          : value.values[row].some((label) => label.toLowerCase().includes(part))));
      }
      throw new LanguageError("contains takes a variable of texts");
    }
    return null;
  }

  /**
   * Where an expression has a value.
   * @param {Expression} expression
   */
  isKnown(expression) {
    if (expression.kind !== "name") return this.truthsOf(expression).defined;
    const value = this.value(expression);
    switch (value.kind) {
      case "answers": return this.answers(value.item).defined;
      case "truths": return value.truths.defined;
      case "numbers": return bitsWhere(this.count, (row) => !Number.isNaN(value.values[row]));
      case "texts": return bitsWhere(this.count, (row) => value.values[row] !== null);
      default: return bitsWhere(this.count, (row) => value.values[row].length > 0);
    }
  }

  /**
   * @param {string} sign
   * @param {Expression} left
   * @param {Expression} right
   * @returns {Truths}
   */
  compare(sign, left, right) {
    const isLiteral = (/** @type {Expression} */ side) => side.kind === "number" || side.kind === "text";
    if (isLiteral(left) && !isLiteral(right)) {
      return this.compare({ "<": ">", "<=": ">=", ">": "<", ">=": "<=" }[sign] ?? sign, right, left);
    }
    const isOrder = sign !== "=" && sign !== "!=";
    const value = this.value(left);
    const signed = (/** @type {Truths} */ truths) => (sign === "=" ? truths : this.opposite(truths));
    if (value.kind === "texts") {
      if (right.kind === "name" && right.quoted) {
        const other = this.value(right);
        if (other.kind === "texts") {
          if (isOrder) throw noOrder(value.name);
          return signed(this.truthsWhere((row) => {
            const [a, b] = [value.values[row], other.values[row]];
            return a === null || b === null ? null : a.toLowerCase() === b.toLowerCase();
          }));
        }
      }
      if (isOrder) return this.ordered(sign, this.textNumbers(value.values, value.name), this.numbersOf(right));
      return signed(this.equal((row) => (value.values[row] === null ? null : [value.values[row] ?? ""]), [right],
        value.name));
    }
    if (value.kind === "labels") {
      if (isOrder) throw noOrder(value.name);
      return signed(this.equal((row) => (value.values[row].length > 0 ? value.values[row] : null), [right], value.name));
    }
    if (value.kind === "answers" && !isOrder) {
      const state = stateWords.get(wordOf(right)?.toLowerCase() ?? "");
      if (state !== undefined) {
        const { yes, applies, asked } = this.planes;
        return signed(this.truthsWhere((row) => {
          const found = !hasBit(asked[value.item], row) ? "absent" : !hasBit(applies[value.item], row) ? "na"
            : hasBit(yes[value.item], row) ? "yes" : "no";
          if (state === "yes" || state === "no") return found === "yes" || found === "no" ? found === state : null;
          return found === state;
        }));
      }
    }
    return this.ordered(sign, this.numbersOf(left), this.numbersOf(right));
  }

  /**
   * Compares numbers; undefined where a side is missing.
   * @param {string} sign
   * @param {Float64Array} left
   * @param {Float64Array} right
   */
  ordered(sign, left, right) {
    /** @type {Record<string, (a: number, b: number) => boolean>} */
    const signs = {
      "=": (a, b) => a === b, "!=": (a, b) => a !== b, "<": (a, b) => a < b,
      "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
    };
    const holds = signs[sign];
    return this.truthsWhere((row) => (
      Number.isNaN(left[row]) || Number.isNaN(right[row]) ? null : holds(left[row], right[row])));
  }

  /**
   * @param {Expression} part
   * @param {Expression[]} choices
   * @returns {Truths}
   */
  member(part, choices) {
    const value = this.value(part);
    if (value.kind === "texts") {
      return this.equal((row) => (value.values[row] === null ? null : [value.values[row] ?? ""]), choices, value.name);
    }
    if (value.kind === "labels") {
      return this.equal((row) => (value.values[row].length > 0 ? value.values[row] : null), choices, value.name);
    }
    return this.anyOf(choices.map((choice) => this.compare("=", part, choice)));
  }

  /**
   * Whether some label of a paper is one of the words, in any case; some paper must have one.
   * @param {(row: number) => string[] | null} labels
   * @param {Expression[]} choices
   * @param {string} name
   */
  equal(labels, choices, name) {
    const words = choices.map((choice) => {
      const word = wordOf(choice);
      if (word === undefined) throw new LanguageError(`expected a word to compare with '${name}'`);
      return word;
    });
    const wanted = new Set(words.map((word) => word.toLowerCase()));
    const numbers = new Set(words.map(numberOf).filter((number) => number !== null));
    /** @type {Map<string, boolean>} */
    const isWanted = new Map();
    const truths = this.truthsWhere((row) => {
      const found = labels(row);
      if (found === null) return null;
      return found.some((label) => {
        let answer = isWanted.get(label);
        if (answer === undefined) {
          const number = numbers.size > 0 ? numberOf(label) : null;
          answer = wanted.has(label.toLowerCase()) || (number !== null && numbers.has(number));
          isWanted.set(label, answer);
        }
        return answer;
      });
    });
    // Of a paper's labels those after the first that is wanted were not looked at; none is wanted, so all were.
    if (isWanted.size > 0 && !Array.from(isWanted.values()).includes(true)) {
      throw new LanguageError(
        `no paper has '${words[0]}' in '${name}'; there are ${Array.from(isWanted.keys()).sort().slice(0, 12).join(", ")}`);
    }
    return truths;
  }

  // Functions

  /**
   * @param {Expression[]} parts
   * @param {string} name
   */
  itemsOf(parts, name) {
    /** @type {number[]} */
    const found = [];
    for (const part of parts) {
      if (part.kind !== "name") throw new LanguageError(`${name} takes items, categories or modules by name`);
      for (const item of this.items(part.name)) if (!found.includes(item)) found.push(item);
    }
    return found;
  }

  /**
   * @param {{name: string, parts: Expression[]}} call
   * @returns {Float64Array}
   */
  functionOf({ name, parts }) {
    if (itemFunctions.includes(name)) {
      const items = this.itemsOf(parts, name);
      const { asked, applies, yes } = this.planes;
      switch (name) {
        case "score": return this.score(items);
        case "n_applicable": return this.rowCounts(applies, items);
        case "n_yes": return this.rowCounts(yes, items);
        case "n_asked": return this.rowCounts(asked, items);
        default: {
          const passed = this.rowCounts(yes, items);
          return this.rowCounts(applies, items).map((count, row) => count - passed[row]);
        }
      }
    }
    if (name === "claims" || name === "engagement") {
      const word = parts.length === 1 ? wordOf(parts[0]) : undefined;
      if (word === undefined) throw new LanguageError(`${name} takes one name, as in claims(strong)`);
      return this.numbersOf({ kind: "name", name: `${name}_${word.toLowerCase().replace(/ /g, "_")}`, quoted: true });
    }
    if (name === "count") {
      const value = parts.length === 1 ? this.value(parts[0]) : null;
      if (value?.kind !== "labels") throw new LanguageError("count takes labels, as in count(tags)");
      return Float64Array.from(value.values, (labels) => labels.length);
    }
    const columns = parts.map((part) => this.numbersOf(part));
    if (name === "min" || name === "max") {
      return Float64Array.from({ length: this.count }, (_, row) => Math[name](...columns.map((column) => column[row])));
    }
    if (columns.length !== 1) throw new LanguageError(`${name} takes one number`);
    /** @type {Record<string, (value: number) => number>} */
    const changes = {
      abs: Math.abs, log: Math.log, log1p: Math.log1p, sqrt: Math.sqrt, floor: Math.floor,
    };
    return columns[0].map((value) => finite(changes[name](value)));
  }

  /**
   * The papers for which a condition is true.
   * @param {string} condition
   * @returns {Uint32Array}
   */
  select(condition) { return this.truthsOf(this.read(condition)).holds; }

  /**
   * The expression of a text: a name as it stands, else what it reads as.
   * @param {string} text
   * @returns {Expression}
   */
  read(text) {
    const name = text.trim();
    try {
      this.source(name);
      return { kind: "name", name, quoted: true };
    } catch {
      return parseExpression(text);
    }
  }
}

/** @param {number} value */
const finite = (value) => (Number.isFinite(value) ? value : NaN);

/** @param {string} name */
const notCondition = (name) => new LanguageError(`'${name}' is no condition; compare it, as in ${name} >= 1`);

/** @param {string} name */
const noOrder = (name) => new LanguageError(`'${name}' has no order; = and in work`);

/**
 * The word that stands for a value.
 * @param {Expression} expression
 * @returns {string | undefined}
 */
function wordOf(expression) {
  switch (expression.kind) {
    case "text": return expression.text;
    case "name": return expression.quoted ? undefined : expression.name;
    case "number": return String(expression.value);
    default: return undefined;
  }
}
