// A page a paper: every answer, and all that its scan says.
import { grouped, h, percent, plain, svg } from "./dom.mjs";
import { addressWith, stateOf } from "./state.mjs";
import { figure } from "./chart.mjs";
import { inWords, stateOfLetter, states } from "./corpus.mjs";
import { dataTable } from "./table.mjs";
import { paperAddress } from "./papers.mjs";
import { metadataNames } from "./variables.mjs";

/**
 * An answer: its sign and word.
 * @param {import("./corpus.mjs").State} state
 */
export const answerMark = (state) => (
  h("span", { class: `answer ${state}` }, h("span", { "aria-hidden": "true" }, states[state].sign), ` ${states[state].word}`));

/**
 * The view.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {import("./data.mjs").Texts | null} texts
 */
export function paperView(corpus, texts) {
  const slug = stateOf("paper");
  const mark = Number(stateOf("row") || "-1");
  const row = corpus.facts.slugs[mark] === slug ? mark : corpus.rowOfSlug.get(slug);
  if (row === undefined) {
    return [h("h2", {}, "No such paper"), h("p", {}, `Nothing is called '${slug}'.`)];
  }
  return [
    h("p", {}, h("a", { href: addressWith({ view: "papers", paper: null, row: null }) }, "← All papers")),
    h("h2", {}, corpus.title(row)),
    about(corpus, row, texts),
    texts && texts.findings[row].length > 0
      ? section("Key findings", h("ul", {}, ...texts.findings[row].map((text) => h("li", {}, text)))) : null,
    section("Score", ...score(corpus, row)),
    section("Answers", ...answers(corpus, row, texts)),
    ...disagreements(corpus, row, texts),
    ...claims(row, texts),
    ...flags(row, texts),
    ...citations(corpus, row),
    corpus.facts.textRemark ? h("p", { class: "note" }, corpus.facts.textRemark) : null,
  ];
}

/**
 * @param {string} title
 * @param {import("./dom.mjs").Child[]} content
 */
const section = (title, ...content) => h("section", {}, h("h3", {}, title), ...content);

/**
 * What is known of the paper.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number} row
 * @param {import("./data.mjs").Texts | null} texts
 */
function about(corpus, row, texts) {
  /** @type {[string, import("./dom.mjs").Child][]} */
  const entries = [["Name", corpus.facts.slugs[row]]];
  /** @type {typeof entries} */
  const further = [];
  if (texts && texts.authors[row].length > 0) entries.push(["Authors", texts.authors[row].join(", ")]);
  for (const column of corpus.variables.columns.values()) {
    const value = column.texts?.[row] ?? column.values[row];
    if (column.name === "title" || value === null || (Array.isArray(value) && value.length === 0)) continue;
    (metadataNames.has(column.name) ? entries : further).push([inWords(column.name), identifier(column.name, value)]);
  }
  const list = (/** @type {typeof entries} */ parts) => (
    h("dl", { class: "about" }, ...parts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
  return h("div", {}, list(entries),
    further.length > 0 ? h("details", {}, h("summary", {}, "Counts, engagement, attention and other columns"), list(further)) : null);
}

/**
 * A value, and of an identifier a link.
 * @param {string} name
 * @param {any} value
 */
function identifier(name, value) {
  const text = Array.isArray(value) ? value.join(", ") : typeof value === "number" ? plain(value, 3) : value;
  const base = { arxiv_id: "https://arxiv.org/abs/", doi: "https://doi.org/" }[name];
  return base === undefined ? text
    : h("a", { href: base + encodeURI(text), rel: "noopener noreferrer" }, text);
}

/**
 * The paper's score among those of all.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number} row
 */
function score(corpus, row) {
  const own = corpus.facts.scores[row] ?? null;
  const known = corpus.knownScores;
  if (own === null) return [h("p", {}, "No item applies to the paper, so it has no score.")];
  const lower = known.filter((value) => value < own).length;
  const equal = known.filter((value) => value === own).length - 1;
  const words = `${percent(own / 100)} of the applicable items are answered yes. Of the ${grouped(known.length)} papers with a `
    + `score, ${grouped(lower)} have a lower one and ${grouped(equal)} the same.`;
  return [h("p", {}, words), histogram(known, own, words)];
}

/**
 * How many papers have scores of ten percent each.
 * @param {number[]} scores
 * @param {number | null} own
 * @param {string} caption
 */
export function histogram(scores, own, caption) {
  const bins = Array.from({ length: 10 }, () => 0);
  for (const value of scores) bins[Math.min(9, Math.floor(value / 10))] += 1;
  const most = Math.max(1, ...bins);
  const place = own === null ? -1 : Math.min(9, Math.floor(own / 10));
  const picture = svg("svg", { class: "histogram", viewBox: "0 -10 320 120", role: "img", "aria-label": caption },
    ...bins.map((count, bin) => svg("rect", {
      class: bin === place ? "rest" : "mark", x: 10 + 30 * bin, width: 28, y: 90 - 80 * count / most, height: 80 * count / most,
    })),
    ...bins.map((count, bin) => svg("text", { x: 24 + 30 * bin, y: 87 - 80 * count / most, "text-anchor": "middle" }, String(count))),
    ...[0, 20, 40, 60, 80, 100].map((tick) => svg("text", { x: 10 + 3 * tick, y: 106, "text-anchor": "middle" }, `${tick}`)));
  const name = (/** @type {number} */ bin) => `${10 * bin} to ${bin === 9 ? "100" : `below ${10 * bin + 10}`}`;
  return figure("scores", `Papers by score, in bins of 10 percent; n = ${grouped(scores.length)}.`
    + (own === null ? "" : " The paper's own bin stands out."), picture,
  dataTable({ name: "score-bins", caption: "Papers by score.", rows: bins.map((count, bin) => ({ count, bin })),
    columns: [{ name: "score", label: "Score", value: ({ bin }) => name(bin) },
      { name: "n", label: "Papers", isNumber: true, value: ({ count }) => count }] }));
}

/**
 * All answers by category.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number} row
 * @param {import("./data.mjs").Texts | null} texts
 */
function answers(corpus, row, texts) {
  const failed = corpus.facts.items.map((_, item) => item).filter((item) => corpus.state(row, item) === "no");
  const reasons = failed.length > 0
    ? h("details", { open: true, id: "failed" }, h("summary", {}, `Fails ${failed.length} items`),
      h("ul", { class: "answers" }, ...failed.map((item) => answer(corpus, row, item, texts))))
    : h("p", {}, "The paper fails no item that applies.");
  return [reasons, ...corpus.categories.map((category) => {
    const items = corpus.itemsIn(category).filter((item) => corpus.state(row, item) !== "absent");
    if (items.length === 0) return null;
    const yes = items.filter((item) => corpus.state(row, item) === "yes").length;
    const applicable = items.filter((item) => corpus.state(row, item) !== "na").length;
    return h("details", { open: true },
      h("summary", {}, `${corpus.categoryLabel(category)}: ${yes} of ${applicable} applicable items`),
      h("ul", { class: "answers" }, ...items.map((item) => answer(corpus, row, item, texts))));
  })];
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number} row
 * @param {number} item
 * @param {import("./data.mjs").Texts | null} texts
 */
function answer(corpus, row, item, texts) {
  const why = texts?.justifications[item][row];
  const source = corpus.source(row, item);
  const others = corpus.readingsOf(row).map(({ reading }) => ({
    name: corpus.readingName(reading.version, reading.rater), state: stateOfLetter(reading.cells[item]),
  })).filter(({ state }) => state !== "absent" && state !== corpus.state(row, item));
  return h("li", {}, answerMark(corpus.state(row, item)), " ", h("strong", {}, corpus.itemLabel(item)),
    source ? h("span", { class: "note" }, ` (${source})`) : null,
    why ? h("p", {}, why) : null,
    ...others.map(({ name, state }) => h("p", { class: "note" }, `${name} says `, answerMark(state))));
}

/**
 * The items on which other versions and raters, or other rows of the paper, say something else.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number} row
 * @param {import("./data.mjs").Texts | null} texts
 */
function disagreements(corpus, row, texts) {
  const readings = otherReadings(corpus, row, texts);
  if (readings.length === 0) return [];
  return [section("What others said", ...readings.map((other) => {
    const both = corpus.facts.items.map((_, item) => item)
      .filter((item) => corpus.state(row, item) !== "absent" && other.state(item) !== "absent");
    const differing = both.filter((item) => corpus.state(row, item) !== other.state(item));
    return h("div", { class: "reading" },
      h("h4", {}, other.name),
      h("p", {}, `Of ${both.length} items that both have answered, ${differing.length} differ.`),
      h("ul", { class: "answers" }, ...differing.map((item) => h("li", {},
        h("strong", {}, corpus.itemLabel(item)), ": ", answerMark(corpus.state(row, item)), " here, ",
        answerMark(other.state(item)), " there",
        other.why(item) ? h("p", {}, `There: ${other.why(item)}`) : null))));
  }))];
}

/**
 * Other scans and rows of a row's paper.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number} row
 * @param {import("./data.mjs").Texts | null} texts
 */
export function otherReadings(corpus, row, texts) {
  const version = corpus.textsOf("version");
  const rater = corpus.textsOf("rater");
  const rows = corpus.hasSeveralRows
    ? corpus.facts.slugs.map((_, other) => other)
      .filter((other) => other !== row && corpus.facts.slugs[other] === corpus.facts.slugs[row]) : [];
  return [
    ...rows.map((other) => ({
      row: /** @type {number | null} */ (other),
      name: corpus.readingName(version[other], rater[other]),
      state: (/** @type {number} */ item) => corpus.state(other, item),
      why: (/** @type {number} */ item) => texts?.justifications[item][other] ?? null,
    })),
    ...corpus.readingsOf(row).map(({ reading, place }) => ({
      row: /** @type {number | null} */ (null),
      name: corpus.readingName(reading.version, reading.rater),
      state: (/** @type {number} */ item) => stateOfLetter(reading.cells[item]),
      why: (/** @type {number} */ item) => texts?.readings[place]?.[item] ?? null,
    })),
  ];
}

/**
 * Support levels, the strongest first.
 * @param {(string | null)[]} levels
 */
export function supportLevels(levels) {
  const order = ["strong", "moderate", "weak"];
  const rank = (/** @type {string} */ level) => (order.indexOf(level) < 0 ? order.length : order.indexOf(level));
  return Array.from(new Set(levels.map((level) => (level ?? "not stated").toLowerCase())))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/**
 * @param {number} row
 * @param {import("./data.mjs").Texts | null} texts
 */
function claims(row, texts) {
  const all = texts?.claims[row] ?? [];
  if (all.length === 0) return [];
  return [section("Claims", ...supportLevels(all.map(([, , support]) => support)).flatMap((level) => {
    const found = all.filter(([, , support]) => (support ?? "not stated").toLowerCase() === level);
    return [h("h4", {}, `${inWords(level)} support: ${found.length} of ${all.length}`),
      h("ul", {}, ...found.map(([claim, evidence]) => h("li", {}, claim,
        evidence ? h("p", { class: "note" }, `Evidence: ${evidence}`) : null)))];
  }))];
}

/**
 * @param {number} row
 * @param {import("./data.mjs").Texts | null} texts
 */
function flags(row, texts) {
  const all = texts?.flags[row] ?? [];
  if (all.length === 0) return [];
  return [section(`Red flags (${all.length})`, h("ul", {}, ...all.map(([flag, detail]) => (
    h("li", {}, h("strong", {}, flag), detail ? h("p", {}, detail) : null)))))];
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {number} row
 */
function citations(corpus, row) {
  const { citations: edges } = corpus.facts;
  const cites = [];
  const cited = [];
  for (let place = 0; place < edges.length; place += 2) {
    if (edges[place] === row) cites.push(edges[place + 1]);
    if (edges[place + 1] === row) cited.push(edges[place]);
  }
  const list = (/** @type {string} */ title, /** @type {number[]} */ rows) => (rows.length === 0 ? []
    : [h("h4", {}, `${title} (${rows.length})`),
      h("ul", {}, ...rows.map((other) => h("li", {}, h("a", { href: paperAddress(corpus, other) }, corpus.title(other)))))]);
  if (cites.length + cited.length === 0) return [];
  return [section("Citations inside the corpus", ...list("Cites", cites), ...list("Is cited by", cited))];
}
