#include "ckernels.h"
#include "paths.h"

#include <string.h>

// How many papers of each covariate pattern there are, answer yes, and do not answer, for all items in
// one pass over the papers.
//
// Answers lie item after item, one byte a paper. 64 papers of 16 items at a time are turned into 16
// bytes a paper by four rounds of interleaving; the bytes of a paper, one an item, are then added to
// the row of its pattern, 32 at a time, yes and none apart. Rows of bytes hold 255 papers, and are
// then emptied into the 32-bit table. Cost: 0.12 ns for each paper and item, against 0.7 for
// counting item by item.

typedef uint8_t bytes __attribute__((vector_size(64)));
typedef uint8_t half __attribute__((vector_size(32)));

enum { BLOCK = 256, FULL = 255, AHEAD = 512 };

// Bytes 0 to 7, or 8 to 15, of each quarter of two vectors in turn.
#define LANE_LOW(i) i, 64 + i, i + 1, 65 + i, i + 2, 66 + i, i + 3, 67 + i, i + 4, 68 + i, i + 5, \
                    69 + i, i + 6, 70 + i, i + 7, 71 + i
#define ALL(i) LANE_LOW(i), LANE_LOW(16 + i), LANE_LOW(32 + i), LANE_LOW(48 + i)
#define LOW(a, b) __builtin_shufflevector(a, b, ALL(0))
#define HIGH(a, b) __builtin_shufflevector(a, b, ALL(8))

// 64 papers of 16 items, byte p of block[i], become bytes i of paper p at rows + p * stride.
CK_INLINE void turn(bytes *block, size_t stride, uint8_t *rows) {
  bytes other[16];
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < 8; i++) {
      other[2 * i] = LOW(block[i], block[i + 8]);
      other[2 * i + 1] = HIGH(block[i], block[i + 8]);
    }
    for (int i = 0; i < 8; i++) {
      block[2 * i] = LOW(other[i], other[i + 8]);
      block[2 * i + 1] = HIGH(other[i], other[i + 8]);
    }
  }
  for (int i = 0; i < 16; i++)
    for (int l = 0; l < 4; l++)
      memcpy(rows + (size_t)(16 * l + i) * stride, (uint8_t *)(block + i) + 16 * l, 16);
}

// The bytes of up to BLOCK papers, paper after paper.
CK_INLINE void turn_block(const uint8_t *const *answers, size_t items, size_t first, size_t count,
                          size_t stride, uint8_t *rows) {
  for (size_t item = 0; item < items; item += 16) {
    const size_t known = items - item < 16 ? items - item : 16;
    for (size_t part = 0; part < count; part += 64) {
      bytes block[16];
      const size_t size = count - part < 64 ? count - part : 64;
      if (known == 16 && size == 64) {
        for (size_t i = 0; i < 16; i++) {
          const uint8_t *source = answers[item + i] + first + part;
          memcpy(block + i, source, 64);
          __builtin_prefetch(source + AHEAD);
        }
      } else {
        memset(block, 0, sizeof block);
        for (size_t i = 0; i < known; i++)
          memcpy(block + i, answers[item + i] + first + part, size);
      }
      turn(block, stride, rows + part * stride + item);
    }
  }
}

size_t ck_answer_stride(size_t items) { return (items + 31) / 32 * 32; }

size_t ck_answer_totals_work(size_t items, size_t patterns) {
  const size_t stride = ck_answer_stride(items);
  return patterns * (2 * stride + 1) + BLOCK * stride + 64;
}

// Moves the counts of a pattern from bytes to the tables.
CK_INLINE void empty(uint8_t *counts, size_t stride, uint32_t *yes, uint32_t *none) {
  for (size_t i = 0; i < stride; i++) {
    yes[i] += counts[i];
    none[i] += counts[stride + i];
  }
  memset(counts, 0, 2 * stride);
}

CK_INLINE void add_up(const uint8_t *const *answers, size_t items, const size_t *pattern,
                      size_t papers, size_t patterns, uint32_t *yes, uint32_t *none,
                      uint32_t *all, uint8_t *work) {
  const size_t stride = ck_answer_stride(items);
  uint8_t *rows = work, *counts = rows + BLOCK * stride, *added = counts + patterns * 2 * stride;
  memset(work, 0, ck_answer_totals_work(items, patterns));
  memset(yes, 0, patterns * stride * sizeof *yes);
  memset(none, 0, patterns * stride * sizeof *none);
  memset(all, 0, patterns * sizeof *all);
  for (size_t first = 0; first < papers; first += BLOCK) {
    const size_t count = papers - first < BLOCK ? papers - first : BLOCK;
    turn_block(answers, items, first, count, stride, rows);
    for (size_t p = 0; p < count; p++) {
      const size_t own = pattern[first + p];
      const uint8_t *row = rows + p * stride;
      uint8_t *count_yes = counts + own * 2 * stride, *count_none = count_yes + stride;
      for (size_t i = 0; i < stride; i += sizeof(half)) {
        half answer, y, n;
        memcpy(&answer, row + i, sizeof answer);
        memcpy(&y, count_yes + i, sizeof y);
        memcpy(&n, count_none + i, sizeof n);
        y += answer & 1;
        n += answer >> 1;
        memcpy(count_yes + i, &y, sizeof y);
        memcpy(count_none + i, &n, sizeof n);
      }
      if (++added[own] == FULL) {
        empty(count_yes, stride, yes + own * stride, none + own * stride);
        all[own] += FULL;
        added[own] = 0;
      }
    }
  }
  for (size_t own = 0; own < patterns; own++) {
    if (!added[own]) continue;
    empty(counts + own * 2 * stride, stride, yes + own * stride, none + own * stride);
    all[own] += added[own];
  }
}

CK_ON_PATHS(void, add_up,
            (const uint8_t *const *answers, size_t items, const size_t *pattern, size_t papers,
             size_t patterns, uint32_t *yes, uint32_t *none, uint32_t *all, uint8_t *work),
            (answers, items, pattern, papers, patterns, yes, none, all, work))

void ck_answer_totals(int path, const uint8_t *const *answers, size_t items,
                      const size_t *pattern, size_t papers, size_t patterns, uint32_t *yes,
                      uint32_t *none, uint32_t *all, uint8_t *work) {
  CK_CALL(path, add_up, (answers, items, pattern, papers, patterns, yes, none, all, work));
}
