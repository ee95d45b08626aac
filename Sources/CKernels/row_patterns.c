#include "ckernels.h"
#include "lanes.h"

#include <string.h>

// The distinct rows of a matrix, numbered in the order in which they first appear.
//
// Most columns are zeros and ones: up to 64 of them are packed into one word a row. The word and the
// other columns are hashed, 512 rows at a time while they are in the cache, and looked up in a
// table with open addressing that doubles when a quarter of it is full. Equal hashes are not
// trusted: word and other columns of every row are compared with those of its pattern. Which columns
// to pack is guessed from the first rows; where a later row proves it wrong all starts anew without
// that column. Cost: 0.5 ns for each element in the cache.

typedef uint64_t words __attribute__((vector_size(64)));

enum { BLOCK = 512, FEWEST_SLOTS = 1024, BITS = 64 };

typedef struct {
  const double *x, *offset;
  size_t rows, columns;
  size_t packed[BITS], packed_count; // columns of zeros and ones
  size_t *others, other_count;       // the rest; `columns` stands for the offset
} Matrix;

CK_INLINE const double *column_of(const Matrix *m, size_t c) {
  return c < m->columns ? m->x + c * m->rows : m->offset;
}

CK_INLINE int has_bits_only(const double *column, size_t count) {
  int all = 1;
  for (size_t i = 0; i < count; i++) all &= (column[i] == 0) | (column[i] == 1);
  return all;
}

// Packs what the first rows call bits, but for the columns marked.
CK_INLINE void classify(Matrix *m, const uint8_t *excluded) {
  const size_t first = m->rows < BLOCK ? m->rows : BLOCK;
  m->packed_count = m->other_count = 0;
  for (size_t c = 0; c < m->columns; c++) {
    if (m->packed_count < BITS && !excluded[c] && has_bits_only(column_of(m, c), first))
      m->packed[m->packed_count++] = c;
    else
      m->others[m->other_count++] = c;
  }
  if (m->offset) m->others[m->other_count++] = m->columns;
}

// Eight rows of a column, fewer at the end of a block.
CK_INLINE lanes eight(const double *column, size_t i, size_t count) {
  lanes value = {0};
  if (i + 8 <= count)
    memcpy(&value, column + i, sizeof value);
  else
    for (size_t l = 0; i + l < count; l++) value[l] = column[i + l];
  return value;
}

// Words and hashes of some rows. Returns the first packed column that has no bits, or `columns`.
CK_INLINE size_t pack_and_hash(const Matrix *m, size_t first, size_t count, uint64_t *bits,
                               uint64_t *hashes) {
  memset(bits, 0, BLOCK * sizeof *bits);
  for (size_t j = 0; j < m->packed_count; j++) {
    const double *column = column_of(m, m->packed[j]) + first;
    words wrong = {0};
    for (size_t i = 0; i < count; i += 8) {
      const lanes value = eight(column, i, count);
      __builtin_prefetch(column + i + BLOCK);
      const words one = (words)(value == 1);
      words word;
      memcpy(&word, bits + i, sizeof word);
      word |= one & (UINT64_C(1) << j);
      wrong |= ~(one | (words)(value == 0));
      memcpy(bits + i, &word, sizeof word);
    }
    for (int l = 0; l < 8; l++)
      if (wrong[l]) return m->packed[j];
  }
  uint64_t factor = UINT64_C(0x9E3779B97F4A7C15);
  for (size_t i = 0; i < BLOCK; i++) hashes[i] = bits[i] * factor;
  for (size_t k = 0; k < m->other_count; k++) {
    const double *column = column_of(m, m->others[k]) + first;
    factor = factor * UINT64_C(0xD1342543DE82EF95) + 2;
    for (size_t i = 0; i < count; i += 8) {
      // 0 and -0 are equal; the low bits of most lanes are zero, and get the high ones.
      const words value = (words)(eight(column, i, count) + 0);
      words hash;
      memcpy(&hash, hashes + i, sizeof hash);
      hash += (value ^ value >> 32) * factor;
      memcpy(hashes + i, &hash, sizeof hash);
    }
  }
  return m->columns;
}

CK_INLINE size_t slot_of(uint64_t hash, size_t slots) {
  return (size_t)((hash ^ hash >> 29) * UINT64_C(0xBF58476D1CE4E5B9) >> 20) & (slots - 1);
}

// What is known of the patterns found so far.
typedef struct {
  size_t count, slots;
  uint32_t *table; // 0 for an empty slot, or a pattern's number plus one
  uint64_t *hashes, *bits;
  double *values; // other columns, pattern after pattern
} Patterns;

CK_INLINE void enlarge(Patterns *all) {
  all->slots *= 2;
  memset(all->table, 0, all->slots * sizeof *all->table);
  for (size_t i = 0; i < all->count; i++) {
    size_t slot = slot_of(all->hashes[i], all->slots);
    while (all->table[slot]) slot = (slot + 1) & (all->slots - 1);
    all->table[slot] = (uint32_t)i + 1;
  }
}

CK_INLINE int is_pattern(const Matrix *m, const Patterns *all, size_t k, uint64_t bits,
                         size_t row) {
  int differs = all->bits[k] != bits;
  for (size_t o = 0; o < m->other_count; o++)
    differs |= all->values[k * m->other_count + o] != column_of(m, m->others[o])[row];
  return !differs;
}

// The number of a row's pattern, which may be new.
CK_INLINE size_t look_up(const Matrix *m, Patterns *all, size_t row, uint64_t bits, uint64_t hash,
                         size_t *representative) {
  size_t slot = slot_of(hash, all->slots);
  for (; all->table[slot]; slot = (slot + 1) & (all->slots - 1))
    if (is_pattern(m, all, all->table[slot] - 1, bits, row)) return all->table[slot] - 1;
  const size_t own = all->count++;
  all->hashes[own] = hash;
  all->bits[own] = bits;
  for (size_t o = 0; o < m->other_count; o++)
    all->values[own * m->other_count + o] = column_of(m, m->others[o])[row];
  representative[own] = row;
  all->table[slot] = (uint32_t)all->count;
  if (4 * all->count > all->slots) enlarge(all);
  return own;
}

static size_t most_slots(size_t rows) {
  size_t slots = FEWEST_SLOTS;
  while (slots < 8 * rows) slots *= 2;
  return slots;
}

size_t ck_row_patterns_work(size_t rows, size_t columns) {
  return (rows * (columns + 3) + 2 * (columns + 1)) * sizeof(double) +
         most_slots(rows) * sizeof(uint32_t);
}

CK_INLINE size_t find(const double *x, size_t rows, size_t columns, const double *offset,
                      size_t *pattern, size_t *representative, double *work) {
  Matrix m = {x, offset, rows, columns, {0}, 0, (size_t *)work, 0};
  uint8_t *excluded = (uint8_t *)(work + columns + 1);
  double *rest = work + 2 * (columns + 1);
  Patterns all = {0, 0, (uint32_t *)(rest + rows * (columns + 3)), (uint64_t *)rest,
                  (uint64_t *)rest + rows, rest + 2 * rows};
  memset(excluded, 0, columns);
  uint64_t bits[BLOCK], hashes[BLOCK];
  for (size_t first = 0; first < rows || first == 0; first += BLOCK) {
    if (first == 0) {
      classify(&m, excluded);
      all.count = 0;
      all.slots = FEWEST_SLOTS;
      memset(all.table, 0, all.slots * sizeof *all.table);
    }
    const size_t count = rows - first < BLOCK ? rows - first : BLOCK;
    const size_t wrong = pack_and_hash(&m, first, count, bits, hashes);
    if (wrong < columns) {
      excluded[wrong] = 1;
      first = (size_t)0 - BLOCK; // from the first row again
      continue;
    }
    for (size_t i = 0; i < count; i++)
      pattern[first + i] = look_up(&m, &all, first + i, bits[i], hashes[i], representative);
  }
  return all.count;
}

CK_ON_PATHS(size_t, find,
            (const double *x, size_t rows, size_t columns, const double *offset, size_t *pattern,
             size_t *representative, double *work),
            (x, rows, columns, offset, pattern, representative, work))

size_t ck_row_patterns(int path, const double *x, size_t rows, size_t columns,
                       const double *offset, size_t *pattern, size_t *representative,
                       double *work) {
  return CK_CALL(path, find, (x, rows, columns, offset, pattern, representative, work));
}
