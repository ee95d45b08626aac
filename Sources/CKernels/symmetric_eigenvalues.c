#include "ckernels.h"
#include "lanes.h"

// Eigenvalues of symmetric matrices, eight at a time, one in each lane of a vector.
//
// Lower triangles lie row after row, element (i, j) of the eight matrices in one vector, so that a
// scalar operation of the textbook is one vector operation and nothing has to be shuffled.
// Householder's reduction (Golub & Van Loan 2013, algorithm 8.3.1) takes the same steps whatever the
// numbers are. The root-free QL iteration of Pal, Walker and Kahan (Parlett 1998, section 8.15;
// LAPACK's dsterf) is repeated for an eigenvalue until it has converged in every lane; lanes that
// have are left alone meanwhile. Nothing is scaled: entries should be of moderate size, as
// correlations are.
//
// A step of the reduction subtracts the reflection before and multiplies by its own vector in one
// pass over the rest of the matrix, three rows at a time: the rows lie in the second cache, and more
// of them do not fit in the registers. Two groups of eight are iterated side by side, as each step
// waits for the divisions of the one before.
//
// Cost: n^3 / 6 element updates of four multiplications and four additions, and about n^2 rotations
// of two divisions that do not wait for each other, for eight matrices together. Products and sums
// are rounded apart, so that all paths give the same bits.

enum { ROWS = 3 };

// Where row i of a lower triangle begins.
#define TRIANGLE(i) ((i) * ((i) + 1) / 2)

// Subtracts v w' + w v' from rows i to i + rows - 1 of a lower triangle whose columns begin at
// `first`, and adds to p what these rows give of the product of the triangle, mirrored, and u.
// `rows` is a constant wherever this is inlined.
CK_INLINE void update_rows(lanes *a, size_t first, size_t i, size_t rows, const lanes *v,
                           const lanes *w, const lanes *u, lanes *p) {
  lanes *row[ROWS], sum[ROWS], vi[ROWS], wi[ROWS], ui[ROWS];
  for (size_t r = 0; r < rows; r++) {
    row[r] = a + TRIANGLE(i + r);
    sum[r] = (lanes){0};
    vi[r] = v[i + r];
    wi[r] = w[i + r];
    ui[r] = u[i + r];
  }
  for (size_t j = first; j < i; j++) {
    lanes pj = p[j];
    for (size_t r = 0; r < rows; r++) {
      lanes *element = row[r] + j;
      const lanes x = *element - (vi[r] * w[j] + wi[r] * v[j]);
      *element = x;
      sum[r] += x * u[j];
      pj += x * ui[r];
    }
    p[j] = pj;
  }
  // The triangle on the diagonal.
  for (size_t r = 0; r < rows; r++) {
    for (size_t s = 0; s <= r; s++) {
      lanes *element = row[r] + i + s;
      const lanes x = *element - (vi[r] * w[i + s] + wi[r] * v[i + s]);
      *element = x;
      if (s < r) {
        sum[r] += x * ui[s];
        p[i + s] += x * ui[r];
      } else {
        p[i + r] = sum[r] + x * ui[r];
      }
    }
  }
}

// Reduces the matrices to diagonals d and squared subdiagonals e; `work` has room for 4 n vectors.
CK_INLINE void reduce(lanes *a, size_t n, lanes *d, lanes *e, lanes *work) {
  const lanes zero = {0}, one = zero + 1;
  lanes *v = work, *w = work + n, *u = work + 2 * n, *p = work + 3 * n;
  for (size_t i = 0; i < n; i++) v[i] = w[i] = zero;
  for (size_t k = 0; k + 1 < n; k++) {
    // Column k, from which the reflection before is not yet subtracted.
    for (size_t i = k; i < n; i++) a[TRIANGLE(i) + k] -= v[i] * w[k] + w[i] * v[k];
    d[k] = a[TRIANGLE(k) + k];
    const lanes first = a[TRIANGLE(k + 1) + k];
    lanes rest = zero;
    for (size_t i = k + 2; i < n; i++) {
      u[i] = a[TRIANGLE(i) + k];
      rest += u[i] * u[i];
    }
    e[k] = first * first + rest;
    // A column that is zero below its first element needs no reflection.
    const mask flat = rest == zero;
    const lanes root = __builtin_elementwise_sqrt(e[k]);
    const lanes norm = CK_PICK(first < zero, root, -root);
    u[k + 1] = first - norm;
    const lanes squares = CK_PICK(flat, one, u[k + 1] * u[k + 1] + rest);
    const lanes factor = CK_PICK(flat, zero, 2 / squares);

    // p is the rest of the matrix times u.
    size_t i = k + 1;
    for (; i + ROWS <= n; i += ROWS) update_rows(a, k + 1, i, ROWS, v, w, u, p);
    for (; i < n; i++) update_rows(a, k + 1, i, 1, v, w, u, p);
    lanes overlap = zero;
    for (i = k + 1; i < n; i++) {
      p[i] *= factor;
      overlap += p[i] * u[i];
    }
    overlap *= factor / 2;
    for (i = k + 1; i < n; i++) p[i] -= overlap * u[i];
    lanes *old = v;
    v = u, u = old;
    old = w;
    w = p, p = old;
  }
  d[n - 1] = a[TRIANGLE(n) - 1] - (v[n - 1] * w[n - 1] + w[n - 1] * v[n - 1]);
}

// What a round of the iteration carries from row to row, for one group of matrices.
typedef struct {
  lanes *d, *e;
  lanes negligible, shift, cosine, sine, gamma, p;
  mask active;
} Round;

// Finds the lanes whose eigenvalue `first` has not converged, and Wilkinson's shift for a round.
CK_INLINE void begin_round(Round *round, size_t n, size_t first) {
  const lanes zero = {0}, one = zero + 1;
  lanes *d = round->d, *e = round->e;
  round->active = e[first] > round->negligible;
  const lanes root = __builtin_elementwise_sqrt(e[first]);
  const lanes half = (d[first + 1] - d[first]) / (2 * CK_PICK(round->active, root, one));
  const lanes size = __builtin_elementwise_sqrt(half * half + 1);
  const lanes away = CK_PICK(half < zero, -size, size);
  round->shift = d[first] - root / (half + away);
  round->cosine = one;
  round->sine = zero;
  round->gamma = d[n - 1] - round->shift;
  round->p = round->gamma * round->gamma;
}

// One rotation. The quotient gamma^2 / cosine is taken as gamma^2 r (1/p), so that the two divisions
// do not wait for each other.
CK_INLINE void rotate(Round *round, size_t n, size_t i) {
  const lanes zero = {0}, one = zero + 1;
  lanes *d = round->d, *e = round->e;
  const mask active = round->active;
  const lanes square = e[i], p = round->p, r = p + square;
  if (i + 2 < n) e[i + 1] = CK_PICK(active, round->sine * r, e[i + 1]);
  const mask is_zero = r == zero;
  const lanes inverse = 1 / CK_PICK(is_zero, one, r), rise = r * (1 / CK_PICK(p == zero, one, p));
  const lanes before = round->cosine, gamma = round->gamma;
  const lanes cosine = CK_PICK(is_zero, one, p * inverse), sine = square * inverse;
  const lanes next = cosine * (d[i] - round->shift) - sine * gamma;
  d[i + 1] = CK_PICK(active, gamma + (d[i] - next), d[i + 1]);
  round->p = CK_PICK(cosine == zero, before * square, next * next * CK_PICK(is_zero, one, rise));
  round->cosine = cosine;
  round->sine = sine;
  round->gamma = next;
}

// Turns the diagonals of `groups` (1 or 2, a constant) times eight matrices into eigenvalues; returns
// 0, or 1 if an iteration does not end.
CK_INLINE int iterate(size_t groups, size_t n, lanes *d, lanes *e) {
  const lanes zero = {0};
  Round rounds[2];
  for (size_t g = 0; g < groups; g++) {
    rounds[g].d = d + g * n;
    rounds[g].e = e + g * n;
    rounds[g].negligible = zero;
    for (size_t i = 0; i < n; i++) {
      rounds[g].negligible += rounds[g].d[i] * rounds[g].d[i];
      if (i + 1 < n) rounds[g].negligible += 2 * rounds[g].e[i];
    }
    rounds[g].negligible *= 0x1p-112;  // (2^-56 times the norm of the matrix)^2
  }
  for (size_t first = 0; first + 1 < n; first++) {
    for (int round = 0;; round++) {
      mask active = zero != zero;
      for (size_t g = 0; g < groups; g++) {
        begin_round(&rounds[g], n, first);
        active |= rounds[g].active;
      }
      if (!ck_any(&active)) break;
      if (round == 100) return 1;
      for (size_t i = n - 1; i-- > first;)
        for (size_t g = 0; g < groups; g++) rotate(&rounds[g], n, i);
      for (size_t g = 0; g < groups; g++) {
        Round *at = &rounds[g];
        at->e[first] = CK_PICK(at->active, at->sine * at->p, at->e[first]);
        at->d[first] = CK_PICK(at->active, at->shift + at->gamma, at->d[first]);
      }
    }
  }
  return 0;
}

CK_INLINE int eigenvalues(double *matrices, size_t n, size_t groups, double *values, double *work) {
  lanes *a = (lanes *)matrices, *d = (lanes *)values, *e = (lanes *)work, *rest = e + 2 * n;
  if (n == 0) return 0;
  int failed = 0;
  for (size_t g = 0; g < groups; g += 2) {
    const size_t both = groups - g > 1;
    for (size_t h = 0; h <= both; h++)
      reduce(a + (g + h) * TRIANGLE(n), n, d + (g + h) * n, e + h * n, rest);
    failed |= both ? iterate(2, n, d + g * n, e) : iterate(1, n, d + g * n, e);
  }
  return failed;
}

CK_ON_PATHS(int, eigenvalues,
            (double *matrices, size_t n, size_t groups, double *values, double *work),
            (matrices, n, groups, values, work))

int ck_symmetric_eigenvalues(int path, double *matrices, size_t n, size_t groups, double *values,
                             double *work) {
  return CK_CALL(path, eigenvalues, (matrices, n, groups, values, work));
}
