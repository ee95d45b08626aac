// Runs every kernel on every path on sizes at which tiles, words and vectors begin and end, under a
// sanitizer, and compares the paths. Arrays are as long as the kernels may read and no longer.
//
// usage: kernels-sanitized [longest]; see 'make sanitize'

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ckernels.h"

enum { PATHS = 3 };

static const size_t papers_tried[] = {0, 1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097};
static const size_t columns_tried[] = {1, 2, 3, 15, 16, 17, 47, 48, 49, 65, 143, 145, 500, 2000};
static _Atomic int failures;

static void *room(size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  if (!memory) abort();
  return memory;
}

static double *aligned_room(size_t count) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, (count ? count : 1) * sizeof(double))) abort();
  memset(memory, 0, count * sizeof(double));
  return memory;
}

static uint64_t next_of(uint64_t *state) {
  *state += UINT64_C(0x9E3779B97F4A7C15);
  uint64_t z = *state;
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static void same(const char *kernel, const void *a, const void *b, size_t bytes, size_t x,
                 size_t y, int path) {
  if (memcmp(a, b, bytes) == 0) return;
  fprintf(stderr, "%s: path %d differs at %zu x %zu\n", kernel, path, x, y);
  failures++;
}

// Columns of random bits whose padding is zero.
static uint64_t *planes(size_t papers, size_t columns, size_t words, uint64_t seed) {
  uint64_t *bits = room(words * columns, sizeof(uint64_t));
  for (size_t c = 0; c < columns; c++)
    for (size_t i = 0; i < papers; i += 64) {
      const uint64_t word = next_of(&seed);
      const size_t left = papers - i;
      bits[c * words + i / 64] = left < 64 ? word & ((UINT64_C(1) << left) - 1) : word;
    }
  return bits;
}

static void try_counts(size_t papers) {
  const uint32_t sizes[] = {(uint32_t)(papers / 3), 0, (uint32_t)(papers - papers / 3)};
  const uint32_t totals[] = {papers / 3 ? (uint32_t)(papers / 2) : 0, 0,
                             (uint32_t)(papers - papers / 3)};
  uint8_t *expected = room(papers, 1);
  ck_multinomial_counts(CK_PORTABLE, 1, 2, 3, 3, sizes, totals, expected);
  for (int path = 1; path < PATHS; path++) {
    if (!ck_path_is_available(path)) continue;
    uint8_t *counts = room(papers, 1);
    ck_multinomial_counts(path, 1, 2, 3, 3, sizes, totals, counts);
    same("counts", expected, counts, papers, papers, 3, path);
    free(counts);
  }
  free(expected);
}

static void try_columns(size_t papers, size_t columns) {
  // Blocks have up to 4,096 papers; the other kernels take any number.
  const size_t words = (papers + 511) / 512 * 8, tight = (papers + 63) / 64, replicates = 11;
  uint64_t seed = papers * 4099 + columns;
  uint64_t *yes = planes(papers, columns, words, seed), *applies = planes(papers, columns, words, 7);
  uint64_t *bits = planes(papers, columns, tight, 9);
  uint8_t *counts = room(replicates * papers, 1);
  for (size_t i = 0; i < replicates * papers; i++) counts[i] = (uint8_t)(next_of(&seed) & 255);
  const size_t chosen = columns < 65 ? columns : 65;
  size_t *choice = room(chosen, sizeof(size_t));
  for (size_t i = 0; i < chosen; i++) choice[i] = columns - 1 - i;
  const size_t cells = (chosen + 1) * (chosen + 1);
  uint32_t *sums[PATHS], *pairs[PATHS], *crossed[PATHS], *numbers[PATHS];
  // Numbers of up to three digits, the last of what planes are left.
  const size_t numerals = (columns + 2) / 3;
  size_t *starts = room(numerals + 1, sizeof(size_t));
  for (size_t i = 0; i <= numerals; i++) starts[i] = 3 * i < columns ? 3 * i : columns;
  uint64_t *tables[PATHS];
  for (int path = 0; path < PATHS; path++) {
    sums[path] = room(replicates * columns, sizeof(uint32_t));
    numbers[path] = room(replicates * numerals, sizeof(uint32_t));
    pairs[path] = room(columns * columns, sizeof(uint32_t));
    crossed[path] = room(columns * columns, sizeof(uint32_t));
    tables[path] = room(cells, sizeof(uint64_t));
    if (!ck_path_is_available(path)) continue;
    if (papers <= 4096) {
      ck_weighted_bit_sums(path, counts, papers, replicates, bits, tight, columns, papers,
                           sums[path]);
      ck_weighted_digit_sums(path, counts, papers, replicates, bits, tight, starts, numerals,
                             papers, numbers[path]);
    }
    if (columns <= 500 || papers <= 65) {
      ck_pair_counts(path, yes, columns, yes, columns, words, pairs[path]);
      ck_pair_counts(path, bits, columns, bits, columns < 3 ? columns : 3, tight, crossed[path]);
    }
    ck_row_counts(path, yes, applies, words, choice, chosen, papers, tables[path]);
    if (ck_count_bits(path, bits, tight * columns) != ck_count_bits(0, bits, tight * columns))
      same("bits", "a", "b", 1, papers, columns, path);
  }
  for (int path = 0; path < PATHS; path++) {
    if (ck_path_is_available(path)) {
      same("sums", sums[0], sums[path], replicates * columns * 4, papers, columns, path);
      same("numbers", numbers[0], numbers[path], replicates * numerals * 4, papers, columns, path);
      same("pairs", pairs[0], pairs[path], columns * columns * 4, papers, columns, path);
      same("crossed", crossed[0], crossed[path], columns * columns * 4, papers, columns, path);
      same("rows", tables[0], tables[path], cells * 8, papers, columns, path);
    }
    if (path > 0) {
      free(sums[path]);
      free(numbers[path]);
      free(pairs[path]);
      free(crossed[path]);
      free(tables[path]);
    }
  }
  free(sums[0]);
  free(numbers[0]);
  free(starts);
  free(pairs[0]);
  free(crossed[0]);
  free(tables[0]);
  free(yes);
  free(applies);
  free(bits);
  free(counts);
  free(choice);
}

static void try_quotients(size_t replicates, size_t columns) {
  enum { TARGETS = 20 };
  uint64_t seed = replicates + columns;
  uint32_t *sums = room(replicates * columns, 4);
  size_t starts[TARGETS + 1] = {0}, over[TARGETS * TARGETS], under[TARGETS * TARGETS];
  for (size_t i = 0; i < replicates * columns; i++) sums[i] = (uint32_t)(next_of(&seed) % 9);
  for (size_t t = 0; t < TARGETS; t++) {
    starts[t + 1] = starts[t] + t;
    for (size_t i = starts[t]; i < starts[t + 1]; i++) {
      over[i] = next_of(&seed) % columns;
      under[i] = next_of(&seed) % columns;
    }
  }
  double *expected = NULL;
  for (int path = 0; path < PATHS; path++) {
    if (!ck_path_is_available(path)) continue;
    double *values = room(replicates * TARGETS, 8), *work = aligned_room(8 * columns);
    ck_quotients(path, sums, replicates, columns, starts, over, under, TARGETS, values, replicates,
                 work);
    if (path == 0) expected = values;
    same("quotients", expected, values, replicates * TARGETS * 8, replicates, columns, path);
    if (path > 0) free(values);
    free(work);
  }
  free(expected);
  free(sums);
}

static void try_value_counts(size_t count) {
  double *values = room(count, 8);
  uint64_t seed = count, expected[2] = {0, 0}, found[2];
  for (size_t i = 0; i < count; i++) {
    values[i] = i % 9 == 8 ? __builtin_nan("") : (double)(next_of(&seed) % 5);
    expected[0] += values[i] < 2;
    expected[1] += values[i] <= 3;
  }
  for (int path = 0; path < PATHS; path++) {
    if (!ck_path_is_available(path)) continue;
    ck_value_counts(path, values, count, 2, 3, found);
    same("value counts", expected, found, sizeof found, count, 0, path);
  }
  free(values);
}

static void try_drawn_pairs(size_t drawn_count, size_t items) {
  const size_t papers = 70, columns = 2 * items, words = (columns + 63) / 64;
  const size_t width = (columns + 7) / 8 * 8, pairs = items * (items - 1) / 2;
  uint64_t seed = drawn_count + items;
  uint64_t *rows = room(papers * words, 8);
  for (size_t paper = 0; paper < papers; paper++)
    for (size_t c = 0; c < columns; c++)
      rows[paper * words + c / 64] |= (next_of(&seed) & 1) << (c % 64);
  uint32_t *drawn = room(drawn_count, 4), *expected = NULL;
  double *values = NULL;
  for (size_t i = 0; i < drawn_count; i++) drawn[i] = (uint32_t)(next_of(&seed) % papers);
  for (int path = 0; path < PATHS; path++) {
    if (!ck_path_is_available(path)) continue;
    uint32_t *shared = room((columns + 3) * width, 4);
    double *phi = room(pairs, 8);
    uint64_t *work = (uint64_t *)aligned_room(ck_drawn_pairs_work(words));
    ck_drawn_pairs(path, rows, words, drawn, drawn_count, columns, work, shared);
    ck_phi(path, shared, items, phi);
    if (path == 0) expected = shared, values = phi;
    for (size_t i = 0; i < columns; i++)
      same("drawn pairs", expected + i * width + i, shared + i * width + i, (columns - i) * 4,
           drawn_count, items, path);
    same("phi", values, phi, pairs * 8, drawn_count, items, path);
    free(work);
    if (path > 0) free(shared), free(phi);
  }
  free(expected);
  free(values);
  free(rows);
  free(drawn);
}

static void try_tetrachoric(size_t count) {
  double *cells = room(4 * count, 8), *thresholds = room(2 * count, 8), *expected = room(count, 8);
  uint64_t seed = count;
  for (size_t i = 0; i < 4 * count; i++) cells[i] = 1 + (double)(next_of(&seed) % 1000);
  for (size_t i = 0; i < 2 * count; i++)
    thresholds[i] = (double)(next_of(&seed) >> 40) * 0x1p-22 - 2;
  for (int path = 0; path < PATHS; path++) {
    if (!ck_path_is_available(path)) continue;
    double *found = room(count, 8);
    ck_tetrachoric(path, cells, thresholds, count, found);
    if (path == 0) memcpy(expected, found, count * 8);
    same("tetrachoric", expected, found, count * 8, count, 0, path);
    free(found);
  }
  free(cells);
  free(thresholds);
  free(expected);
}

static void try_eigenvalues(size_t n, size_t groups) {
  const size_t triangle = n * (n + 1) / 2, all = 8 * n * groups;
  double *expected = aligned_room(all), *first = NULL;
  for (int path = 0; path < PATHS; path++) {
    if (!ck_path_is_available(path)) continue;
    double *factors = aligned_room(8 * triangle), *matrices = aligned_room(8 * triangle * groups);
    double *values = aligned_room(all), *work = aligned_room(48 * n);
    uint64_t seed = n;
    for (size_t g = 0; g < groups; g++) {
      for (size_t i = 0; i < 8 * triangle; i++)
        factors[i] = (double)(next_of(&seed) >> 44) * 0x1p-20 + 0x1p-40;
      ck_factor_correlations(path, factors, n, matrices + 8 * triangle * g);
    }
    if (path == 0) {
      first = aligned_room(8 * triangle * groups);
      memcpy(first, matrices, 64 * triangle * groups);
    }
    same("correlations", first, matrices, 64 * triangle * groups, n, groups, path);
    if (ck_symmetric_eigenvalues(path, matrices, n, groups, values, work)) failures++;
    if (path == 0) memcpy(expected, values, 8 * all);
    same("eigenvalues", expected, values, 8 * all, n, groups, path);
    free(factors);
    free(matrices);
    free(values);
    free(work);
  }
  free(expected);
  free(first);
}

static void try_logistic(size_t rows, size_t columns, int penalized) {
  double *x = aligned_room(rows * columns), *successes = room(rows, 8), *trials = room(rows, 8);
  double *offset = room(rows, 8), *first = room(columns, 8);
  uint8_t *fixed = room(columns, 1);
  uint64_t seed = rows + columns;
  for (size_t i = 0; i < rows * columns; i++)
    x[i] = i < rows ? 1 : (double)(next_of(&seed) >> 40) * 0x1p-23 - 1;
  for (size_t i = 0; i < rows; i++) {
    trials[i] = (double)(next_of(&seed) % 30 + 2);
    successes[i] = 1 + (double)(next_of(&seed) % (uint64_t)(trials[i] - 1));
  }
  for (int path = 0; path < PATHS; path++) {
    if (!ck_path_is_available(path)) continue;
    double *beta = room(columns, 8), *inverse = room(columns * columns, 8), criterion = 0;
    double *work = aligned_room(ck_logistic_work(rows, columns));
    size_t iterations = 0;
    ck_maximize_logistic(path, x, rows, columns, successes, trials, offset, penalized, 0, fixed,
                         100, 1e-11, beta, &criterion, inverse, &iterations, work);
    if (path == 0) memcpy(first, beta, columns * 8);
    same("logistic", first, beta, columns * 8, rows, columns, path);
    free(beta);
    free(inverse);
    free(work);
  }
  free(x);
  free(successes);
  free(trials);
  free(offset);
  free(first);
  free(fixed);
}

// Rows of an intercept, in the last column, and one of the other columns, or none.
// Entries of units in columns, with and without values, counted and weighted.
static void try_entries(size_t units, size_t replicates) {
  enum { WIDTH = 13, MOST = 4 };
  uint64_t seed = 64 * units + replicates;
  uint8_t *counts = room(units * replicates, 1);
  double *weights = room(units * replicates, sizeof *weights);
  for (size_t i = 0; i < units * replicates; i++) {
    counts[i] = i % replicates ? (uint8_t)next_of(&seed) : 255;
    weights[i] = counts[i] / 3.0;
  }
  uint32_t *starts = room(units + 1, sizeof *starts);
  uint32_t *columns = room(units * MOST, sizeof *columns);
  double *values = room(units * MOST, sizeof *values);
  for (size_t u = 0; u < units; u++) {
    const uint32_t own = (uint32_t)(next_of(&seed) % (MOST + 1));
    const uint32_t first = (uint32_t)(next_of(&seed) % WIDTH);
    starts[u + 1] = starts[u] + own;
    for (uint32_t k = 0; k < own; k++) {
      columns[starts[u] + k] = (first + 3 * k) % WIDTH;
      values[starts[u] + k] = (double)(next_of(&seed) % 1000) / 7;
    }
  }
  double *sums[PATHS][3] = {{NULL}}, *work = aligned_room(16 * WIDTH);
  for (int path = 0; path < PATHS; path++) {
    if (!ck_path_is_available(path)) continue;
    for (int kind = 0; kind < 3; kind++) sums[path][kind] = aligned_room(64 * WIDTH);
    ck_entry_sums(path, counts, units, replicates, units, starts, columns, NULL, WIDTH, work,
                  sums[path][0]);
    ck_entry_sums(path, counts, units, replicates, units, starts, columns, values, WIDTH, work,
                  sums[path][1]);
    ck_real_entry_sums(path, weights, units, replicates, units, starts, columns, values,
                       sums[path][2]);
    for (int kind = 0; path && kind < 3; kind++)
      same("entries", sums[0][kind], sums[path][kind], 64 * WIDTH * sizeof(double), units,
           replicates, path);
  }
  for (int path = 0; path < PATHS; path++)
    for (int kind = 0; kind < 3; kind++) free(sums[path][kind]);
  free(work);
  free(values);
  free(columns);
  free(starts);
  free(weights);
  free(counts);
}

static void try_points(size_t rows, size_t columns, size_t points) {
  uint64_t seed = rows * 997 + columns;
  double *x = room(rows * columns, sizeof *x), *betas = room(points * columns, sizeof *betas);
  double *successes = room(rows, sizeof *x), *trials = room(rows, sizeof *x);
  double *offset = room(rows, sizeof *x);
  for (size_t i = 0; i < rows * columns; i++) x[i] = (double)(next_of(&seed) % 200) / 100 - 1;
  for (size_t i = 0; i < points * columns; i++) betas[i] = (double)(next_of(&seed) % 90) / 30 - 1.5;
  for (size_t i = 0; i < rows; i++) {
    trials[i] = (double)(next_of(&seed) % 4);
    successes[i] = (double)(next_of(&seed) % ((uint64_t)trials[i] + 1));
  }
  const size_t numbers = points * (1 + columns + columns * columns);
  double *expected = NULL;
  for (int path = 0; path < PATHS; path++) {
    if (!ck_path_is_available(path)) continue;
    double *found = room(numbers, sizeof *found);
    double *work = aligned_room(ck_logistic_points_work(columns, points));
    for (int information = 0; information < 2; information++)
      ck_logistic_points(path, x, rows, columns, successes, trials, offset, betas, points,
                         information, found, found + points, found + points * (1 + columns), work);
    free(work);
    if (!expected) {
      expected = found;
      continue;
    }
    same("points", expected, found, numbers * sizeof(double), rows, columns, path);
    free(found);
  }
  free(expected);
  free(offset);
  free(trials);
  free(successes);
  free(betas);
  free(x);
}

static void try_lanes(size_t rows, size_t columns) {
  const size_t batches = 2, groups = columns < rows ? columns : rows, papers = 3 * rows + 1;
  uint32_t *first_row = room(groups + 1, 4), *first = room(groups + 1, 4), *positions = room(2 * groups, 4);
  uint32_t *first_below = room(columns + 1, 4), *below = room(columns, 4), *row = room(papers, 4);
  double *values = room(2 * rows, 8), *offset = room(rows, 8), *weights = room(papers, 8);
  uint8_t *answers = room(papers * 8 * batches, 1), *binary = room(columns, 1);
  size_t sum = 0;
  for (size_t g = 0; g < groups; g++) {
    first_row[g + 1] = (uint32_t)(g + 1 == groups ? rows : g + 1);
    if (g > 0) positions[sum++] = (uint32_t)g - 1;
    positions[sum++] = (uint32_t)columns - 1;
    first[g + 1] = (uint32_t)sum;
  }
  for (size_t c = 0; c < columns; c++) {
    first_below[c] = (uint32_t)c;
    below[c] = (uint32_t)columns - 1;
    binary[c] = 1;
  }
  first_below[columns] = (uint32_t)columns - 1;
  uint64_t seed = rows + columns;
  for (size_t i = 0; i < 2 * rows; i++) values[i] = 1;
  for (size_t p = 0; p < papers; p++) {
    row[p] = (uint32_t)(p % rows);
    weights[p] = (double)(next_of(&seed) % 4);
    for (size_t i = 0; i < 8 * batches; i++) {
      const uint64_t draw = next_of(&seed) >> 30;
      answers[p * 8 * batches + i] = draw % 7 == 0 ? 0 : 2 + draw % 2;
    }
  }
  const ck_sparse_rows x = {rows,   columns, groups,      first_row, first, positions,
                            values, offset,  first_below, below};
  const size_t size = 8 * rows * batches, results = 8 * (columns + 2 + columns * columns + 1);
  double *kept = room(results, 8);
  for (int path = 0; path < PATHS; path++) {
    if (!ck_path_is_available(path)) continue;
    double *successes = aligned_room(size), *trials = aligned_room(size);
    double *work = aligned_room(ck_logistic_lanes_work(rows, columns)), *found = aligned_room(results);
    uint64_t no_yes[8], no_no[8];
    size_t iterations[8];
    unsigned proven = 0;
    ck_lane_totals(path, answers, papers, batches, row, weights, rows, successes, trials);
    for (size_t b = 0; b < batches; b++) {
      const double *s = successes + b * 8 * rows, *t = trials + b * 8 * rows;
      ck_check_logistic_lanes(path, &x, binary, s, t, found, no_yes, no_no, work);
      memset(found, 0, results * 8);
      const unsigned ended = ck_fit_logistic_lanes(
          path, &x, s, t, (int)b, 25, 1e-11, no_yes, found, found + 8 * columns,
          found + 8 * columns + 16, iterations, &proven, work);
      found[results - 1] = (double)(ended << 8 | proven);
      if (path == 0) memcpy(kept + b, found + 8 * columns, 8);
      same("lanes", kept + b, found + 8 * columns, 8, rows, columns, path);
    }
    free(successes);
    free(trials);
    free(work);
    free(found);
  }
  void *all[] = {first_row, first,   positions, first_below, below,  row,
                 values,    offset,  weights,   answers,     binary, kept};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void try_patterns(size_t papers, size_t items) {
  double *x = room(papers * 2, 8);
  size_t *pattern = room(papers, sizeof(size_t)), *first = room(papers, sizeof(size_t));
  uint8_t **answers = room(items, sizeof(uint8_t *));
  uint64_t seed = papers + items;
  for (size_t i = 0; i < 2 * papers; i++) x[i] = (double)(next_of(&seed) % (1 + items));
  for (size_t i = 0; i < items; i++) {
    answers[i] = room(papers, 1);
    for (size_t p = 0; p < papers; p++) answers[i][p] = (uint8_t)(next_of(&seed) % 3);
  }
  uint64_t *kept = NULL;
  for (int path = 0; path < PATHS; path++) {
    if (!ck_path_is_available(path)) continue;
    double *work = room(ck_row_patterns_work(papers, 2), 1);
    const size_t count = ck_row_patterns(path, x, papers, 2, NULL, pattern, first, work);
    const size_t cells = count * ck_answer_stride(items);
    uint32_t *yes = room(2 * cells, 4), *all = room(count, 4);
    uint8_t *more = room(ck_answer_totals_work(items, count), 1);
    ck_answer_totals(path, (const uint8_t *const *)answers, items, pattern, papers, count, yes,
                     yes + cells, all, more);
    if (!kept) {
      kept = room(cells, 8);
      memcpy(kept, yes, cells * 8);
    }
    same("answer totals", kept, yes, cells * 8, papers, items, path);
    free(work);
    free(yes);
    free(all);
    free(more);
  }
  for (size_t i = 0; i < items; i++) free(answers[i]);
  free(kept);
  free(answers);
  free(x);
  free(pattern);
  free(first);
}

static void try_text(void) {
  uint64_t seed = 3;
  for (int i = 0; i < 20000; i++) {
    const uint64_t bits = next_of(&seed);
    char *text = room(41, 1);
    double value;
    memcpy(&value, &bits, sizeof value);
    if ((bits >> 52 & 2047) == 2047) value = (double)bits;
    text[ck_decimal_text(value, text)] = 0;
    if (strtod(text, NULL) != value) {
      fprintf(stderr, "text: %s is not %a\n", text, value);
      failures++;
    }
    free(text);
  }
}

// Records of a paper, items, a text, items, a number: mostly right, or bytes at random.
static void try_records(size_t items, uint64_t seed) {
  enum { RECORDS = 70 };
  const size_t columns = items + 3, words = (items + 63) / 64, most = RECORDS * words;
  uint8_t *kinds = room(columns, 1);
  kinds[0] = 2;
  kinds[1 + items / 2] = 1;
  kinds[columns - 1] = 4;
  static const char *const cells[] = {"1", "0", "NA", "", "1", "0", "yes", "\"1\""};
  static const char *const texts[] = {"T", "\"a, \"\"b\"\"\"", "", "NA", "\"\"", "a title"};
  char *text = room(RECORDS * (columns * 4 + 40), 1);
  size_t length = 0;
  const int isDamaged = seed % 3 == 0;
  for (size_t r = 0; r < RECORDS; r++)
    for (size_t c = 0; c < columns; c++) {
      const uint64_t draw = next_of(&seed);
      const char *field = kinds[c] == 0   ? cells[draw % (isDamaged && draw % 997 == 0 ? 8 : 6)]
                          : kinds[c] == 4 ? "2024"
                          : kinds[c] == 2 ? "paper"
                                          : texts[draw % 6];
      length += (size_t)sprintf(text + length, "%s%s", field, c + 1 < columns ? "," : "\n");
    }
  if (isDamaged) text[next_of(&seed) % length] = (char)next_of(&seed);
  // As long as it is, so that no kernel may look beyond it.
  for (size_t cut = 0; cut < 40 && cut < length; cut += 13) {
    uint8_t *exact = room(length - cut, 1);
    memcpy(exact, text, length - cut);
    const size_t note_room = length + 6 * columns * RECORDS;
    uint64_t *bits[PATHS];
    uint8_t *notes[PATHS];
    uint32_t *starts[PATHS];
    for (int path = 0; path < PATHS; path++) {
      if (!ck_path_is_available(path)) continue;
      ck_matrix_progress progress;
      bits[path] = room(3 * most, sizeof(uint64_t));
      notes[path] = room(note_room, 1);
      starts[path] = room(RECORDS, sizeof(uint32_t));
      ck_matrix_records(path, exact, length - cut, kinds, columns, items, RECORDS, bits[path],
                        bits[path] + most, bits[path] + 2 * most, notes[path], note_room,
                        starts[path], &progress);
      // What is read of the notes lies within them.
      static const uint8_t roles[] = {2, 5, 1};
      uint32_t prints[5 * RECORDS];
      ck_paper_prints(notes[path], starts[path], progress.records, roles, 3, prints, RECORDS);
      if (path > 0) {
        same("records", bits[0], bits[path], 3 * most * sizeof(uint64_t), items, cut, path);
        same("notes", notes[0], notes[path], progress.notes, items, cut, path);
        same("starts", starts[0], starts[path], progress.records * sizeof(uint32_t), items, cut,
             path);
        free(bits[path]);
        free(notes[path]);
        free(starts[path]);
      }
    }
    free(bits[0]);
    free(notes[0]);
    free(starts[0]);
    free(exact);
  }
  free(text);
  free(kinds);
}

static void *everything(void *longest) {
  const size_t limit = *(const size_t *)longest;
  ck_best_path();
  for (size_t p = 0; p < sizeof papers_tried / sizeof *papers_tried; p++) {
    if (papers_tried[p] > limit) continue;
    if (papers_tried[p] <= 4096) try_counts(papers_tried[p]);
    for (size_t c = 0; c < sizeof columns_tried / sizeof *columns_tried; c++)
      try_columns(papers_tried[p], columns_tried[c]);
  }
  for (size_t replicates = 0; replicates <= 65; replicates++)
    for (size_t columns = 1; columns <= 18; columns++) try_quotients(replicates, columns);
  for (size_t count = 0; count <= 200; count++) try_value_counts(count);
  for (size_t drawn = 0; drawn <= 1100; drawn += drawn < 8 ? 1 : 91)
    for (size_t items = 1; items <= 70; items += items < 9 ? 1 : 11) try_drawn_pairs(drawn, items);
  for (size_t count = 0; count <= 25; count++) try_tetrachoric(count);
  for (size_t groups = 1; groups <= 3; groups++) {
    for (size_t n = 1; n <= 24; n++) try_eigenvalues(n, groups);
    try_eigenvalues(65, groups);
  }
  for (size_t rows = 1; rows <= 100; rows += 9)
    for (size_t columns = 1; columns <= 13; columns += 3)
      for (int penalized = 0; penalized < 2; penalized++) try_logistic(rows, columns, penalized);
  for (size_t rows = 1; rows <= 100; rows += 9)
    for (size_t columns = 1; columns <= 13; columns += 3) try_lanes(rows, columns);
  for (size_t rows = 1; rows <= 300; rows += rows < 20 ? 3 : 61)
    for (size_t columns = 1; columns <= 13; columns += 3) try_points(rows, columns, 1 + rows % 4);
  for (size_t units = 0; units <= 300; units += units < 70 ? 7 : 57)
    for (size_t replicates = 1; replicates <= 64; replicates += 21) try_entries(units, replicates);
  for (size_t i = 1; i < 9; i++)
    for (size_t items = 1; items <= 65; items += 16) try_patterns(papers_tried[i], items);
  try_text();
  for (size_t items = 1; items <= 200; items += 7)
    for (uint64_t seed = 0; seed < 12; seed++) try_records(items, seed);
  return NULL;
}

// Two threads at a time, so that the thread sanitizer has something to look at.
int main(int count, char **arguments) {
  size_t longest = count > 1 ? strtoull(arguments[1], NULL, 10) : 4097;
  pthread_t other;
  if (pthread_create(&other, NULL, everything, &longest)) return 1;
  everything(&longest);
  pthread_join(other, NULL);
  printf("%s\n", failures ? "the paths differ" : "all kernels agree on all paths");
  return failures != 0;
}
