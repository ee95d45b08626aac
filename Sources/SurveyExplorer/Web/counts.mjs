// Counting by population count, rates and Wilson limits: all that the page computes itself.

/**
 * The number of bits that are set in a word.
 * @param {number} word
 */
export function popcount(word) {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  bits = (bits + (bits >>> 4)) & 0x0f0f0f0f;
  return Math.imul(bits, 0x01010101) >>> 24;
}

/** @param {Uint32Array} bits */
export function countBits(bits) {
  let count = 0;
  for (let word = 0; word < bits.length; word += 1) count += popcount(bits[word]);
  return count;
}

/**
 * The number of bits that are set in both.
 * @param {Uint32Array} first
 * @param {Uint32Array} second
 */
export function countCommon(first, second) {
  let count = 0;
  for (let word = 0; word < first.length; word += 1) count += popcount(first[word] & second[word]);
  return count;
}

/**
 * As many bits, set where a condition holds.
 * @param {number} count
 * @param {(row: number) => boolean} holds
 */
export function bitsWhere(count, holds) {
  const bits = new Uint32Array(Math.ceil(count / 32));
  for (let row = 0; row < count; row += 1) if (holds(row)) bits[row >>> 5] |= 1 << (row & 31);
  return bits;
}

/**
 * Whether a row's bit is set.
 * @param {Uint32Array} bits
 * @param {number} row
 */
export const hasBit = (bits, row) => (bits[row >>> 5] >>> (row & 31) & 1) === 1;

/**
 * The rows whose bits are set.
 * @param {Uint32Array} bits
 */
export function rowsOf(bits) {
  const rows = [];
  for (let place = 0; place < bits.length; place += 1) {
    for (let word = bits[place]; word !== 0; word &= word - 1) {
      rows.push(place * 32 + 31 - Math.clz32(word & -word));
    }
  }
  return rows;
}

/**
 * The bits of one that are not of the other.
 * @param {Uint32Array} first
 * @param {Uint32Array} second
 */
export const without = (first, second) => first.map((word, place) => word & ~second[place]);

/**
 * The lower Wilson limit and one minus it; the upper limit is the mirrored lower one.
 * @param {number} successes
 * @param {number} failures
 * @param {number} z
 */
function lowerLimit(successes, failures, z) {
  if (successes === 0) return { limit: 0, complement: 1 };
  const n = successes + failures;
  const root = z * Math.sqrt(successes * (failures / n) + z * z / 4);
  return {
    limit: successes * (successes / n) / (successes + z * z / 2 + root),
    complement: (failures + z * z / 2 + root) / (n + z * z),
  };
}

/**
 * Wilson's limits of a share, as the library has them (`ProportionInterval.wilson`).
 * @param {number} yes
 * @param {number} n
 * @param {number} z the upper quantile of the normal distribution
 * @returns {{low: number, high: number} | null} null without trials
 */
export function wilson(yes, n, z) {
  if (n === 0) return null;
  return {
    low: lowerLimit(yes, n - yes, z).limit, high: lowerLimit(n - yes, yes, z).complement,
  };
}

/**
 * @typedef {object} Count
 * @property {number} asked
 * @property {number} applicable
 * @property {number} yes
 */

/**
 * The cells of an item for a selection of papers.
 * @param {import("./data.mjs").Planes} planes
 * @param {number} item
 * @param {Uint32Array} selection
 * @returns {Count}
 */
export const countItem = (planes, item, selection) => ({
  asked: countCommon(planes.asked[item], selection),
  applicable: countCommon(planes.applies[item], selection),
  yes: countCommon(planes.yes[item], selection),
});

/**
 * The cells of several items together.
 * @param {Count[]} counts
 * @returns {Count}
 */
export function sumCounts(counts) {
  const sum = { asked: 0, applicable: 0, yes: 0 };
  for (const count of counts) {
    sum.asked += count.asked;
    sum.applicable += count.applicable;
    sum.yes += count.yes;
  }
  return sum;
}
