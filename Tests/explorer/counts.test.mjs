import assert from "node:assert/strict";
import test from "node:test";
import { bitsWhere, countBits, countCommon, hasBit, popcount, rowsOf, wilson, without }
  from "../../Sources/SurveyExplorer/Web/counts.mjs";

const z = 1.959963984540054;

test("bits are counted as one by one", () => {
  for (const word of [0, 1, -1, 0x80000000, 0x55555555, 0x7fffffff, 123456789]) {
    assert.equal(popcount(word), (word >>> 0).toString(2).replaceAll("0", "").length);
  }
});

test("rows and bits are each other's inverse, beyond a word too", () => {
  const rows = [0, 31, 32, 63, 64, 99];
  const bits = bitsWhere(100, (row) => rows.includes(row));
  assert.deepEqual(rowsOf(bits), rows);
  assert.equal(countBits(bits), 6);
  assert.ok(hasBit(bits, 31) && !hasBit(bits, 30));
  const all = bitsWhere(100, () => true);
  assert.equal(countBits(without(all, bits)), 94);
  assert.equal(countCommon(all, bits), 6);
});

// prop.test(x, n, correct = FALSE)$conf.int of R 4.2.2.
test("Wilson's limits are those of R", () => {
  for (const [yes, n, low, high] of [
    [5, 10, 0.236593090512564, 0.7634069094874359], [1, 10, 0.01787621309507289, 0.4041500267952384],
    [90, 100, 0.8256343384950866, 0.9447708629393249], [3, 467, 0.002187089729205656, 0.01871476297795357],
  ]) {
    const limit = wilson(yes, n, z);
    assert.ok(Math.abs(limit.low - low) < 1e-12 && Math.abs(limit.high - high) < 1e-12, `${yes} of ${n}: ${limit.low}, ${limit.high}`);
  }
});

test("limits of none and all reach 0 and 1, and nothing has none", () => {
  assert.equal(wilson(0, 7, z).low, 0);
  assert.equal(wilson(7, 7, z).high, 1);
  assert.equal(wilson(0, 0, z), null);
});
