#include "ckernels.h"
#include "lane_functions.h"

#include <math.h>
#include <string.h>

// The maximum of a logistic likelihood over covariate patterns, plain or with Firth's penalty, by
// Fisher scoring with step halving.
//
// Eight patterns lie in the lanes of a vector: block b of column c is x[b * columns + c], padded
// with patterns that have no trials and so count nowhere. One pass makes the linear predictors,
// probabilities, weights m p (1 - p) and the log-likelihood (own exponential and logarithm, within
// 2 units of the last place); a second the information X'WX, one vector of partial sums for each of
// its elements, added up lane by lane in a fixed order. With the penalty, leverages come from
// forward substitution with the Cholesky factor, eight patterns at a time.
//
// Products and sums are rounded apart, so that all paths give the same bits. Cost of an iteration:
// patterns x columns^2 / 2 multiplications and additions (twice that with the penalty), eight at a
// time, and columns^3 / 3 scalar ones; 1.0 us for 100 patterns and 11 columns.

typedef struct {
  size_t blocks, columns;
  lanes *x, *successes, *trials, *offset;  // the model
  lanes *probabilities, *weights, *scaled; // at the last point looked at
  double *information, *factor;            // n x n, lower triangles
} Model;

// Probabilities and weights at a point; returns the log-likelihood.
CK_INLINE double look(const Model *model, const double *beta) {
  const lanes zero = {0};
  const size_t columns = model->columns;
  lanes sum = zero;
  for (size_t b = 0; b < model->blocks; b++) {
    lanes eta = model->offset[b];
    for (size_t c = 0; c < columns; c++) eta += model->x[b * columns + c] * beta[c];
    lanes p, q, rest;
    probabilities(eta, &p, &q, &rest);
    model->probabilities[b] = p;
    model->weights[b] = model->trials[b] * p * q;
    sum -= loss(eta, rest, model->successes[b], model->trials[b]);
  }
  return total(&sum);
}

// The lower triangle of X' diag(w) X. Four sums run at a time.
CK_INLINE void products(const Model *model, const lanes *weights, double *result) {
  const size_t n = model->columns, blocks = model->blocks;
  const lanes zero = {0};
  for (size_t c = 0; c < n; c++) {
    for (size_t b = 0; b < blocks; b++) model->scaled[b] = weights[b] * model->x[b * n + c];
    size_t o = 0;
    for (; o + 4 <= c + 1; o += 4) {
      lanes s0 = zero, s1 = zero, s2 = zero, s3 = zero;
      for (size_t b = 0; b < blocks; b++) {
        const lanes *row = model->x + b * n + o, w = model->scaled[b];
        s0 += w * row[0];
        s1 += w * row[1];
        s2 += w * row[2];
        s3 += w * row[3];
      }
      result[c * n + o] = total(&s0);
      result[c * n + o + 1] = total(&s1);
      result[c * n + o + 2] = total(&s2);
      result[c * n + o + 3] = total(&s3);
    }
    for (; o <= c; o++) {
      lanes s = zero;
      for (size_t b = 0; b < blocks; b++) s += model->scaled[b] * model->x[b * n + o];
      result[c * n + o] = total(&s);
    }
  }
}

// The Cholesky factor of the rows and columns `used` of a lower triangle, with the reciprocal of its
// diagonal on the diagonal; returns 0, or 1 if the matrix is not positive definite.
CK_INLINE int factorize(const double *matrix, size_t n, const size_t *used, size_t count,
                        double *factor) {
  for (size_t i = 0; i < count; i++) {
    double *row = factor + i * count;
    for (size_t j = 0; j <= i; j++) {
      double sum = matrix[used[i] * n + used[j]];
      for (size_t k = 0; k < j; k++) sum -= row[k] * factor[j * count + k];
      if (j < i) {
        row[j] = sum * factor[j * count + j];
      } else {
        if (!(sum > 0) || sum > 0x1p1023) return 1;
        row[i] = 1 / sqrt(sum);
      }
    }
  }
  return 0;
}

// The logarithm of the product of a diagonal.
CK_INLINE double log_of_diagonal(const double *matrix, size_t n) {
  double product = 0.5;
  int exponent = 1;
  for (size_t i = 0; i < n; i++) {
    int power;
    product = frexp(product * matrix[i * n + i], &power);
    exponent += power;
  }
  const lanes zero = {0};
  lanes value = zero + (2 * product - 1);
  logarithm(&value);
  return value[0] + (exponent - 1) * 0x1.62e42fefa39efp-1;
}

// x' I^-1 x of every pattern, from the factor of the information; `solved` has room for n vectors.
CK_INLINE void forms(const Model *model, lanes *solved, lanes *result) {
  const lanes zero = {0};
  const size_t n = model->columns;
  for (size_t b = 0; b < model->blocks; b++) {
    lanes sum = zero;
    for (size_t i = 0; i < n; i++) {
      const double *row = model->factor + i * n;
      lanes rest = model->x[b * n + i];
      for (size_t j = 0; j < i; j++) rest -= solved[j] * row[j];
      solved[i] = rest * row[i];
      sum += solved[i] * solved[i];
    }
    result[b] = sum;
  }
}

size_t ck_logistic_work(size_t rows, size_t columns) {
  const size_t blocks = (rows + 7) / 8;
  return 8 * (blocks * (columns + 9) + columns) + 5 * columns * columns + 5 * columns + 64;
}

CK_INLINE int maximize(const double *x, size_t rows, size_t columns, const double *successes,
                       const double *trials, const double *offset, int penalized, double shift,
                       const uint8_t *fixed, size_t limit, double tolerance, double *beta, double *criterion,
                       double *inverse, size_t *iterations, double *work) {
  const size_t n = columns, blocks = (rows + 7) / 8;
  lanes *vectors = (lanes *)work;
  Model model = {blocks,
                 n,
                 vectors,
                 vectors + blocks * n,
                 vectors + blocks * (n + 1),
                 vectors + blocks * (n + 2),
                 vectors + blocks * (n + 3),
                 vectors + blocks * (n + 4),
                 vectors + blocks * (n + 5),
                 NULL,
                 NULL};
  lanes *residuals = vectors + blocks * (n + 6), *leverages = vectors + blocks * (n + 7),
        *augmented = vectors + blocks * (n + 8), *solved = vectors + blocks * (n + 9);
  double *rest = (double *)(solved + n);
  model.information = rest;
  model.factor = rest + n * n;
  double *stepFactor = rest + 2 * n * n, *stepMatrix = rest + 3 * n * n, *lower = rest + 4 * n * n;
  double *score = rest + 5 * n * n, *step = score + n, *candidate = score + 2 * n;
  size_t *all = (size_t *)(score + 3 * n), *used = (size_t *)(score + 4 * n);

  const lanes zero = {0};
  for (size_t b = 0; b < blocks; b++) {
    const size_t first = 8 * b, count = rows - first < 8 ? rows - first : 8;
    for (size_t c = 0; c < n; c++) {
      lanes block = zero;
      for (size_t l = 0; l < count; l++) block[l] = x[c * rows + first + l];
      model.x[b * n + c] = block;
    }
    lanes s = zero, m = zero, o = zero;
    for (size_t l = 0; l < count; l++) {
      s[l] = successes[first + l];
      m[l] = trials[first + l];
      o[l] = offset[first + l];
    }
    model.successes[b] = s;
    model.trials[b] = m;
    model.offset[b] = o;
  }
  size_t free = 0;
  for (size_t c = 0; c < n; c++) {
    all[c] = c;
    if (!fixed[c]) used[free++] = c;
  }

  double previous = INFINITY;
  double value = 0;
  memcpy(candidate, beta, n * sizeof(double));
  for (size_t iteration = 0, halvings = 0;;) {
    // Look at the candidate: the start, or the last step.
    double next = look(&model, candidate);
    if (penalized) {
      products(&model, model.weights, model.information);
      if (factorize(model.information, n, all, n, model.factor)) {
        next = NAN;
      } else {
        next += shift / 2 - log_of_diagonal(model.factor, n);
      }
    }
    if (iteration == 0 && !isfinite(next)) return 1;
    if (iteration > 0 && !(isfinite(next) && next >= value - 1e-12 * (fabs(value) + 1))) {
      // Half a step; where no part of it leads higher, rounding is in the way or the model is odd.
      const int atEnd = halvings == 19;
      if (atEnd && !(previous < 1e-10)) return 1;
      halvings++;
      for (size_t c = 0; c < n; c++)
        candidate[c] = atEnd ? beta[c] : beta[c] + ldexp(step[c], -(int)halvings);
      if (!atEnd) continue;
      // At the end the optimum is the last point; its state is wanted once more.
      look(&model, beta);
      products(&model, model.weights, model.information);
      break;
    }
    memcpy(beta, candidate, n * sizeof(double));
    value = next;
    halvings = 0;
    if (++iteration > limit) return 1;
    *iterations = iteration;

    // The scoring step from here.
    if (!penalized) {
      products(&model, model.weights, model.information);
      if (factorize(model.information, n, all, n, model.factor)) return 1;
    }
    const double *matrix = model.information;
    for (size_t b = 0; b < blocks; b++)
      residuals[b] = model.successes[b] - model.trials[b] * model.probabilities[b];
    if (penalized) {
      forms(&model, solved, leverages);
      for (size_t b = 0; b < blocks; b++) {
        const lanes p = model.probabilities[b], w = model.weights[b], h = w * leverages[b];
        residuals[b] += h * (0.5 - p);
        // A trial counts 1 + h/m times; p (1 - p) of it is the leverage of one trial.
        augmented[b] = w + h * p * (1 - p);
      }
      products(&model, augmented, stepMatrix);
      matrix = stepMatrix;
    }
    for (size_t c = 0; c < n; c++) {
      lanes sum = zero;
      for (size_t b = 0; b < blocks; b++) sum += residuals[b] * model.x[b * n + c];
      score[c] = total(&sum);
      step[c] = 0;
    }
    double decrement = 0;
    const double *root = model.factor;
    if (penalized || free < n) {
      if (factorize(matrix, n, used, free, stepFactor)) return 1;
      root = stepFactor;
    }
    for (size_t i = 0; i < free; i++) {
      double sum = score[used[i]];
      for (size_t k = 0; k < i; k++) sum -= root[i * free + k] * step[used[k]];
      step[used[i]] = sum * root[i * free + i];
    }
    for (size_t i = free; i-- > 0;) {
      double sum = step[used[i]];
      for (size_t k = i + 1; k < free; k++) sum -= root[k * free + i] * step[used[k]];
      step[used[i]] = sum * root[i * free + i];
      decrement += step[used[i]] * score[used[i]];
    }
    if (!isfinite(decrement)) return 1;
    if (decrement < tolerance * tolerance || (decrement < 1e-14 && decrement >= previous)) break;
    previous = decrement;
    for (size_t c = 0; c < n; c++) candidate[c] = beta[c] + step[c];
  }
  *criterion = value;

  // The inverse information: L^-1 row by row, then its square.
  if (factorize(model.information, n, all, n, model.factor)) return 1;
  for (size_t j = 0; j < n; j++) {
    lower[j * n + j] = model.factor[j * n + j];
    for (size_t i = j + 1; i < n; i++) {
      double sum = 0;
      for (size_t k = j; k < i; k++) sum -= model.factor[i * n + k] * lower[k * n + j];
      lower[i * n + j] = sum * model.factor[i * n + i];
    }
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      double sum = 0;
      for (size_t k = i; k < n; k++) sum += lower[k * n + i] * lower[k * n + j];
      inverse[i * n + j] = inverse[j * n + i] = sum;
    }
  return 0;
}

CK_ON_PATHS(int, maximize,
            (const double *x, size_t rows, size_t columns, const double *successes,
             const double *trials, const double *offset, int penalized, double shift,
             const uint8_t *fixed, size_t limit, double tolerance, double *beta, double *criterion,
             double *inverse, size_t *iterations, double *work),
            (x, rows, columns, successes, trials, offset, penalized, shift, fixed, limit, tolerance,
             beta, criterion, inverse, iterations, work))

int ck_maximize_logistic(int path, const double *x, size_t rows, size_t columns,
                         const double *successes, const double *trials, const double *offset,
                         int penalized, double shift, const uint8_t *fixed, size_t limit,
                         double tolerance, double *beta, double *criterion, double *inverse, size_t *iterations,
                         double *work) {
  return CK_CALL(path, maximize, (x, rows, columns, successes, trials, offset, penalized, shift,
                                  fixed, limit, tolerance, beta, criterion, inverse, iterations,
                                  work));
}
