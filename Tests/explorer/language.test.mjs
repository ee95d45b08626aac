import assert from "node:assert/strict";
import test from "node:test";
import { parseExpression, yearsOfDate } from "../../Sources/SurveyExplorer/Web/language.mjs";
import { bitsWhere, rowsOf } from "../../Sources/SurveyExplorer/Web/counts.mjs";
import { Variables } from "../../Sources/SurveyExplorer/Web/variables.mjs";

/** Items a.x, a.y, b.z of papers p, q, r, s by letters: yes, no, does not apply, never asked. */
function variables() {
  const cells = ["11-", "10.", "0-1", "..0"];
  const items = ["a.x", "a.y", "b.z"].map((id) => (
    { id, category: id[0], name: id[2], label: null, module: id === "b.z" ? "extra" : "base" }));
  const plane = (letters) => items.map((_, item) => bitsWhere(4, (row) => letters.includes(cells[row][item])));
  return new Variables({
    rows: 4, items, slugs: ["p", "q", "r", "s"],
    variables: [
      { name: "title", kind: "category", values: ["One agent", "Two", null, "Four Agents"] },
      { name: "year", kind: "number", values: [2023, 2024, null, 2026] },
      { name: "venue", kind: "category", values: ["ICSE", "FSE", "ICSE", null] },
      { name: "tags", kind: "labels", values: [["rct", "survey"], ["rct"], [], ["survey"]] },
      { name: "my column", kind: "number", values: [1, 2, 3, null] },
      { name: "open", kind: "category", values: ["yes", "no", null, "true"] },
    ],
  }, { asked: plane("10-"), applies: plane("10"), yes: plane("1") });
}

const chosen = (condition) => rowsOf(variables().select(condition)).map((row) => "pqrs"[row]).join("");

test("conditions choose the papers for which they are true", () => {
  for (const [condition, papers] of [
    ["x", "pq"], ["not x", "r"], ["a.x and y", "p"], ["x or z", "pqr"], ["not (x and y)", "qr"],
    ["y = na", "r"], ["y = absent", "s"], ["y != yes", "q"], ["z = no", "s"],
    ["year >= 2024", "qs"], ["2024 <= year", "qs"], ["year in (2023, 2026)", "ps"], ["year not in (2023)", "qs"],
    ["venue = icse", "pr"], ["venue != 'ICSE'", "q"], ["venue in ('ICSE', FSE)", "pqr"],
    ["tag = rct", "pq"], ["tags != rct", "s"], ["count(tags) = 2", "p"],
    ["contains(title, 'AGENT')", "ps"], ["contains(tags, 'sur')", "ps"],
    ["known(year)", "pqs"], ["not known(title)", "r"], ["known(y)", "pq"],
    ["`my column` + 1 > 2", "qr"], ["-`my column` < -2", "r"], ["max(year, 2025) = 2025", "pq"],
    ["score = 50", "qr"], ["score(a) = 100", "p"], ["a < 100", "qr"], ["n_no(a.*, b) = 1", "qrs"],
    ["applies(x)", "pqr"], ["asked(x, y)", "pqr"], ["asked(*)", "pr"],
    ["at least 2 of (x, y, z)", "p"], ["at most 0 of (x, y)", ""], ["exactly 1 of (x, z)", "r"],
    ["any of (a.*)", "pq"], ["all of (a.*)", "p"], ["none of (z)", "s"],
    ["open", "ps"], ["not open", "q"], ["paper = p", "p"], ["extra > 0", "r"],
    ["x and year > 2023 or z", "qr"], ["x and (year > 2023 or z)", "q"], ["NOT x", "r"], ["1 + 1 * 2 = 3 and x", "pq"],
  ]) assert.equal(chosen(condition), papers, condition);
});

test("what cannot be read or is not there is an error in words", () => {
  for (const [condition, words] of [
    ["nothing", /nothing is called 'nothing'/], ["year >", /the end/], ["(x", /'\)'/], ["1 < year < 3", /'and' or 'or'/],
    ["venue = nowhere", /no paper has 'nowhere'/], ["score(nope) > 1", /no item, category or module/], ["foo(x)", /no function/],
    ["venue > 'A'", /not numeric|is a text/], ["year", /no condition/], ["a.*", /several items/], ["x y", /comparison/], ["tags + 1 > 2", /labels/],
  ]) assert.throws(() => variables().select(condition), words, condition);
});

test("dates are years with a fraction", () => {
  assert.equal(yearsOfDate("2025-01"), 2025);
  assert.equal(yearsOfDate("2025-07-02T12:00"), 2025.5);
  assert.equal(yearsOfDate("2024-02-30"), null);
  assert.equal(parseExpression("2025-03").value, 2025 + 59 / 365);
});

test("deep conditions are refused, not run out of stack", () => {
  assert.throws(() => parseExpression(`${"(".repeat(1000)}x${")".repeat(1000)}`), /too many levels/);
});
