#include <string.h>

#include "ckernels.h"
#include "paths.h"

// Columns are compared four by four in registers, over runs of words short enough that the columns
// of a tile stay in the nearest cache.
enum {
  SIDE = 4,
  RUN = 512  // words of a column in a run: 4 KB
};

typedef const uint64_t *const Columns[SIDE];
typedef void (*Tile)(Columns a, Columns b, size_t words, uint32_t counts[SIDE][SIDE]);

static void tile_portable(Columns a, Columns b, size_t words, uint32_t counts[SIDE][SIDE]) {
  for (size_t i = 0; i < SIDE; i++)
    for (size_t j = 0; j < SIDE; j++) {
      uint32_t count = 0;
      for (size_t k = 0; k < words; k++) count += (uint32_t)__builtin_popcountll(a[i][k] & b[j][k]);
      counts[i][j] = count;
    }
}

#if CK_X86

// Bits of every byte, by table (Mula 2008).
CK_TARGET_AVX2 CK_INLINE __m256i byte_counts(__m256i x) {
  const __m256i table =
      _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2,
                       2, 3, 2, 3, 3, 4);
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i low = _mm256_and_si256(x, nibble);
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble);
  return _mm256_add_epi8(_mm256_shuffle_epi8(table, low), _mm256_shuffle_epi8(table, high));
}

CK_TARGET_AVX2 CK_INLINE uint32_t lane_sum(__m256i x) {
  const __m128i half = _mm_add_epi64(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  return (uint32_t)(_mm_cvtsi128_si64(half) + _mm_extract_epi64(half, 1));
}

// A byte holds the bits of 31 vectors, 31 * 8 < 256.
CK_TARGET_AVX2 static void tile_avx2(Columns a, Columns b, size_t words,
                                     uint32_t counts[SIDE][SIDE]) {
  const size_t vectors = words / 4;
  for (size_t i = 0; i < SIDE; i += 2)
    for (size_t j = 0; j < SIDE; j += 2) {
      __m256i total[2][2] = {{_mm256_setzero_si256(), _mm256_setzero_si256()},
                             {_mm256_setzero_si256(), _mm256_setzero_si256()}};
      for (size_t start = 0; start < vectors; start += 31) {
        const size_t end = start + 31 < vectors ? start + 31 : vectors;
        __m256i bytes[2][2] = {{_mm256_setzero_si256(), _mm256_setzero_si256()},
                               {_mm256_setzero_si256(), _mm256_setzero_si256()}};
        for (size_t k = start; k < end; k++)
          for (size_t r = 0; r < 2; r++)
            for (size_t s = 0; s < 2; s++) {
              const __m256i x = _mm256_loadu_si256((const __m256i *)(a[i + r] + 4 * k));
              const __m256i y = _mm256_loadu_si256((const __m256i *)(b[j + s] + 4 * k));
              bytes[r][s] = _mm256_add_epi8(bytes[r][s], byte_counts(_mm256_and_si256(x, y)));
            }
        for (size_t r = 0; r < 2; r++)
          for (size_t s = 0; s < 2; s++)
            total[r][s] = _mm256_add_epi64(
                total[r][s], _mm256_sad_epu8(bytes[r][s], _mm256_setzero_si256()));
      }
      for (size_t r = 0; r < 2; r++)
        for (size_t s = 0; s < 2; s++) {
          uint32_t count = lane_sum(total[r][s]);
          for (size_t k = 4 * vectors; k < words; k++)
            count += (uint32_t)__builtin_popcountll(a[i + r][k] & b[j + s][k]);
          counts[i + r][j + s] = count;
        }
    }
}

CK_TARGET_AVX512 static void tile_avx512(Columns a, Columns b, size_t words,
                                         uint32_t counts[SIDE][SIDE]) {
  __m512i total[SIDE][SIDE];
  for (size_t i = 0; i < SIDE; i++)
    for (size_t j = 0; j < SIDE; j++) total[i][j] = _mm512_setzero_si512();
  for (size_t k = 0; k < words; k += 8) {
    const __mmask8 used = (__mmask8)(words - k >= 8 ? 255 : (1 << (words - k)) - 1);
    __m512i x[SIDE], y[SIDE];
    for (size_t i = 0; i < SIDE; i++) {
      x[i] = _mm512_maskz_loadu_epi64(used, a[i] + k);
      y[i] = _mm512_maskz_loadu_epi64(used, b[i] + k);
    }
    for (size_t i = 0; i < SIDE; i++)
      for (size_t j = 0; j < SIDE; j++)
        total[i][j] =
            _mm512_add_epi64(total[i][j], _mm512_popcnt_epi64(_mm512_and_si512(x[i], y[j])));
  }
  for (size_t i = 0; i < SIDE; i++)
    for (size_t j = 0; j < SIDE; j++) counts[i][j] = (uint32_t)_mm512_reduce_add_epi64(total[i][j]);
}

#endif

static Tile tile_of(int path) {
  switch (path) {
#if CK_X86
    case CK_AVX512:
      return tile_avx512;
    case CK_AVX2:
      return tile_avx2;
#endif
    default:
      return tile_portable;
  }
}

static size_t least(size_t x, size_t y) { return x < y ? x : y; }

void ck_pair_counts(int path, const uint64_t *a, size_t a_columns, const uint64_t *b,
                    size_t b_columns, size_t words, uint32_t *shared) {
  const Tile tile = tile_of(path);
  const int symmetric = a == b && a_columns == b_columns;
  memset(shared, 0, a_columns * b_columns * sizeof(uint32_t));
  for (size_t start = 0; start < words; start += RUN) {
    const size_t run = least(RUN, words - start);
    for (size_t i = 0; i < a_columns; i += SIDE)
      for (size_t j = symmetric ? i : 0; j < b_columns; j += SIDE) {
        // A tile at the edge repeats its last column and leaves the repetitions out.
        const uint64_t *x[SIDE], *y[SIDE];
        for (size_t s = 0; s < SIDE; s++) {
          x[s] = a + least(i + s, a_columns - 1) * words + start;
          y[s] = b + least(j + s, b_columns - 1) * words + start;
        }
        uint32_t counts[SIDE][SIDE];
        tile(x, y, run, counts);
        for (size_t r = 0; r < least(SIDE, a_columns - i); r++)
          for (size_t s = 0; s < least(SIDE, b_columns - j); s++)
            shared[(i + r) * b_columns + j + s] += counts[r][s];
      }
  }
  for (size_t i = 0; symmetric && i < a_columns; i++)
    for (size_t j = 0; j < i; j++) shared[i * b_columns + j] = shared[j * b_columns + i];
}
