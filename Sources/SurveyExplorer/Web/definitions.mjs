// Definitions: what each item asks, what numbers mean, and how to cite them.
import { countBits } from "./counts.mjs";
import { grouped, h } from "./dom.mjs";
import { addressWith } from "./state.mjs";
import { dataTable } from "./table.mjs";

/**
 * The view.
 * @param {import("./corpus.mjs").Corpus} corpus
 */
export function definitionsView(corpus) {
  const { facts, planes } = corpus;
  const level = `${100 * facts.level}%`;
  return [
    h("h2", {}, "Definitions"),
    h("h3", {}, "Answers"),
    h("p", {}, "An answer is yes, no, or “does not apply”. What does not apply to a paper, and what its instrument never asked, is in no denominator."),
    h("h3", {}, "Numbers"),
    h("dl", {},
      h("dt", {}, "Share of yes"), h("dd", {}, "Yes answers over applicable answers, of an item among the papers to which it applies."),
      h("dt", {}, "n"), h("dd", {}, "The applicable answers that a share is of: of an item as many as papers, of a category or everything the answers of several items."),
      h("dt", {}, "Score"), h("dd", {}, "The percentage of a paper's applicable items that are answered yes."),
      h("dt", {}, "Interval"), h("dd", {}, `${level} confidence intervals: of items Wilson's; of categories and everything papers are resampled whole, because the answers of a paper go together.`),
      h("dt", {}, "Computed by metastat"), h("dd", {}, "A number of a table of the program, as it stands in its CSV."),
      h("dt", {}, "Counted by this page"), h("dd", {}, "A count, a rate, or a Wilson interval of a single item, for papers that the reader has selected, by the same formulas. Nothing else is computed here."),
      h("dt", {}, "Groups"), h("dd", {}, "Of categories and everything, groups are compared over the items that apply in all of them, so that no group looks better for having been asked other questions. A paper with several tags is in several groups; in differences it counts with its first."),
      h("dt", {}, "Differences"), h("dd", {}, "Miettinen and Nurminen's intervals; p-values adjusted by Holm's method."),
      h("dt", {}, "Change over the years"), h("dd", {}, "The change of the fitted share between the first and the last year.")),
    facts.selection.length > 0 ? h("p", {}, `The page is of papers and items selected by: ${facts.selection.join("; ")}.`) : null,
    h("h3", {}, "Items"),
    dataTable({
      name: "definitions", caption: `The ${grouped(facts.items.length)} items, and to how many of ${grouped(corpus.count)} papers they apply.`,
      rows: facts.items.map((_, item) => item),
      columns: [
        { name: "label", label: "Question", value: (item) => corpus.itemLabel(item),
          show: (item) => h("a", { href: addressWith({ view: "groups", target: `item ${facts.items[item].id}` }) }, corpus.itemLabel(item)) },
        { name: "item", label: "Name in conditions", value: (item) => facts.items[item].id },
        { name: "category", label: "Category", value: (item) => corpus.categoryLabel(facts.items[item].category) },
        { name: "module", label: "Module", value: (item) => facts.items[item].module },
        { name: "n_asked", label: "Asked", isNumber: true, value: (item) => countBits(planes.asked[item]) },
        { name: "n_applicable", label: "Applies", isNumber: true, value: (item) => countBits(planes.applies[item]) },
      ],
    }),
    h("h3", {}, "Conditions"),
    h("p", {}, "A selection is a condition on papers: names of items (yes is true), of variables, comparisons, and, or, not, lists. An answer that does not apply makes a condition undefined, and the paper is not selected. For example:"),
    h("ul", {}, ...["year >= 2025 and score < 40", "not code_released", "at least 3 of (artifacts.*)", "contains(title, 'agent')",
      "known(year) and n_no(limitations_and_scope) > 0"].map((text) => h("li", {}, h("code", {}, text)))),
    dataTable({
      name: "variables", caption: "The variables of papers.", rows: Array.from(corpus.variables.columns.values()),
      columns: [
        { name: "name", label: "Name", value: ({ name }) => name },
        { name: "kind", label: "Kind", value: ({ kind }) => kind },
        { name: "n", label: "Papers with a value", isNumber: true,
          value: ({ values }) => values.filter((value) => value !== null && !(Array.isArray(value) && value.length === 0)).length },
      ],
    }),
    h("h3", {}, "Keys"),
    h("p", {}, "Digits go to the views, / to the search. In the map and the scatter plot arrow keys move, Enter opens a paper."),
    h("h3", {}, "How to cite"),
    h("p", { id: "citation" }, `${facts.title}. Explorer made with ${facts.generator}, of ${grouped(facts.papers)} papers and ${grouped(facts.items.length)} items. A link of the page (Copy link) names the view and the selection.`),
  ];
}
