#include "ckernels.h"
#include "lanes.h"

#include <string.h>

// Weighted numbers of successes and trials of covariate patterns, for many outcomes in one pass over
// the papers: the totals that ck_fit_logistic_lanes takes. The answers of a paper lie together, one
// byte an outcome, and go to vectors of eight sums. Papers without weight are passed over, as are a
// third of them in a bootstrap. Cost: 2 ns for eight outcomes of a paper.

typedef uint8_t byte_lanes __attribute__((vector_size(8)));

CK_INLINE void add_up(const uint8_t *answers, size_t papers, size_t batches, const uint32_t *row,
                      const double *weights, size_t rows, lanes *successes, lanes *trials) {
  memset(successes, 0, batches * rows * sizeof *successes);
  memset(trials, 0, batches * rows * sizeof *trials);
  for (size_t p = 0; p < papers; p++) {
    if (weights[p] == 0) continue;
    for (size_t b = 0; b < batches; b++) {
      byte_lanes answer;
      memcpy(&answer, answers + (p * batches + b) * 8, sizeof answer);
      const size_t own = b * rows + row[p];
      successes[own] += __builtin_convertvector(answer & 1, lanes) * weights[p];
      trials[own] += __builtin_convertvector(answer >> 1, lanes) * weights[p];
    }
  }
}

CK_ON_PATHS(void, add_up,
            (const uint8_t *answers, size_t papers, size_t batches, const uint32_t *row,
             const double *weights, size_t rows, lanes *successes, lanes *trials),
            (answers, papers, batches, row, weights, rows, successes, trials))

void ck_lane_totals(int path, const uint8_t *answers, size_t papers, size_t batches,
                    const uint32_t *row, const double *weights, size_t rows, double *successes,
                    double *trials) {
  lanes *s = (lanes *)successes, *t = (lanes *)trials;
  CK_CALL(path, add_up, (answers, papers, batches, row, weights, rows, s, t));
}
