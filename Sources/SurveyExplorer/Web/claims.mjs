// Claims: a search over what papers claim, by how well it is supported; tensions between papers.
import { hasBit } from "./counts.mjs";
import { field, grouped, h, limits, menu, noteInWords, plain } from "./dom.mjs";
import { changeState, stateOf } from "./state.mjs";
import { inWords } from "./corpus.mjs";
import { origins } from "./items.mjs";
import { supportLevels } from "./paper.mjs";
import { paperAddress } from "./papers.mjs";
import { dataTable, rowsOfTable } from "./table.mjs";
import { pValue } from "./findings.mjs";

/**
 * The view.
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {import("./data.mjs").Texts | null} texts
 */
export function claimsView(corpus, texts) {
  return [h("h2", {}, "Claims"), ...(texts ? search(corpus, texts) : [withoutTexts(corpus)]), ...tensions(corpus)];
}

/** @param {import("./corpus.mjs").Corpus} corpus */
const withoutTexts = (corpus) => (
  h("p", {}, corpus.facts.textRemark ?? "The scans have no claims, or the page was made without their texts."));

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {import("./data.mjs").Texts} texts
 * @returns {import("./dom.mjs").Child[]}
 */
function search(corpus, texts) {
  const all = texts.claims.flatMap((claims, row) => (hasBit(corpus.selection, row)
    ? claims.map(([claim, evidence, support]) => ({ row, claim, evidence, support: (support ?? "not stated").toLowerCase() })) : []));
  if (texts.claims.every((claims) => claims.length === 0)) return [withoutTexts(corpus)];
  const words = stateOf("claim").toLowerCase().split(/\s+/).filter((word) => word !== "");
  const levels = supportLevels(texts.claims.flat().map(([, , support]) => support));
  const support = stateOf("support");
  const fitting = all.filter(({ claim, evidence }) => {
    const text = `${claim} ${evidence ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const shown = fitting.filter((claim) => support === "" || claim.support === support);
  const input = h("input", { id: "claim-search", type: "search", value: stateOf("claim"), placeholder: "productivity" });
  const papers = new Set(shown.map(({ row }) => row)).size;
  return [
    h("form", { class: "tools", role: "search", "aria-label": "Claims", onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      changeState({ claim: input.value });
    } },
    field("Words of the claim or its evidence", input),
    menu("Support", [["", "any"], ...levels.map((level) => /** @type {[string, string]} */ ([level, inWords(level)]))], support,
      (value) => changeState({ support: value, claim: input.value })),
    h("button", { type: "submit" }, "Search")),
    h("p", { id: "claim-count" }, `${grouped(shown.length)} claims of ${grouped(papers)} papers, of ${grouped(all.length)} claims of the selected papers. `, origins.page()),
    corpus.facts.textRemark ? h("p", { class: "note" }, corpus.facts.textRemark) : null,
    dataTable({
      name: "support", caption: "Claims that fit the words, by support.", rows: levels,
      columns: [
        { name: "support", label: "Support", value: (level) => inWords(level) },
        { name: "n", label: "Claims", isNumber: true, value: (level) => fitting.filter((claim) => claim.support === level).length },
        { name: "n_papers", label: "Papers", isNumber: true,
          value: (level) => new Set(fitting.filter((claim) => claim.support === level).map(({ row }) => row)).size },
      ],
    }),
    dataTable({
      name: "claims", caption: "The claims.", rows: shown,
      columns: [
        { name: "claim", label: "Claim", value: ({ claim }) => claim },
        { name: "support", label: "Support", value: ({ support: level }) => inWords(level) },
        { name: "evidence", label: "Evidence", value: ({ evidence }) => evidence },
        { name: "title", label: "Paper", value: ({ row }) => corpus.title(row), show: ({ row }) => h("a", { href: paperAddress(corpus, row) }, corpus.title(row)) },
        { name: "paper", label: "", value: ({ row }) => corpus.facts.slugs[row], isHidden: true },
      ],
    }),
  ];
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @returns {import("./dom.mjs").Child[]}
 */
function tensions(corpus) {
  const table = corpus.facts.tables.tensions;
  if (!table) return [];
  const rows = rowsOfTable(table);
  return [h("h3", {}, "Tensions"),
    h("p", {}, "Papers whose claims are on one side of a topic or the other, and their mean scores. ", origins.library()),
    dataTable({ name: "tensions", caption: "Papers on the two sides of a topic, and their mean scores.", rows, columns: [
      { name: "term", label: "Topic", value: (row) => row.label ?? row.term },
      { name: "n_positive", label: "Positive papers", isNumber: true, value: (row) => row.n_positive },
      { name: "positive", label: "Mean score", isNumber: true, value: (row) => row.positive, show: (row) => plain(row.positive) },
      { name: "n_nuanced", label: "Nuanced papers", isNumber: true, value: (row) => row.n_nuanced },
      { name: "nuanced", label: "Mean score", isNumber: true, value: (row) => row.nuanced, show: (row) => plain(row.nuanced) },
      { name: "n_both", label: "On both", isNumber: true, value: (row) => row.n_both },
      { name: "estimate", label: "Difference", isNumber: true, value: (row) => row.estimate, show: (row) => plain(row.estimate) },
      { name: "conf_low", label: "Interval", isNumber: true, value: (row) => row.conf_low,
        show: (row) => (row.conf_low === null ? "–" : limits(row.conf_low / 100, row.conf_high / 100).replace("%", "")) },
      { name: "conf_high", label: "", value: (row) => row.conf_high, isHidden: true },
      { name: "p_value", label: "p", isNumber: true, value: (row) => row.p_value, show: (row) => pValue(row.p_value) },
      { name: "note", label: "Note", value: (row) => row.note, show: (row) => noteInWords(row.note) },
    ] }),
    ...corpus.facts.tensions.map((tension) => h("details", {}, h("summary", {}, tension.label),
      side(corpus, "Positive", tension.positive, tension.positivePapers), side(corpus, "Nuanced", tension.nuanced, tension.nuancedPapers)))];
}

/**
 * @param {import("./corpus.mjs").Corpus} corpus
 * @param {string} name
 * @param {string} condition
 * @param {number[]} rows
 */
const side = (corpus, name, condition, rows) => h("section", {},
  h("h4", {}, `${name} (${rows.length})`), h("p", { class: "note" }, condition),
  h("ul", {}, ...rows.map((row) => h("li", {}, h("a", { href: paperAddress(corpus, row) }, corpus.title(row))))));
