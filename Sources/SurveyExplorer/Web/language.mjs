// The language of conditions (docs/variables.md): text to a tree.

/**
 * @typedef {{kind: "name", name: string, quoted: boolean}
 *   | {kind: "number", value: number} | {kind: "text", text: string}
 *   | {kind: "call", name: string, parts: Expression[]}
 *   | {kind: "not" | "negative", part: Expression}
 *   | {kind: "all" | "any", parts: Expression[]}
 *   | {kind: "count", quantifier: string, bound: number, parts: Expression[]}
 *   | {kind: "comparison" | "arithmetic", sign: string, left: Expression, right: Expression}
 *   | {kind: "member", part: Expression, choices: Expression[]}} Expression
 */
/** @typedef {{kind: "word" | "quoted" | "text" | "number" | "sign" | "end", text: string, value: number, start: number}} Token */

/** What is wrong with a condition, in words. */
export class LanguageError extends Error {}

/** The functions of items, whose arguments may have wildcards. */
export const itemFunctions = ["score", "n_applicable", "n_yes", "n_no", "n_asked", "applies", "asked"];

const functions = [
  ...itemFunctions, "known", "claims", "engagement", "contains", "count", "abs", "log", "log1p",
  "sqrt", "min", "max", "floor",
];

/** The most levels that a tree may have. */
const deepest = 400;

/**
 * The date that a text is, in years with a fraction; null when it is none.
 * @param {string} text
 */
export function yearsOfDate(text) {
  const parts = /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2}).*)?)?$/s.exec(text);
  if (!parts) return null;
  const [year, month] = [Number(parts[1]), Number(parts[2])];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (month < 1 || month > 12) return null;
  let day = lengths.slice(0, month - 1).reduce((sum, length) => sum + length, 0);
  if (parts[3] !== undefined) {
    const ofMonth = Number(parts[3]);
    if (ofMonth < 1 || ofMonth > lengths[month - 1]) return null;
    day += ofMonth - 1;
  }
  if (parts[4] !== undefined) {
    const [hour, minute] = [Number(parts[4]), Number(parts[5])];
    if (hour > 23 || minute > 59) return null;
    day += (hour + minute / 60) / 24;
  }
  return year + day / (isLeap ? 366 : 365);
}

/**
 * The finite number that a text is; null when it is none.
 * @param {string} text
 */
export function numberOf(text) {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** Divides a condition into words, texts, numbers and signs. */
class Lexer {
  /** @param {string} text */
  constructor(text) {
    this.text = Array.from(text);
    this.place = 0;
  }

  /**
   * The next token.
   * @param {boolean} allowsWildcards
   * @returns {Token}
   */
  next(allowsWildcards = false) {
    const { text } = this;
    while (this.place < text.length && /\s/u.test(text[this.place])) this.place += 1;
    const start = this.place;
    /** @type {(kind: Token["kind"], text: string, value?: number) => Token} */
    const token = (kind, content, value = NaN) => ({ kind, text: content, value, start });
    if (start >= text.length) return token("end", "");
    const first = text[start];
    if ("`\"'".includes(first)) return token(first === "`" ? "quoted" : "text", this.quoted(first));
    const two = text.slice(start, start + 2).join("");
    if ([">=", "<=", "==", "!=", "<>"].includes(two)) {
      this.place += 2;
      return token("sign", two === "==" ? "=" : two === "<>" ? "!=" : two);
    }
    if ("()=<>≥≤≠,+-*/".includes(first) && !(allowsWildcards && first === "*")) {
      this.place += 1;
      return token("sign", { "≥": ">=", "≤": "<=", "≠": "!=" }[first] ?? first);
    }
    while (this.place < text.length) {
      const isWild = (allowsWildcards || (this.place > start && text[this.place - 1] === "."))
        && "*?".includes(text[this.place]);
      if (!isWild && !/[\p{L}\p{M}\p{N}_.-]/u.test(text[this.place])) break;
      this.place += 1;
    }
    const word = text.slice(start, this.place).join("");
    if (word === "") {
      throw new LanguageError(
        `expected a name, a sign, 'not', 'and', 'or' or a parenthesis at ${this.at(start)}`);
    }
    if (/^\.?\d/.test(word)) {
      const number = yearsOfDate(word) ?? (/^[\d.eE-]+$/.test(word) ? numberOf(word) : null);
      if (number !== null) return token("number", word, number);
    }
    return token("word", word);
  }

  /**
   * The content up to the closing mark; a doubled one stands for itself.
   * @param {string} mark
   */
  quoted(mark) {
    let content = "";
    const start = this.place;
    for (this.place += 1; this.place < this.text.length; this.place += 1) {
      if (this.text[this.place] === mark) {
        if (this.text[this.place + 1] !== mark) {
          this.place += 1;
          return content;
        }
        this.place += 1;
      }
      content += this.text[this.place];
    }
    throw new LanguageError(`expected a closing ${mark} for what begins at ${this.at(start)}`);
  }

  /**
   * A place in words.
   * @param {number} start
   */
  at(start) {
    if (start >= this.text.length) return "the end";
    return `'${this.text.slice(start, start + 24).join("")}'`;
  }
}

/** Reads an expression by precedence: `or`, `and`, `not`, comparisons, sums, products, signs. */
class Parser {
  /** @param {string} text */
  constructor(text) {
    this.lexer = new Lexer(text);
    this.depth = 0;
  }

  /** @returns {Expression} */
  parse() {
    const result = this.binary(1, false);
    const rest = this.lexer.next();
    if (rest.kind !== "end") throw this.unexpected("'and', 'or' or a comparison", rest);
    return result;
  }

  /**
   * @param {string} expected
   * @param {Token} token
   */
  unexpected(expected, token) {
    return new LanguageError(`expected ${expected} at ${this.lexer.at(token.start)}`);
  }

  peek() {
    const { place } = this.lexer;
    const token = this.lexer.next();
    this.lexer.place = place;
    return token;
  }

  /**
   * Whether a token is a word, in any case.
   * @param {Token} token
   * @param {string} word
   */
  is(token, word) { return token.kind === "word" && token.text.toLowerCase() === word; }

  /**
   * An expression whose operators bind at least so strongly.
   * @param {number} least
   * @param {boolean} allowsWildcards whether its first name may have them
   * @returns {Expression}
   */
  binary(least, allowsWildcards) {
    this.depth += 1;
    if (this.depth > deepest) throw new LanguageError("the condition has too many levels");
    let left = this.prefix(allowsWildcards);
    for (;;) {
      const token = this.peek();
      const isComparison = token.kind === "sign" && ["=", "!=", "<", "<=", ">", ">="].includes(token.text);
      if (this.is(token, "or") || this.is(token, "and")) {
        const isAll = this.is(token, "and");
        if ((isAll ? 2 : 1) < least) break;
        const parts = [left];
        while (this.is(this.peek(), isAll ? "and" : "or")) {
          this.lexer.next();
          parts.push(this.binary(isAll ? 3 : 2, false));
        }
        left = { kind: isAll ? "all" : "any", parts };
      } else if (isComparison || this.is(token, "in") || this.is(token, "not")) {
        if (4 < least) break;
        this.lexer.next();
        if (isComparison) {
          left = { kind: "comparison", sign: token.text, left, right: this.binary(5, false) };
        } else {
          const isNegated = this.is(token, "not");
          if (isNegated) {
            const second = this.lexer.next();
            if (!this.is(second, "in")) throw this.unexpected("'and', 'or' or a comparison", token);
          }
          this.open("in");
          left = { kind: "member", part: left, choices: this.list(false) };
          if (isNegated) left = { kind: "not", part: left };
        }
        const next = this.peek();
        const isChained = (next.kind === "sign" && ["=", "!=", "<", "<=", ">", ">="].includes(next.text))
          || this.is(next, "in");
        if (isChained && isComparison) throw this.unexpected("'and' or 'or'", next);
      } else if (token.kind === "sign" && "+-*/".includes(token.text)) {
        const precedence = "+-".includes(token.text) ? 5 : 6;
        if (precedence < least) break;
        this.lexer.next();
        left = { kind: "arithmetic", sign: token.text, left, right: this.binary(precedence + 1, false) };
      } else {
        break;
      }
    }
    this.depth -= 1;
    return left;
  }

  /**
   * Prefixes and one operand.
   * @param {boolean} allowsWildcards
   * @returns {Expression}
   */
  prefix(allowsWildcards) {
    const token = this.lexer.next(allowsWildcards);
    switch (token.kind) {
      case "number": return { kind: "number", value: token.value };
      case "text": return { kind: "text", text: token.text };
      case "quoted": return { kind: "name", name: token.text, quoted: true };
      case "word": return this.word(token);
      case "sign": {
        if (token.text === "(") {
          const inner = this.binary(1, false);
          this.close();
          return inner;
        }
        if (token.text === "-") {
          const part = this.binary(7, false);
          return part.kind === "number" ? { kind: "number", value: -part.value } : { kind: "negative", part };
        }
        throw this.unexpected("a variable, an item or a value", token);
      }
      default: throw this.unexpected("a variable, an item or a value", token);
    }
  }

  /**
   * What a word begins.
   * @param {Token} token
   * @returns {Expression}
   */
  word(token) {
    const word = token.text.toLowerCase();
    if (word === "not") return { kind: "not", part: this.binary(4, false) };
    if (["and", "or", "in"].includes(word)) throw this.unexpected("a variable, an item or a value", token);
    const next = this.peek();
    if (word === "at" && (this.is(next, "least") || this.is(next, "most"))) {
      this.lexer.next();
      return this.quantified(`at ${next.text.toLowerCase()}`);
    }
    if (word === "exactly" && next.kind === "number") return this.quantified("exactly");
    if (["any", "all", "none"].includes(word) && this.is(next, "of")) {
      this.lexer.next();
      this.open(`${word} of`);
      const parts = this.list(true);
      if (word === "none") return { kind: "count", quantifier: "at most", bound: 0, parts };
      return { kind: word === "all" ? "all" : "any", parts };
    }
    if (next.kind === "sign" && next.text === "(") {
      if (!functions.includes(word)) {
        throw new LanguageError(`'${token.text}(' is no function; there are ${functions.join(", ")}`);
      }
      this.lexer.next();
      return { kind: "call", name: word, parts: this.list(itemFunctions.includes(word)) };
    }
    return { kind: "name", name: token.text, quoted: false };
  }

  /**
   * `K of (…)`.
   * @param {string} quantifier
   * @returns {Expression}
   */
  quantified(quantifier) {
    const number = this.lexer.next();
    if (number.kind !== "number" || !Number.isInteger(number.value) || number.value < 0 || number.value > 1e6) {
      throw this.unexpected(`a whole number after '${quantifier}'`, number);
    }
    const of = this.lexer.next();
    if (!this.is(of, "of")) throw this.unexpected("'of'", of);
    this.open("of");
    return { kind: "count", quantifier, bound: number.value, parts: this.list(true) };
  }

  /**
   * Expressions up to a closing parenthesis.
   * @param {boolean} allowsWildcards
   */
  list(allowsWildcards) {
    const parts = [this.binary(1, allowsWildcards)];
    for (;;) {
      const token = this.lexer.next();
      if (token.kind === "sign" && token.text === ")") return parts;
      if (token.kind !== "sign" || token.text !== ",") throw this.unexpected("',' or ')'", token);
      parts.push(this.binary(1, allowsWildcards));
    }
  }

  /** @param {string} words */
  open(words) {
    const token = this.lexer.next();
    if (token.kind !== "sign" || token.text !== "(") throw this.unexpected(`'(' after '${words}'`, token);
  }

  close() {
    const token = this.lexer.next();
    if (token.kind !== "sign" || token.text !== ")") throw this.unexpected("')'", token);
  }
}

/**
 * Reads a condition or value.
 * @param {string} text
 * @returns {Expression}
 */
export const parseExpression = (text) => new Parser(text).parse();
