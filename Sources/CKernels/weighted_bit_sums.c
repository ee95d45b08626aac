#include <string.h>

#include "ckernels.h"
#include "paths.h"

// Papers are worked on in chunks, whose bits are first expanded to bytes that stay in the nearest
// cache while all replicates pass over them. The vector paths keep the bytes of a chunk as
// [group of 4 papers][column of the panel][4], so that one instruction multiplies the counts of
// four papers, the same in all lanes, with 16 (or 8) columns and adds them up.
enum {
  CHUNK = 512,
  GROUPS = CHUNK / 4,
  PANEL = 48,  // columns: three 512-bit vectors
  BATCH = 8    // replicates summed at a time
};

typedef struct {
  const uint8_t *counts;
  size_t count_stride, replicates;
  const uint64_t *planes;
  size_t words_per_column, columns, papers;
  // Sum c is that of the numbers whose binary digits are the planes from starts[c] on, up to
  // starts[c + 1]; with NULL every plane has a sum of its own. `columns` is the number of sums.
  const size_t *starts;
  uint32_t *sums;
} Job;

CK_INLINE size_t least(size_t x, size_t y) { return x < y ? x : y; }

// The planes of a sum.
CK_INLINE size_t digits(const Job *job, size_t column) {
  return job->starts ? job->starts[column + 1] - job->starts[column] : 1;
}

// Word `index` of a digit of a column without the bits of papers that there are not.
CK_INLINE uint64_t plane_word(const Job *job, size_t column, size_t digit, size_t index) {
  if (digit >= digits(job, column)) return 0;
  const size_t plane = (job->starts ? job->starts[column] : column) + digit;
  const uint64_t word = job->planes[plane * job->words_per_column + index];
  const size_t left = job->papers - 64 * index;
  return left < 64 ? word & ((UINT64_C(1) << left) - 1) : word;
}

// The portable path: for each column bytes of 0 or 255, eight to a word.

static void expand_mask(const Job *job, size_t column, size_t digit, size_t start, size_t papers,
                        uint8_t mask[CHUNK]) {
  for (size_t i = 0; i < papers; i += 64) {
    const uint64_t word = plane_word(job, column, digit, (start + i) / 64);
    for (size_t bit = 0; bit < 64; bit++) mask[i + bit] = (uint8_t)(0 - (word >> bit & 1));
  }
}

// The sum of the counts whose mask is set; the 16-bit lanes hold at most 64 * 510 < 65536.
CK_INLINE uint32_t masked_sum(const uint8_t *counts, const uint8_t *mask, size_t papers) {
  const uint64_t even = UINT64_C(0x00FF00FF00FF00FF), low = UINT64_C(0x0000FFFF0000FFFF);
  uint64_t lanes = 0, weights, chosen;
  size_t i = 0;
  for (; i + 8 <= papers; i += 8) {
    memcpy(&weights, counts + i, 8);
    memcpy(&chosen, mask + i, 8);
    chosen &= weights;
    lanes += (chosen & even) + (chosen >> 8 & even);
  }
  lanes = (lanes & low) + (lanes >> 16 & low);
  uint32_t sum = (uint32_t)(lanes + (lanes >> 32));
  for (; i < papers; i++) sum += counts[i] & mask[i];
  return sum;
}

static void sum_portable(const Job *job) {
  uint8_t mask[CHUNK];
  for (size_t start = 0; start < job->papers; start += CHUNK) {
    const size_t papers = least(CHUNK, job->papers - start);
    for (size_t column = 0; column < job->columns; column++) {
      for (size_t digit = 0; digit < digits(job, column); digit++) {
        expand_mask(job, column, digit, start, papers, mask);
        const uint8_t *counts = job->counts + start;
        uint32_t *sum = job->sums + column;
        for (size_t r = 0; r < job->replicates;
             r++, counts += job->count_stride, sum += job->columns)
          *sum += masked_sum(counts, mask, papers) << digit;
      }
    }
  }
}

#if CK_X86

// The most digits of the sums of a panel.
CK_INLINE size_t most_digits(const Job *job, size_t first_column, size_t columns) {
  size_t most = 0;
  for (size_t c = 0; c < columns; c++) {
    const size_t count = digits(job, first_column + c);
    if (count > most) most = count;
  }
  return most;
}

// The words of a digit in one chunk of a panel, side by side: words[i][c] is word i of the panel's
// column c, zero where it has no such digit.
CK_INLINE void gather_words(const Job *job, size_t first_column, size_t columns, size_t width,
                            size_t digit, size_t start, size_t papers,
                            uint64_t words[CHUNK / 64][PANEL]) {
  for (size_t i = 0; i < papers; i += 64) {
    uint64_t *row = words[i / 64];
    for (size_t c = 0; c < columns; c++)
      row[c] = plane_word(job, first_column + c, digit, (start + i) / 64);
    for (size_t c = columns; c < width; c++) row[c] = 0;
  }
}

// The counts of one chunk for a batch of replicates, as groups of four papers. Where the last group
// would reach beyond the papers, the counts are copied and filled up with zeros.
CK_INLINE void point_at_counts(const Job *job, size_t first, size_t batch, size_t start,
                               size_t papers, uint8_t copy[BATCH][CHUNK],
                               const uint8_t *rows[BATCH]) {
  for (size_t r = 0; r < batch; r++) {
    rows[r] = job->counts + (first + r) * job->count_stride + start;
    if (papers % 4 == 0) continue;
    memcpy(copy[r], rows[r], papers);
    memset(copy[r] + papers, 0, 4 - papers % 4);
    rows[r] = copy[r];
  }
}

CK_INLINE int group_counts(const uint8_t *row, size_t group) {
  int four;
  memcpy(&four, row + 4 * group, 4);
  return four;
}

// AVX2. A pair of papers makes at most 510, 64 groups 32640 in a signed 16-bit lane; so digits are
// summed one after another, and shifted to their places at the end.

CK_TARGET_AVX2 static void expand_avx2(uint64_t words[CHUNK / 64][PANEL], size_t width,
                                       size_t papers, uint8_t *panel) {
  const __m256i one = _mm256_set1_epi8(1), four = _mm256_set1_epi32(0x08040201);
  for (size_t group = 0; 4 * group < papers; group++) {
    const __m128i shift = _mm_cvtsi32_si128((int)(4 * (group % 8)));
    for (size_t c = 0; c < width; c += 8, panel += 32) {
      const uint32_t *halves = (const uint32_t *)(const void *)&words[group / 16][c];
      const __m256i even_odd = _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7);
      const __m256i a = _mm256_permutevar8x32_epi32(
          _mm256_loadu_si256((const __m256i *)(const void *)halves), even_odd);
      const __m256i b = _mm256_permutevar8x32_epi32(
          _mm256_loadu_si256((const __m256i *)(const void *)(halves + 8)), even_odd);
      const __m256i half = group % 16 < 8 ? _mm256_permute2x128_si256(a, b, 0x20)
                                          : _mm256_permute2x128_si256(a, b, 0x31);
      const __m256i nibble = _mm256_shuffle_epi8(
          _mm256_srl_epi32(half, shift),
          _mm256_setr_epi8(0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12, 0, 0, 0, 0, 4, 4, 4,
                           4, 8, 8, 8, 8, 12, 12, 12, 12));
      const __m256i bits = _mm256_min_epu8(_mm256_and_si256(nibble, four), one);
      _mm256_storeu_si256((__m256i *)panel, bits);
    }
  }
}

// Adds `batch` replicates by 8 * vectors columns; both are constants wherever this is inlined.
CK_TARGET_AVX2 CK_INLINE void tile_avx2(const uint8_t *const *rows, size_t batch, size_t groups,
                                        const uint8_t *panel, size_t width, size_t vectors,
                                        size_t digit, uint32_t *sums, size_t stride,
                                        size_t columns) {
  __m256i wide[2][3];
  uint32_t lanes[24];
  for (size_t r = 0; r < batch; r++)
    for (size_t v = 0; v < vectors; v++) wide[r][v] = _mm256_setzero_si256();
  for (size_t start = 0; start < groups; start += 64) {
    __m256i narrow[2][3];
    for (size_t r = 0; r < batch; r++)
      for (size_t v = 0; v < vectors; v++) narrow[r][v] = _mm256_setzero_si256();
    const size_t end = least(groups, start + 64);
    for (size_t group = start; group < end; group++) {
      const __m256i *bits = (const __m256i *)(panel + group * 4 * width);
      for (size_t r = 0; r < batch; r++) {
        const __m256i weights = _mm256_set1_epi32(group_counts(rows[r], group));
        for (size_t v = 0; v < vectors; v++)
          narrow[r][v] = _mm256_add_epi16(
              narrow[r][v], _mm256_maddubs_epi16(weights, _mm256_loadu_si256(bits + v)));
      }
    }
    for (size_t r = 0; r < batch; r++)
      for (size_t v = 0; v < vectors; v++)
        wide[r][v] = _mm256_add_epi32(wide[r][v],
                                      _mm256_madd_epi16(narrow[r][v], _mm256_set1_epi16(1)));
  }
  for (size_t r = 0; r < batch; r++) {
    for (size_t v = 0; v < vectors; v++)
      _mm256_storeu_si256((__m256i *)(lanes + 8 * v), wide[r][v]);
    for (size_t c = 0; c < least(columns, 8 * vectors); c++)
      sums[r * stride + c] += lanes[c] << digit;
  }
}

// One digit of one chunk of a panel, in all replicates.
CK_TARGET_AVX2 static void sum_digit_avx2(const Job *job, size_t column, size_t columns,
                                          size_t digit, size_t start) {
  uint64_t words[CHUNK / 64][PANEL];
  uint8_t panel[GROUPS * PANEL * 4], copy[BATCH][CHUNK];
  const uint8_t *rows[BATCH];
  const size_t width = (columns + 7) / 8 * 8;
  const size_t papers = least(CHUNK, job->papers - start), groups = (papers + 3) / 4;
  gather_words(job, column, columns, width, digit, start, papers, words);
  expand_avx2(words, width, papers, panel);
  for (size_t first = 0; first < job->replicates; first += 2) {
    const size_t batch = least(2, job->replicates - first);
    point_at_counts(job, first, batch, start, papers, copy, rows);
    for (size_t c = 0; c < width; c += 24) {
      uint32_t *sums = job->sums + first * job->columns + column + c;
      const uint8_t *bits = panel + 4 * c;
      const size_t left = columns - c, vectors = (width - c) / 8, stride = job->columns;
      if (batch == 2 && vectors >= 3)
        tile_avx2(rows, 2, groups, bits, width, 3, digit, sums, stride, left);
      else if (batch == 2 && vectors == 2)
        tile_avx2(rows, 2, groups, bits, width, 2, digit, sums, stride, left);
      else if (batch == 2)
        tile_avx2(rows, 2, groups, bits, width, 1, digit, sums, stride, left);
      else if (vectors >= 3)
        tile_avx2(rows, 1, groups, bits, width, 3, digit, sums, stride, left);
      else if (vectors == 2)
        tile_avx2(rows, 1, groups, bits, width, 2, digit, sums, stride, left);
      else
        tile_avx2(rows, 1, groups, bits, width, 1, digit, sums, stride, left);
    }
  }
}

CK_TARGET_AVX2 static void sum_avx2(const Job *job) {
  for (size_t column = 0; column < job->columns; column += PANEL) {
    const size_t columns = least(PANEL, job->columns - column);
    const size_t depth = most_digits(job, column, columns);
    for (size_t start = 0; start < job->papers; start += CHUNK)
      for (size_t digit = 0; digit < depth; digit++)
        sum_digit_avx2(job, column, columns, digit, start);
  }
}

// AVX-512 with VNNI: counts are the unsigned operand of vpdpbusd, numbers of up to seven digits the
// signed one.

// Writes the bits of a digit as bytes, those of higher digits on top of the lower; vector v of the panel
// has depth[v] digits.
CK_TARGET_AVX512 static void expand_avx512(uint64_t words[CHUNK / 64][PANEL], size_t width,
                                           size_t papers, size_t digit, const size_t *depth,
                                           uint8_t *panel) {
  const __m512i value = _mm512_set1_epi8((char)(1 << digit)), four = _mm512_set1_epi32(0x08040201);
  const __mmask64 lower = digit > 0 ? ~(__mmask64)0 : 0;
  const __m512i spread = _mm512_set4_epi32(0x0C0C0C0C, 0x08080808, 0x04040404, 0);
  for (size_t i = 0; 64 * i < papers; i++) {
    for (size_t c = 0; c < width; c += 16) {
      if (digit > 0 && digit >= depth[c / 16]) continue;
      const __m512i a = _mm512_loadu_si512(&words[i][c]);
      const __m512i b = _mm512_loadu_si512(&words[i][c + 8]);
      const __m256i a_low = _mm512_cvtepi64_epi32(a), b_low = _mm512_cvtepi64_epi32(b);
      const __m256i a_high = _mm512_cvtepi64_epi32(_mm512_srli_epi64(a, 32));
      const __m256i b_high = _mm512_cvtepi64_epi32(_mm512_srli_epi64(b, 32));
      __m512i low = _mm512_inserti64x4(_mm512_castsi256_si512(a_low), b_low, 1);
      __m512i high = _mm512_inserti64x4(_mm512_castsi256_si512(a_high), b_high, 1);
      uint8_t *target = panel + (16 * i * width + c) * 4;
      for (int group = 0; group < 8; group++, target += 4 * width) {
        const __m512i x = _mm512_shuffle_epi8(low, spread), y = _mm512_shuffle_epi8(high, spread);
        uint8_t *second = target + 32 * width;
        _mm512_storeu_si512(
            target, _mm512_mask_add_epi8(_mm512_maskz_loadu_epi8(lower, target),
                                         _mm512_test_epi8_mask(x, four),
                                         _mm512_maskz_loadu_epi8(lower, target), value));
        _mm512_storeu_si512(
            second, _mm512_mask_add_epi8(_mm512_maskz_loadu_epi8(lower, second),
                                         _mm512_test_epi8_mask(y, four),
                                         _mm512_maskz_loadu_epi8(lower, second), value));
        low = _mm512_srli_epi32(low, 4);
        high = _mm512_srli_epi32(high, 4);
      }
    }
  }
}

// Adds `batch` replicates by 16 * vectors columns; both are constants wherever this is inlined.
CK_TARGET_AVX512 CK_INLINE void tile_avx512(const uint8_t *const *rows, size_t batch, size_t groups,
                                            const uint8_t *panel, size_t vectors, uint32_t *sums,
                                            size_t stride, size_t columns) {
  __m512i total[BATCH][3];
  for (size_t r = 0; r < batch; r++)
    for (size_t v = 0; v < vectors; v++) total[r][v] = _mm512_setzero_si512();
  for (size_t group = 0; group < groups; group++) {
    __m512i bits[3];
    for (size_t v = 0; v < vectors; v++)
      bits[v] = _mm512_loadu_si512(panel + 64 * (group * vectors + v));
    for (size_t r = 0; r < batch; r++) {
      const __m512i weights = _mm512_set1_epi32(group_counts(rows[r], group));
      for (size_t v = 0; v < vectors; v++)
        total[r][v] = _mm512_dpbusd_epi32(total[r][v], weights, bits[v]);
    }
  }
  for (size_t r = 0; r < batch; r++) {
    for (size_t v = 0; v < vectors; v++) {
      const __mmask16 used = (__mmask16)((1u << least(16, columns - 16 * v)) - 1);
      uint32_t *sum = sums + r * stride + 16 * v;
      _mm512_mask_storeu_epi32(
          sum, used, _mm512_add_epi32(_mm512_maskz_loadu_epi32(used, sum), total[r][v]));
    }
  }
}

CK_TARGET_AVX512 CK_INLINE void tiles_avx512(const uint8_t *const *rows, size_t batch,
                                             size_t groups, const uint8_t *panel, size_t vectors,
                                             uint32_t *sums, size_t stride, size_t columns) {
  switch (vectors) {
    case 1:
      tile_avx512(rows, batch, groups, panel, 1, sums, stride, columns);
      break;
    case 2:
      tile_avx512(rows, batch, groups, panel, 2, sums, stride, columns);
      break;
    default:
      tile_avx512(rows, batch, groups, panel, 3, sums, stride, columns);
  }
}

CK_TARGET_AVX512 static void sum_avx512(const Job *job) {
  uint64_t words[CHUNK / 64][PANEL];
  uint8_t panel[GROUPS * PANEL * 4] __attribute__((aligned(64))), copy[BATCH][CHUNK];
  const uint8_t *rows[BATCH];
  for (size_t column = 0; column < job->columns; column += PANEL) {
    const size_t columns = least(PANEL, job->columns - column), vectors = (columns + 15) / 16;
    size_t depth[PANEL / 16];
    for (size_t v = 0; v < vectors; v++)
      depth[v] = most_digits(job, column + 16 * v, least(16, columns - 16 * v));
    const size_t most = most_digits(job, column, columns);
    for (size_t start = 0; start < job->papers; start += CHUNK) {
      const size_t papers = least(CHUNK, job->papers - start), groups = (papers + 3) / 4;
      for (size_t digit = 0; digit < most; digit++) {
        gather_words(job, column, columns, 16 * vectors, digit, start, papers, words);
        expand_avx512(words, 16 * vectors, papers, digit, depth, panel);
      }
      for (size_t first = 0; first < job->replicates;) {
        const size_t left = job->replicates - first, batch = left >= 8 ? 8 : left >= 4 ? 4 : 1;
        uint32_t *sums = job->sums + first * job->columns + column;
        point_at_counts(job, first, batch, start, papers, copy, rows);
        if (batch == 8)
          tiles_avx512(rows, 8, groups, panel, vectors, sums, job->columns, columns);
        else if (batch == 4)
          tiles_avx512(rows, 4, groups, panel, vectors, sums, job->columns, columns);
        else
          tiles_avx512(rows, 1, groups, panel, vectors, sums, job->columns, columns);
        first += batch;
      }
    }
  }
}

#endif

static void sum(int path, const Job *job) {
  switch (path) {
#if CK_X86
    case CK_AVX512:
      sum_avx512(job);
      break;
    case CK_AVX2:
      sum_avx2(job);
      break;
#endif
    default:
      sum_portable(job);
  }
}

void ck_weighted_bit_sums(int path, const uint8_t *counts, size_t count_stride, size_t replicates,
                          const uint64_t *planes, size_t words_per_column, size_t columns,
                          size_t papers, uint32_t *sums) {
  const Job job = {counts,  count_stride, replicates, planes, words_per_column,
                   columns, papers,       NULL,       sums};
  sum(path, &job);
}

void ck_weighted_digit_sums(int path, const uint8_t *counts, size_t count_stride,
                            size_t replicates, const uint64_t *planes, size_t words_per_column,
                            const size_t *starts, size_t columns, size_t papers, uint32_t *sums) {
  const Job job = {counts,  count_stride, replicates, planes, words_per_column,
                   columns, papers,       starts,     sums};
  sum(path, &job);
}
