// Eight logistic models of the same covariate patterns, one in each lane of a vector. Not part of
// the module; see ckernels.h for the layout of the rows.
//
// Rows with values in the same columns form a group, and a pass over a group adds up in registers
// what then goes into a few elements of a vector or matrix: with ten types of paper and a year a
// row costs six products of the information and not columns^2 / 2. Element (i, j), i >= j, of a
// matrix is the vector at i * n + j. The structure of the factor L of the information is known
// beforehand: `below` lists the rows of each of its columns.
#pragma once

#include <string.h>

#include "ckernels.h"
#include "lane_functions.h"

typedef struct {
  const ck_sparse_rows *x;
  const lanes *successes, *trials;
} Model;

// What a step needs: one vector a row, n x n matrices, n vectors.
typedef struct {
  lanes *probabilities, *weights, *augmented, *residuals;
  lanes *information, *factor, *inverse;
  lanes *score, *step, *pivots;
} Work;

CK_INLINE Work parts(double *work, size_t rows, size_t n) {
  lanes *r = (lanes *)work, *m = r + 4 * rows, *v = m + 3 * n * n;
  return (Work){r, r + rows,  r + 2 * rows,  r + 3 * rows, m, m + n * n, m + 2 * n * n,
                v, v + n, v + 2 * n};
}

// A group of rows: their columns, and the values of each row.
typedef struct {
  size_t first, end, width;
  const uint32_t *at;
  const double *values;
} Group;

CK_INLINE Group first_group(const ck_sparse_rows *x) {
  return (Group){0, x->first_row[1], x->first_position[1], x->positions, x->values};
}

CK_INLINE void next_group(const ck_sparse_rows *x, size_t i, Group *g) {
  g->values += (g->end - g->first) * g->width;
  if (i + 1 >= x->groups) return;
  g->first = g->end;
  g->end = x->first_row[i + 2];
  g->at = x->positions + x->first_position[i + 1];
  g->width = x->first_position[i + 2] - x->first_position[i + 1];
}

#define EACH_GROUP(x, g) \
  Group g = first_group(x); \
  for (size_t group = 0; group < (x)->groups; next_group(x, group, &g), group++)

CK_INLINE lanes linear(const Group *g, size_t row, const lanes *beta) {
  const double *x = g->values + (row - g->first) * g->width;
  lanes sum = beta[g->at[0]] * x[0];
  for (size_t k = 1; k < g->width; k++) sum += beta[g->at[k]] * x[k];
  return sum;
}

// Probabilities and weights m p (1 - p) at a point.
CK_INLINE void look(const Model *m, const lanes *beta, const Work *w) {
  const lanes zero = {0}, one = zero + 1;
  EACH_GROUP(m->x, g) for (size_t row = g.first; row < g.end; row++) {
    const lanes eta = linear(&g, row, beta) + m->x->offset[row];
    const mask negative = eta < zero;
    lanes power = CK_PICK(negative, eta, -eta);
    exponential(&power);
    const lanes inverse = one / (one + power), rest = power * inverse;
    w->probabilities[row] = CK_PICK(negative, rest, inverse);
    w->weights[row] = m->trials[row] * rest * inverse;
  }
}

// Adds up products of weights, column k and `count` columns from l on.
CK_INLINE void sums(const Group *g, const lanes *weights, size_t k, size_t l, size_t count,
                    lanes *row_of_matrix) {
  lanes s[4] = {0};
  const double *x = g->values;
  for (size_t row = g->first; row < g->end; row++, x += g->width) {
    const lanes scaled = weights[row] * x[k];
    for (size_t i = 0; i < count; i++) s[i] += scaled * x[l + i];
  }
  for (size_t i = 0; i < count; i++) row_of_matrix[g->at[l + i]] += s[i];
}

// The lower triangle of X' diag(weights) X.
CK_INLINE void products(const ck_sparse_rows *x, const lanes *weights, lanes *matrix) {
  const size_t n = x->columns;
  memset(matrix, 0, n * n * sizeof *matrix);
  EACH_GROUP(x, g) for (size_t k = 0; k < g.width; k++) {
    lanes *row = matrix + g.at[k] * n;
    size_t l = 0;
    for (; l + 4 <= k + 1; l += 4) sums(&g, weights, k, l, 4, row);
    if (k + 1 - l == 3) sums(&g, weights, k, l, 3, row);
    if (k + 1 - l == 2) sums(&g, weights, k, l, 2, row);
    if (k + 1 - l == 1) sums(&g, weights, k, l, 1, row);
  }
}

// X' v.
CK_INLINE void gather(const ck_sparse_rows *x, const lanes *v, lanes *result) {
  memset(result, 0, x->columns * sizeof *result);
  EACH_GROUP(x, g) for (size_t k = 0; k < g.width; k++) {
    lanes sum = {0};
    const double *values = g.values + k;
    for (size_t row = g.first; row < g.end; row++, values += g.width) sum += v[row] * *values;
    result[g.at[k]] += sum;
  }
}

// A = L D L' with a unit diagonal, in the place of A: L below the diagonal, 1 / D on it, D in
// `pivots`. Returns where all pivots are positive and finite.
CK_INLINE mask factorize(const ck_sparse_rows *x, lanes *matrix, lanes *pivots) {
  const size_t n = x->columns;
  const lanes zero = {0}, largest = zero + 0x1p1000;
  mask good = zero == zero;
  for (size_t j = 0; j < n; j++) {
    const lanes pivot = matrix[j * n + j], inverse = 1 / pivot;
    good &= (pivot > zero) & (pivot < largest);
    pivots[j] = pivot;
    matrix[j * n + j] = inverse;
    // What column j takes from the rest; its elements become those of L one after the other.
    for (uint32_t a = x->first_below[j + 1]; a-- > x->first_below[j];) {
      const size_t i = x->below[a];
      const lanes scaled = matrix[i * n + j] * inverse;
      for (uint32_t b = x->first_below[j]; b <= a; b++)
        matrix[i * n + x->below[b]] -= scaled * matrix[x->below[b] * n + j];
      matrix[i * n + j] = scaled;
    }
  }
  return good;
}

// Solves A x = b.
CK_INLINE void solve(const ck_sparse_rows *x, const lanes *factor, const lanes *b, lanes *result) {
  const size_t n = x->columns;
  memcpy(result, b, n * sizeof *b);
  for (size_t j = 0; j < n; j++)
    for (uint32_t a = x->first_below[j]; a < x->first_below[j + 1]; a++)
      result[x->below[a]] -= factor[x->below[a] * n + j] * result[j];
  for (size_t j = n; j-- > 0;) {
    lanes sum = result[j] * factor[j * n + j];
    for (uint32_t a = x->first_below[j]; a < x->first_below[j + 1]; a++)
      sum -= factor[x->below[a] * n + j] * result[x->below[a]];
    result[j] = sum;
  }
}

// The elements of the inverse in the places of L (Takahashi, Fagan & Chen 1973): column j follows
// from those after it, V_ij = [i = j] / D_j - sum over k > j of V_ik L_kj.
CK_INLINE void invert(const ck_sparse_rows *x, const lanes *factor, lanes *inverse) {
  const size_t n = x->columns;
  for (size_t j = n; j-- > 0;) {
    const uint32_t *first = x->below + x->first_below[j], *end = x->below + x->first_below[j + 1];
    lanes own = factor[j * n + j];
    for (const uint32_t *i = first; i < end; i++) {
      lanes sum = {0};
      for (const uint32_t *k = first; k < end; k++)
        sum -= factor[*k * n + j] * inverse[*i > *k ? *i * n + *k : *k * n + *i];
      inverse[*i * n + j] = sum;
      own -= factor[*i * n + j] * sum;
    }
    inverse[j * n + j] = own;
  }
}

// x' I^-1 x for a row.
CK_INLINE lanes form(const Group *g, size_t row, const lanes *inverse, size_t n) {
  const double *x = g->values + (row - g->first) * g->width;
  lanes sum = {0};
  for (size_t k = 0; k < g->width; k++) {
    const lanes *v = inverse + g->at[k] * n;
    lanes half = v[g->at[k]] * (0.5 * x[k]);
    for (size_t l = 0; l < k; l++) half += v[g->at[l]] * x[l];
    sum += half * (2 * x[k]);
  }
  return sum;
}

CK_INLINE unsigned bits_of(mask where) {
  unsigned bits = 0;
  for (int l = 0; l < 8; l++) bits |= (unsigned)(where[l] & 1) << l;
  return bits;
}
