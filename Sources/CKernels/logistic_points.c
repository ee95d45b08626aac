#include "ckernels.h"
#include "lane_functions.h"

#include <string.h>

// The log-likelihood of a logistic model at many points at once, with its gradient and, where wanted,
// its information: what the limits of all coefficients need of one pass over the patterns.
//
// A chunk of patterns stays in the nearest cache while all points look at it, so that the columns are
// read once. Eight patterns lie in the lanes of a vector; sums over patterns are kept in vectors and
// added up at the end. Products and sums are rounded apart: all paths give the same bits. Cost for
// each pattern and point: about 5 ns, and columns^2 / 2 multiplications and additions, eight at a time,
// for the information.

enum { BLOCKS = 16 };

typedef struct {
  size_t columns, points;
  const double *betas;
  lanes *x, *successes, *trials, *offset;  // of a chunk
  lanes *residuals, *weights, *scaled;     // of a chunk at a point
  lanes *sums;                             // of all points
} Look;

CK_INLINE size_t sums_of_point(size_t columns) { return 1 + columns + columns * (columns + 1) / 2; }

CK_INLINE void look(const Look *own, size_t blocks, size_t point, int information) {
  const size_t n = own->columns;
  const double *beta = own->betas + point * n;
  lanes *sums = own->sums + point * sums_of_point(n);
  lanes value = sums[0];
  for (size_t b = 0; b < blocks; b++) {
    lanes eta = own->offset[b];
    for (size_t c = 0; c < n; c++) eta += own->x[c * BLOCKS + b] * beta[c];
    lanes p, q, rest;
    probabilities(eta, &p, &q, &rest);
    own->residuals[b] = own->successes[b] - own->trials[b] * p;
    own->weights[b] = own->trials[b] * p * q;
    value -= loss(eta, rest, own->successes[b], own->trials[b]);
  }
  sums[0] = value;
  lanes *score = sums + 1, *element = sums + 1 + n;
  for (size_t c = 0; c < n; c++) {
    const lanes *column = own->x + c * BLOCKS;
    lanes sum = score[c];
    for (size_t b = 0; b < blocks; b++) sum += own->residuals[b] * column[b];
    score[c] = sum;
    if (!information) continue;
    for (size_t b = 0; b < blocks; b++) own->scaled[b] = own->weights[b] * column[b];
    size_t o = 0;
    for (; o + 4 <= c + 1; o += 4, element += 4) {
      const lanes *other = own->x + o * BLOCKS;
      lanes s0 = element[0], s1 = element[1], s2 = element[2], s3 = element[3];
      for (size_t b = 0; b < blocks; b++) {
        const lanes w = own->scaled[b];
        s0 += w * other[b];
        s1 += w * other[BLOCKS + b];
        s2 += w * other[2 * BLOCKS + b];
        s3 += w * other[3 * BLOCKS + b];
      }
      element[0] = s0;
      element[1] = s1;
      element[2] = s2;
      element[3] = s3;
    }
    for (; o <= c; o++, element++) {
      const lanes *other = own->x + o * BLOCKS;
      lanes sum = *element;
      for (size_t b = 0; b < blocks; b++) sum += own->scaled[b] * other[b];
      *element = sum;
    }
  }
}

// Eight values of a column, with zeros beyond its end.
CK_INLINE lanes eight(const double *values, size_t rows, size_t first) {
  lanes block = {0};
  if (rows - first >= 8)
    memcpy(&block, values + first, sizeof block);
  else
    memcpy(&block, values + first, (rows - first) * sizeof *values);
  return block;
}

size_t ck_logistic_points_work(size_t columns, size_t points) {
  return 8 * (BLOCKS * (columns + 6) + points * sums_of_point(columns));
}

CK_INLINE void look_at(const double *x, size_t rows, size_t columns, const double *successes,
                       const double *trials, const double *offset, const double *betas,
                       size_t points, int information, double *values, double *scores,
                       double *informations, double *work) {
  const size_t n = columns, each = sums_of_point(n);
  lanes *vectors = (lanes *)work;
  const Look own = {n,
                    points,
                    betas,
                    vectors,
                    vectors + BLOCKS * n,
                    vectors + BLOCKS * (n + 1),
                    vectors + BLOCKS * (n + 2),
                    vectors + BLOCKS * (n + 3),
                    vectors + BLOCKS * (n + 4),
                    vectors + BLOCKS * (n + 5),
                    vectors + BLOCKS * (n + 6)};
  memset(own.sums, 0, points * each * sizeof *own.sums);
  for (size_t start = 0; start < rows; start += 8 * BLOCKS) {
    const size_t left = (rows - start + 7) / 8, blocks = left < BLOCKS ? left : BLOCKS;
    for (size_t b = 0; b < blocks; b++) {
      const size_t first = start + 8 * b;
      for (size_t c = 0; c < n; c++) own.x[c * BLOCKS + b] = eight(x + c * rows, rows, first);
      own.successes[b] = eight(successes, rows, first);
      own.trials[b] = eight(trials, rows, first);
      own.offset[b] = eight(offset, rows, first);
    }
    for (size_t point = 0; point < points; point++) look(&own, blocks, point, information);
  }
  for (size_t point = 0; point < points; point++) {
    const lanes *sums = own.sums + point * each;
    values[point] = total(sums++);
    for (size_t c = 0; c < n; c++) scores[point * n + c] = total(sums++);
    if (!information) continue;
    double *matrix = informations + point * n * n;
    for (size_t c = 0; c < n; c++)
      for (size_t o = 0; o <= c; o++) matrix[c * n + o] = matrix[o * n + c] = total(sums++);
  }
}

CK_ON_PATHS(void, look_at,
            (const double *x, size_t rows, size_t columns, const double *successes,
             const double *trials, const double *offset, const double *betas, size_t points,
             int information, double *values, double *scores, double *informations, double *work),
            (x, rows, columns, successes, trials, offset, betas, points, information, values,
             scores, informations, work))

void ck_logistic_points(int path, const double *x, size_t rows, size_t columns,
                        const double *successes, const double *trials, const double *offset,
                        const double *betas, size_t points, int information, double *values,
                        double *scores, double *informations, double *work) {
  CK_CALL(path, look_at,
          (x, rows, columns, successes, trials, offset, betas, points, information, values, scores,
           informations, work));
}
