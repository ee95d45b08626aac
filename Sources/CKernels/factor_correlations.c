#include "ckernels.h"
#include "lanes.h"

// Correlation matrices from factors of covariance matrices, eight at a time, one in each lane of a
// vector, in the order in which the eigenvalue kernel wants them.
//
// The columns of a lower triangular factor lie one after the other, each from the diagonal down.
// Rows are divided by their lengths; the correlation of i and j is then the sum of their products,
// four rows by four at a time in registers.
//
// Cost: n^3 / 6 multiplications and additions for eight matrices.

enum { SIDE = 4 };

// Row 0 of column k, were it there.
#define COLUMN(factor, n, k) ((factor) + (k) * (n) - (k) * ((k) + 1) / 2)

// Correlations of rows i to i + rows - 1 with rows j to j + columns - 1, j <= i; `rows` and `columns`
// are constants wherever this is inlined.
CK_INLINE void tile(const lanes *factor, size_t n, size_t i, size_t rows, size_t j, size_t columns,
                    lanes *matrix) {
  lanes total[SIDE][SIDE];
  for (size_t r = 0; r < rows; r++)
    for (size_t s = 0; s < columns; s++) total[r][s] = (lanes){0};
  for (size_t k = 0; k <= j; k++) {
    const lanes *column = COLUMN(factor, n, k);
    for (size_t r = 0; r < rows; r++)
      for (size_t s = 0; s < columns; s++) total[r][s] += column[i + r] * column[j + s];
  }
  // Row j + s has elements up to column j + s.
  for (size_t k = 1; k < columns; k++) {
    const lanes *column = COLUMN(factor, n, j + k);
    for (size_t s = k; s < columns; s++)
      for (size_t r = i > j ? 0 : s; r < rows; r++) total[r][s] += column[i + r] * column[j + s];
  }
  for (size_t r = 0; r < rows; r++)
    for (size_t s = 0; s < columns && j + s <= i + r; s++)
      matrix[(i + r) * (i + r + 1) / 2 + j + s] = total[r][s];
}

CK_INLINE void correlate(lanes *factor, size_t n, lanes *matrix) {
  const lanes zero = {0}, one = zero + 1;
  // The lengths lie where the matrix will.
  lanes *lengths = matrix;
  for (size_t i = 0; i < n; i++) lengths[i] = zero;
  for (size_t k = 0; k < n; k++)
    for (size_t i = k; i < n; i++) {
      const lanes x = COLUMN(factor, n, k)[i];
      lengths[i] += x * x;
    }
  for (size_t i = 0; i < n; i++) lengths[i] = one / __builtin_elementwise_sqrt(lengths[i]);
  for (size_t k = 0; k < n; k++)
    for (size_t i = k; i < n; i++) COLUMN(factor, n, k)[i] *= lengths[i];
  size_t i = 0;
  for (; i + SIDE <= n; i += SIDE)
    for (size_t j = 0; j <= i; j += SIDE) tile(factor, n, i, SIDE, j, SIDE, matrix);
  for (; i < n; i++)
    for (size_t j = 0; j <= i; j++) tile(factor, n, i, 1, j, 1, matrix);
  for (i = 0; i < n; i++) matrix[i * (i + 3) / 2] = one;
}

CK_ON_PATHS(void, correlate, (lanes *factor, size_t n, lanes *matrix), (factor, n, matrix))

void ck_factor_correlations(int path, double *factors, size_t n, double *matrices) {
  lanes *factor = (lanes *)factors, *matrix = (lanes *)matrices;
  CK_CALL(path, correlate, (factor, n, matrix));
}
