// Kernels of SurveyStats: random streams, multinomial counts, weighted sums of bit columns, counts of
// pairs and of rows, phi and tetrachoric correlations, eigenvalues, logistic fits, and the text of
// numbers. Also the entries of folders.
// Every kernel gives the same numbers on every path and every machine.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Paths, from the slowest to the fastest. CK_AVX512 stands for F, BW, DQ, VL, VNNI and VPOPCNTDQ
// with BMI2 (Intel Ice Lake, AMD Zen 4 and later). Kernels must be given an available path.
enum { CK_PORTABLE = 0, CK_AVX2 = 1, CK_AVX512 = 2 };

// Whether this processor can run a path.
int ck_path_is_available(int path);

// The fastest path of this processor, or the one that the environment variable METASTAT_KERNELS
// names (portable, avx2, avx512) if the processor has it. Read once, then remembered.
int ck_best_path(void);

// Random streams. A stream is a xoshiro256++ generator (Blackman and Vigna 2021) named by three
// 64-bit numbers:
//
//   key = mix((mix((mix(seed + G) ^ a) + G) ^ b) + G), G = 0x9E3779B97F4A7C15,
//
// mix being the finaliser of SplitMix64 and `+` wrapping; its state is the first four outputs of
// SplitMix64 started at key. The scheme is part of the results and must not change.
void ck_stream_init(uint64_t state[4], uint64_t seed, uint64_t a, uint64_t b);
uint64_t ck_stream_next(uint64_t state[4]);

// Multinomial counts of one block of papers.
//
// The block is cut in `segments` runs of cells. Segment s has sizes[s] cells, which get totals[s]
// balls, each cell with the same probability; `counts` receives the sum of all sizes bytes.
//
// The draws come from eight interleaved streams: their states are the first 32 outputs of the
// SplitMix64 of (seed, a, b), lane l taking outputs 4l to 4l+3 (lane 0 is the stream above). Step t
// gives the outputs of lanes 0 to 7 in order, each cut in four 16-bit pieces from the low end. A
// piece x gives the cell (x * size) >> 16 unless (x * size) mod 2^16 < 2^16 mod size, when it is
// passed over (Lemire 2019): no cell is favoured. The segments take the pieces one after another.
//
// Sizes are at most 4096. Counts are bytes: with totals near the sizes, as a bootstrap has them, a
// count above 255 has a probability below 1e-500 and is not watched for.
void ck_multinomial_counts(int path, uint64_t seed, uint64_t a, uint64_t b, size_t segments,
                           const uint32_t *sizes, const uint32_t *totals, uint8_t *counts);

// Weighted sums of bit columns over one block of papers:
//
//   sums[r * columns + c] += sum over i < papers of counts[r * count_stride + i] * bit i of c,
//
// bit i of column c being bit i % 64 of planes[c * words_per_column + i / 64]. Reads no counts and
// no bits beyond `papers` except the rest of the last word, which it ignores.
void ck_weighted_bit_sums(int path, const uint8_t *counts, size_t count_stride, size_t replicates,
                          const uint64_t *planes, size_t words_per_column, size_t columns,
                          size_t papers, uint32_t *sums);

// The same of small numbers, whose binary digits are bit columns, the lowest first: number c has the
// planes from starts[c] to starts[c + 1] - 1, at most seven, and
//
//   sums[r * columns + c] += sum over i < papers of counts[r * count_stride + i] * number c of i.
void ck_weighted_digit_sums(int path, const uint8_t *counts, size_t count_stride,
                            size_t replicates, const uint64_t *planes, size_t words_per_column,
                            const size_t *starts, size_t columns, size_t papers, uint32_t *sums);

// Weighted sums of sparse rows over some units, in up to 64 replicates:
//
//   sums[c * 64 + r] += sum over units u and k from starts[u] to starts[u + 1] - 1 with columns[k] = c
//                       of weights[r * stride + u] * values[k];
//
// c being less than `width`. `values` may be NULL for ones; a unit then counts in a column at most
// once. The weights are counts, or real. `sums` has 64 * width doubles, `work` 16 * width, both aligned
// to 64 bytes. All paths give the same bits.
void ck_entry_sums(int path, const uint8_t *counts, size_t stride, size_t replicates, size_t units,
                   const uint32_t *starts, const uint32_t *columns, const double *values,
                   size_t width, double *work, double *sums);
void ck_real_entry_sums(int path, const double *weights, size_t stride, size_t replicates,
                        size_t units, const uint32_t *starts, const uint32_t *columns,
                        const double *values, double *sums);

// Quotients of sums of columns. sums[r * columns + c] is the sum of column c in replicate r; target t
// is the sum of the columns over[i] divided by that of the columns under[i], starts[t] <= i <
// starts[t + 1]: NaN where that is zero. values[t * stride + r] becomes its value in replicate r.
// `work` has room for 8 * columns numbers and is aligned to 64 bytes. All paths give the same bits.
void ck_quotients(int path, const uint32_t *sums, size_t replicates, size_t columns,
                  const size_t *starts, const size_t *over, const size_t *under, size_t targets,
                  double *values, size_t stride, double *work);

// Counts values: counts[0] those below `low`, counts[1] those not above `high`. NaN is in neither.
void ck_value_counts(int path, const double *values, size_t count, double low, double high,
                     uint64_t counts[2]);

// Papers that two bit columns share:
//
//   shared[i * b_columns + j] = popcount(column i of a & column j of b).
//
// Both sets have `words` words a column; fewer than 2^32 papers. With a == b and equal numbers of
// columns only half is counted and mirrored.
void ck_pair_counts(int path, const uint64_t *a, size_t a_columns, const uint64_t *b,
                    size_t b_columns, size_t words, uint32_t *shared);

// Rows by their numbers of bits: table[k * (count + 1) + m] becomes the number of rows with k bits in
// the chosen columns of a and m bits in the same columns of b. Both have columns of
// `words_per_column` words, a multiple of 8, of which `rows` bits carry meaning and the rest are
// zero; `count` is below 65,536. The second function counts the bits of some words.
void ck_row_counts(int path, const uint64_t *a, const uint64_t *b, size_t words_per_column,
                   const size_t *columns, size_t count, size_t rows, uint64_t *table);
uint64_t ck_count_bits(int path, const uint64_t *words, size_t count);

// Papers that all pairs of columns share in a resample: shared[i * width + j] becomes the number of
// drawn rows with bits i and j, for i <= j < columns and width = columns rounded up to a multiple of
// 8; what else is in `shared`, which has room for (columns + 3) * width numbers, means nothing. Row r
// has its bits in words_per_row words at rows + r * words_per_row, of which bits beyond `columns` are
// zero; `drawn` names `count` rows. `work` has room for ck_drawn_pairs_work(words_per_row) words and is
// aligned to 64 bytes.
size_t ck_drawn_pairs_work(size_t words_per_row);
void ck_drawn_pairs(int path, const uint64_t *rows, size_t words_per_row, const uint32_t *drawn,
                    size_t count, size_t columns, uint64_t *work, uint32_t *shared);

// Phi of the pairs (i, j), i < j, of items in the order of i, then j: NaN where an item is constant or
// fewer than two papers have both. `shared` is that of ck_drawn_pairs for the yes columns of all
// items followed by the columns of where they apply. All paths give the same bits.
void ck_phi(int path, const uint32_t *shared, size_t items, double *values);

// Tetrachoric correlations of `count` tables, none of whose cells is zero. cells[4 * t] and on are
// n11, n10, n01 and n00 of table t; thresholds[2 * t] and on are the normal quantiles of the shares of
// yes to its first and second item. A table gets the same bits in any company and on all paths.
void ck_tetrachoric(int path, const double *cells, const double *thresholds, size_t count,
                    double *correlations);

// Correlation matrices, eight at a time, from lower triangular factors of covariance matrices of n
// rows: R is D L L' D with the diagonal D that makes the diagonal of R one. The columns of L lie one
// after the other, column k from row k on; element e of matrix l is factors[e * 8 + l]. Rows of the
// factors are divided by their lengths; `matrices` gets the lower triangles as the next kernel takes
// them. Both have n (n + 1) / 2 * 8 numbers and are aligned to 64 bytes. All paths give the same bits.
void ck_factor_correlations(int path, double *factors, size_t n, double *matrices);

// Eigenvalues of `groups` times eight symmetric matrices of n rows, the eight of a group one in each
// lane of a vector. With T = n (n + 1) / 2, element (i, j), j <= i, of matrix l of group g is
// matrices[(g * T + i * (i + 1) / 2 + j) * 8 + l]; all are destroyed. Its eigenvalue i is
// values[(g * n + i) * 8 + l], in no order. `work` has room for 48 n numbers; all three are aligned to
// 64 bytes. Two groups take less time together than one after the other. Returns 0, or 1 if an
// iteration does not end. All paths give the same bits, in any company.
int ck_symmetric_eigenvalues(int path, double *matrices, size_t n, size_t groups, double *values,
                             double *work);

// The largest value of a logistic log-likelihood, by Fisher scoring.
//
// Row i of the column-major matrix x (rows x columns) is a covariate pattern with `trials[i]` trials,
// `successes[i]` of them successes, and an offset. With `penalized`, half the logarithm of the
// determinant of the information plus half of `shift` is added (Firth 1993). Coefficients whose byte
// in `fixed` is set stay where `beta` has them; `beta` is the start and becomes the optimum.
// `criterion` gets the value there, `inverse` the inverse information of all coefficients (both
// triangles), `iterations` the number of scoring steps looked at. Iterations end with a step shorter
// than `tolerance` standard errors, or one that cannot be told from rounding. `work` has room for
// ck_logistic_work(rows, columns) numbers and is aligned to 64 bytes. Returns 0; or 1 if the
// information is singular, the start is impossible, or `limit` iterations do not end. All paths give
// the same bits.
size_t ck_logistic_work(size_t rows, size_t columns);
int ck_maximize_logistic(int path, const double *x, size_t rows, size_t columns,
                         const double *successes, const double *trials, const double *offset,
                         int penalized, double shift, const uint8_t *fixed, size_t limit,
                         double tolerance, double *beta, double *criterion, double *inverse, size_t *iterations,
                         double *work);

// The same log-likelihood without penalty, and its gradient, at `points` coefficient vectors one after
// another in `betas`; with `information` nonzero the information X'WX too, columns^2 numbers a point.
// `work` has room for ck_logistic_points_work(columns, points) numbers and is aligned to 64 bytes. All
// paths give the same bits.
size_t ck_logistic_points_work(size_t columns, size_t points);
void ck_logistic_points(int path, const double *x, size_t rows, size_t columns,
                        const double *successes, const double *trials, const double *offset,
                        const double *betas, size_t points, int information, double *values,
                        double *scores, double *informations, double *work);

// Eight logistic models of the same rows, one in each lane: logistic fits of many outcomes.
//
// Rows are sorted into groups that have values in the same columns: group i has the rows
// first_row[i] to first_row[i + 1] - 1 and the columns positions[first_position[i]] on, ascending.
// `values` has the values of these columns row after row; all others are zero. The last column is one
// in every row. Column j of the factor of X'WX has elements in the rows below[first_below[j]] on,
// ascending, beside the diagonal. `successes` and `trials` have eight numbers a row, one a lane; a row
// without trials does not occur in that lane. All arrays of lanes are aligned to 64 bytes, and
// `work` has room for ck_logistic_lanes_work(rows, columns) numbers. Lanes do not depend on one
// another, and all paths give the same bits.
typedef struct {
  size_t rows, columns, groups;
  const uint32_t *first_row, *first_position, *positions;
  const double *values, *offset;
  const uint32_t *first_below, *below;
} ck_sparse_rows;
size_t ck_logistic_lanes_work(size_t rows, size_t columns);

// Looks at the tables of eight outcomes. Returns the bits of the lanes whose columns are independent:
// those after it leave each column at least 0.0101 of its variance over trials. `smallest` gets the
// smallest cell of any column marked in `binary` (ones and zeros only, at most 64 columns) by the
// outcome; `no_yes` and `no_no` the columns, as bits, in whose ones nobody says yes, or no.
unsigned ck_check_logistic_lanes(int path, const ck_sparse_rows *x, const uint8_t *binary,
                                 const double *successes, const double *trials, double *smallest,
                                 uint64_t *no_yes, uint64_t *no_no, double *work);

// Maximises the likelihoods from `beta`, plain or with Firth's penalty, by whole scoring steps until
// one is shorter than `tolerance` standard errors. Returns the bits of the lanes that ended; the
// others were given up as steps grew, the information became singular or `limit` iterations were not
// enough. `beta` becomes the optimum. Unless `inverse` is NULL, it becomes the inverse information (element
// (i, j) at (i * columns + j) * 8 + lane), and `criteria` gets eight
// log-likelihoods and eight penalised ones. Unless `proven` is NULL, it gets the bits of the
// lanes that are proven not to be separated but by the columns in `empty`, whose ones answer alike.
unsigned ck_fit_logistic_lanes(int path, const ck_sparse_rows *x, const double *successes,
                               const double *trials, int penalized, size_t limit, double tolerance,
                               const uint64_t *empty, double *beta, double *criteria,
                               double *inverse, size_t *iterations, unsigned *proven,
                               double *work);

// The distinct rows of the column-major matrix x, and of `offset` unless it is NULL, numbered in order
// of first appearance: pattern[i] is the number of row i, representative[k] the first row with number
// k. `work` has room for ck_row_patterns_work(rows, columns) bytes and is aligned to 8. Returns how
// many there are. rows is below 2^28.
size_t ck_row_patterns_work(size_t rows, size_t columns);
size_t ck_row_patterns(int path, const double *x, size_t rows, size_t columns,
                       const double *offset, size_t *pattern, size_t *representative,
                       double *work);

// Counts answers by pattern. answers[i] has one byte a paper: 0 for no, 1 for yes, 2 for no answer to
// item i. pattern[p] < patterns is that of paper p. The numbers of yes and of no answer to item i in
// pattern k go to element k * ck_answer_stride(items) + i of `yes` and `none`, the number of papers
// to all[k]. `work` has room for ck_answer_totals_work(items, patterns) bytes.
size_t ck_answer_stride(size_t items);
size_t ck_answer_totals_work(size_t items, size_t patterns);
void ck_answer_totals(int path, const uint8_t *const *answers, size_t items,
                      const size_t *pattern, size_t papers, size_t patterns, uint32_t *yes,
                      uint32_t *none, uint32_t *all, uint8_t *work);

// Weighted totals of many outcomes. `answers` has 8 * batches bytes a paper, one an outcome: 3 for
// yes, 2 for no, 0 for neither. Eight sums of batch b and row r are at (b * rows + r) * 8 of the two
// results, which are aligned to 64 bytes; row[p] is the row of paper p. All paths give the same bits.
void ck_lane_totals(int path, const uint8_t *answers, size_t papers, size_t batches,
                    const uint32_t *row, const double *weights, size_t rows, double *successes,
                    double *trials);

// Writes the shortest decimal that reads back as a finite number, the nearest if there are several of
// that length: 0.1, 3, 1e-05, 1e+16. An exponent appears below 0.0001 and above 2^53. Returns the
// number of bytes; up to 40 may be touched.
size_t ck_decimal_text(double value, char *text);

// Entries of folders. The first function fills a buffer, aligned to eight bytes, with entries of an
// open folder, and returns how many bytes it used; 0 at the end, -1 and errno on failure. The second
// gives the entry at an offset of the buffer; `next` is the offset of the one after it. A name ends in
// a null byte; `type` is one of DT_REG, DT_DIR ...
typedef struct {
  const char *name;
  unsigned char type;
  size_t next;
} ck_entry;
ptrdiff_t ck_read_entries(int folder, void *buffer, size_t size);
ck_entry ck_entry_at(const void *buffer, size_t offset);

// Exchanges what two paths name, in one step; 0, or -1 and errno.
int ck_exchange_paths(const char *first, const char *second);

// Records of a matrix CSV (see MatrixCSV) after its header. kinds[c] says what column c is: 0 an item, 1
// text, 2 the paper, 3 a weight, 4 a whole number. Reads up to `most` records:
//
// * bit j % 64 of word j / 64 of row r of `yes`, `applies` and `asked`, rows of (items + 63) / 64 words
//   that must be zero before, is that of item j in record r: fields 1, 0, NA and empty;
// * `notes` receives the other fields of each record from starts[r] on, one after another: a byte of 0
//   for what is unknown (NA or empty, without quotes), or of length + 1 up to 254, or 255 and four bytes
//   of length (the lowest first); then the bytes of the text without its quotes.
//
// Reading ends after whole records: at `most`, where the text or the room of `notes` ends within a
// record, or, with is_plain = 0, at a record that is anything but plainly right, on which the plain
// reader is to decide (another field, a quote within a field, a weight or paper that is empty, a whole
// number that is none). Line breaks are LF, CR or both; empty lines are passed over. The bytes are not
// checked to be UTF-8. Reads no byte outside the text.
typedef struct {
  size_t bytes, records, notes;
  int is_plain;
} ck_matrix_progress;
void ck_matrix_records(int path, const uint8_t *text, size_t length, const uint8_t *kinds,
                       size_t columns, size_t items, size_t most, uint64_t *yes,
                       uint64_t *applies, uint64_t *asked, uint8_t *notes, size_t room,
                       uint32_t *starts, ck_matrix_progress *progress);

// The bits of `count` rows of (items + 63) / 64 words as columns: bit r % 64 of
// columns[j * stride + r / 64] is that of item j in row r; words are written whole.
void ck_transposed_bits(const uint64_t *rows, size_t count, size_t items, uint64_t *columns,
                        size_t stride);

// The order of two texts by their bytes: negative, zero or positive.
int ck_compare_texts(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length);

// A hash of a text, the same on every machine with the lowest byte first.
uint64_t ck_text_hash(const uint8_t *text, size_t length, uint64_t seed);

// The hash in 32 bits that is neither 0 nor 1.
uint32_t ck_text_print(const uint8_t *text, size_t length);

// What tells papers apart, of `count` records as ck_matrix_records leaves them: prints[k * stride + r] is
// ck_text_print of key k of record r in its normal form, 0 if there is none, or 1 where the text must be
// looked at. Keys are the arXiv identifier, the DOI, two other numbers and the title (see PaperKey);
// roles[f] is one more than the key that field f states, or 0.
void ck_paper_prints(const uint8_t *notes, const uint32_t *starts, size_t count,
                     const uint8_t *roles, size_t fields, uint32_t *prints, size_t stride);

#ifdef __cplusplus
}
#endif
