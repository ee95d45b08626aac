// Every number of a page against the program's tables: the whole, groups, trends, scores, and what the
// page counts for random selections.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { countBits, hasBit, without } from "../../Sources/SurveyExplorer/Web/counts.mjs";
import { keyOfRow, selectionRates } from "../../Sources/SurveyExplorer/Web/items.mjs";
import { rowsOfTable } from "../../Sources/SurveyExplorer/Web/table.mjs";
import { corpora, metastat, readPage } from "./page.mjs";

/** Random numbers that are the same in every run (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const close = (found, wanted, what) => {
  if (wanted === null || found === null) return assert.equal(found, wanted, what);
  assert.ok(Math.abs(found - Number(wanted)) <= 1e-12 * Math.max(1, Math.abs(found)), `${what}: ${found} is not ${wanted}`);
};

/** A table of a page against the program's: every column of the former, row by row. */
function same(columns, rows, what) {
  const own = rowsOfTable(columns);
  assert.equal(own.length, rows.length, `${what}: rows`);
  rows.forEach((row, place) => {
    for (const [name, found] of Object.entries(own[place])) {
      const value = row[name];
      if (typeof found === "number") close(found, value, `${what}, row ${place}, ${name}`);
      else assert.equal(found ?? null, value, `${what}, row ${place}, ${name}`);
    }
  });
}

/** Conditions of one or two parts that a reader might choose. */
function condition(corpus, next) {
  const { items } = corpus.facts;
  const pick = (list) => list[Math.floor(next() * list.length)];
  const part = () => {
    const item = () => pick(items).id;
    const choices = [
      () => `${item()} = ${pick(["yes", "no", "na", "absent"])}`,
      () => `score ${pick([">=", "<", ">"])} ${Math.floor(100 * next())}`,
      () => `score(${items[0].category === "" ? "*" : pick(corpus.categories)}) ${pick([">=", "<="])} ${Math.floor(100 * next())}`,
      () => `n_applicable ${pick([">", "<="])} ${Math.floor(items.length * next())}`,
      () => `at least ${1 + Math.floor(3 * next())} of (${item()}, ${item()}, not ${item()}, ${item()})`,
      () => `known(${item()}) and not ${item()}`,
      () => `n_no(*) > ${Math.floor(10 * next())}`,
    ];
    for (const column of corpus.variables.columns.values()) {
      const values = column.values.flat().filter((value) => value !== null);
      if (["number", "count"].includes(column.kind)) choices.push(() => `${column.name} ${pick([">=", "<", "="])} ${pick(values)}`);
      if (column.kind === "category" && column.name !== "title" && column.name !== "rater") {
        choices.push(() => `${column.name} ${pick(["=", "!="])} '${String(pick(values)).replaceAll("'", "''")}'`);
      }
      if (column.kind === "labels") choices.push(() => `${column.name} in ('${pick(values)}', '${pick(values)}')`);
      if (column.name === "title") {
        choices.push(() => `contains(title, '${pick(values).split(" ")[0].replaceAll("'", "''")}')`);
      }
    }
    return pick(choices)();
  };
  const joined = pick(["", " and ", " or ", " and not "]);
  return joined === "" ? part() : `(${part()})${joined}(${part()})`;
}

for (const { name, input, page, options } of corpora) {
  const { corpus } = readPage(page);
  const { tables, groups } = corpus.facts;

  test(`${name}: the tables are those of the program`, () => {
    const rates = metastat("rates", input, ...options);
    const columns = Object.fromEntries(Object.entries(tables.rates.columns)
      .map(([key, values]) => [key, values.filter((_, place) => tables.rates.columns.level[place] !== "module")]));
    same({ columns }, rates, "rates");
    if (tables.distribution) {
      same(tables.distribution, metastat("scores", input, ...options), "scores");
    }
    if (tables.trends) same(tables.trends, metastat("trend", input, ...options), "trend");
    for (const group of groups) {
      same(group.rates, metastat("rates", input, ...options, "--by", group.column), `rates --by ${group.column}`);
      if (group.differences) {
        same(group.differences, metastat("compare", input, ...options, "--by", group.column), `compare --by ${group.column}`);
      }
    }
    for (const key of Object.keys(tables).filter((table) => table.startsWith("against "))) {
      const outcome = key.slice("against ".length);
      const variables = [...new Set(tables[key].columns.variable)];
      const found = metastat("scores", input, ...options, "--of", outcome, "--against", ...variables, "--adjust", "none");
      same(tables[key], found, key);
    }
  });

  /** The rest of the papers, against the program's rates of the papers that the page names. */
  function compareRest(selection, rest, where) {
    const path = join(mkdtempSync(join(tmpdir(), "explorer-rest-")), "part.csv");
    writeFileSync(path, `paper,explorer_part\n${corpus.facts.slugs.map((slug, row) => (
      `"${slug.replaceAll('"', '""')}",${hasBit(selection, row) ? "chosen" : "rest"}\n`)).join("")}`);
    const found = metastat("rates", input, ...options, "--covariates", path, "--where", "explorer_part = rest", "--interval", "wilson");
    for (const row of found) {
      const [own, what] = [rest.get(keyOfRow(row)), `the rest of ${where}: ${keyOfRow(row)}`];
      assert.equal(own.applicable, Number(row.n_applicable), what);
      assert.equal(own.yes, Number(row.n_yes), what);
      close(own.estimate, row.estimate, `${what}, estimate`);
      if (row.level === "item") {
        close(own.low, row.conf_low, `${what}, conf_low`);
        close(own.high, row.conf_high, `${what}, conf_high`);
      }
    }
  }

  test(`${name}: what the page counts for 20 random selections is what the program has`, () => {
    const next = random(20261130);
    let tried = 0;
    for (let found = 0; found < 20 && tried < 400; tried += 1) {
      const where = condition(corpus, next);
      let selection;
      try { selection = corpus.variables.select(where); } catch { continue; }
      const count = countBits(selection);
      if (count === 0) continue;
      found += 1;
      const page_ = selectionRates(corpus, selection);
      const rest = selectionRates(corpus, without(corpus.variables.all, selection));
      const rows = metastat("rates", input, ...options, "--where", where, "--interval", "wilson");
      if (countBits(selection) < corpus.count) compareRest(selection, rest, where);
      for (const row of rows) {
        const key = keyOfRow(row);
        const own = page_.get(key);
        const what = `${where}: ${key}`;
        assert.ok(own, what);
        assert.equal(own.applicable, Number(row.n_applicable), what);
        assert.equal(own.yes, Number(row.n_yes), what);
        assert.equal(own.asked - own.applicable, Number(row.n_not_applicable), what);
        assert.equal(corpus.noLimits, "", "the corpora of this test have no weights");
        close(own.estimate, row.estimate, `${what}, estimate`);
        if (row.level === "item") {
          close(own.low, row.conf_low, `${what}, conf_low`);
          close(own.high, row.conf_high, `${what}, conf_high`);
        }
        const whole = tables.rates.columns;
        const place = rowsOfTable({ columns: whole }).findIndex((each) => keyOfRow(each) === key);
        assert.equal(own.yes + rest.get(key).yes, whole.n_yes[place], `${what}: with the rest`);
      }
    }
    assert.ok(tried < 400, "too few conditions select a paper");
  });
}
