#include "ckernels.h"
#include "lanes.h"

// Tetrachoric correlations of eight pairs of items at a time, one in each lane of a vector.
//
// By Plackett's (1954) identity Phi2(h, k; sin t) - Phi(h) Phi(k) is an integral of
// exp(-(h^2 + k^2 - 2hk sin t)/(2 cos^2 t))/2pi over the angle from 0 to t, and for the estimate it is
// (n11 n00 - n10 n01)/n^2. The variable is u = tan(t/2), where the integrand needs no trigonometry.
// The limit comes from Halley's method inside a bracket, which runs until it has ended in every lane;
// lanes that have are left alone meanwhile, so that a pair gets the same bits in any company.
// The integral is taken in panels no longer than a quarter of the distance to u = 1, about which the
// integrand may bend without end: 10 points of Gauss and Legendre, or 6 within a twentieth of it.
//
// Cost: about 40 integrands, of one division and one exponential each, for eight pairs.

// Positive nodes on [-1, 1], and their weights.
enum { FEW = 3, MANY = 5 };
static const double few[FEW][2] = {{0.238619186083196909, 0.467913934572691047},
                                   {0.661209386466264514, 0.360761573048138608},
                                   {0.932469514203152028, 0.171324492379170345}};
static const double many[MANY][2] = {{0.148874338981631211, 0.295524224714752870},
                                     {0.433395394129247191, 0.269266719309996355},
                                     {0.679409568299024406, 0.219086362515982044},
                                     {0.865063366688984511, 0.149451349150580593},
                                     {0.973906528517171720, 0.0666713443086881376}};

// What the integrand needs of two thresholds h and k: (h - k)^2 / 2 and h k.
typedef struct {
  lanes half_square, product;
} Thresholds;

// e^-x for x >= 0, taken as 708 above that; x = k log 2 - r with |r| <= 0.35, and a Taylor polynomial
// of degree 13 in r, even and odd powers apart, whose remainder is below 1e-17.
CK_INLINE void decay(lanes *value) {
  const lanes zero = {0}, most = zero + 708, magic = zero + 0x1.8p52;
  const lanes x = CK_PICK(*value > most, most, *value);
  const lanes shifted = magic - x * 0x1.71547652b82fep0;
  const lanes k = shifted - magic;
  const lanes r = (-x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33, s = r * r;
  lanes even = zero + 1.0 / 479001600, odd = zero + 1.0 / 6227020800;
  even = even * s + 1.0 / 3628800, odd = odd * s + 1.0 / 39916800;
  even = even * s + 1.0 / 40320, odd = odd * s + 1.0 / 362880;
  even = even * s + 1.0 / 720, odd = odd * s + 1.0 / 5040;
  even = even * s + 1.0 / 24, odd = odd * s + 1.0 / 120;
  even = even * s + 0.5, odd = odd * s + 1.0 / 6;
  even = even * s + 1.0, odd = odd * s + 1.0;
  *value = (lanes)((mask)(even + odd * r) + ((mask)shifted << 52));
}

// The integrand at sin t = 2u/(1 + u^2), times dt/du: 2 e^-x / (1 + u^2) with the exponent
// x = (h - k)^2/2 sec^2 t + h k (1 + u^2)/(1 + u)^2. All quotients come from one division.
CK_INLINE void integrand(const Thresholds *at, lanes *u) {
  const lanes rest = 1 - *u, sum = 1 + *u * *u, cosine = rest * (1 + *u);
  const lanes inverse = 1 / (cosine * sum);
  const lanes secant = sum * sum * inverse, reciprocal = cosine * inverse;
  const lanes square = secant * secant;
  lanes value = at->half_square * square + at->product * (square * (rest * rest) * reciprocal);
  decay(&value);
  *u = 2 * reciprocal * value;
}

// A rule on [center - half, center + half], without the factor half.
CK_INLINE void rule(const Thresholds *at, const double (*points)[2], int count, const lanes *center,
                    const lanes *half, lanes *sum) {
  *sum = (lanes){0};
  for (int i = 0; i < count; i++) {
    const lanes offset = *half * points[i][0];
    lanes low = *center - offset, high = *center + offset;
    integrand(at, &low);
    integrand(at, &high);
    *sum += points[i][1] * (low + high);
  }
}

// The integral between two limits, added to a value.
CK_INLINE void integrate(const Thresholds *at, const lanes *from, const lanes *to, lanes *value) {
  const lanes zero = {0};
  const mask backwards = *to < *from;
  const lanes end = CK_PICK(backwards, *from, *to);
  lanes begin = CK_PICK(backwards, *to, *from), total = zero;
  for (;;) {
    const mask open = begin < end;
    if (!ck_any(&open)) break;
    const lanes rest = 1 - begin, farthest = begin + rest / 4;
    // Next to 1 a quarter of the distance can be too little to count.
    lanes stop = CK_PICK((farthest > begin) & (farthest < end), farthest, end);
    stop = CK_PICK(open, stop, begin);
    const mask is_short = stop - begin < 0.05 * rest;
    const mask needs_few = open & is_short, needs_many = open & ~is_short;
    const lanes center = (begin + stop) / 2, half = (stop - begin) / 2;
    lanes sum = zero;
    if (ck_any(&needs_few)) rule(at, few, FEW, &center, &half, &sum);
    if (ck_any(&needs_many)) {
      lanes all;
      rule(at, many, MANY, &center, &half, &all);
      sum = CK_PICK(needs_many, all, sum);
    }
    total += half * sum;
    begin = stop;
  }
  *value += CK_PICK(backwards, -total, total);
}

// The logarithm of the integrand, differentiated by u.
CK_INLINE void bend(const Thresholds *at, lanes *u) {
  const lanes rest = 1 - *u, more = 1 + *u, sum = 1 + *u * *u;
  const lanes cosine = rest * more, cube = cosine * cosine * cosine;
  *u = 2 * at->product * rest / (more * more * more) - 8 * at->half_square * *u * sum / cube -
       2 * *u / sum;
}

// A limit to start from: cos(pi/(1 + w^c)) for the odds ratio w >= 1 (Bonett & Price 2005), with a
// logarithm of three digits. As a tangent it is (1 - tan y)/(1 + tan y) with y = pi/2/(1 + w^c).
CK_INLINE void start(const lanes *odds, const lanes *exponent, lanes *u) {
  const lanes zero = {0}, one = zero + 1;
  const mask bits = (mask)*odds;
  const lanes part = (lanes)((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
  const lanes whole = (lanes)((bits >> 52) | 0x4330000000000000) - (0x1p52 + 1023);
  const lanes ratio = (part - 1) / (part + 1);
  const lanes logarithm = whole * 0x1.62e42fefa39efp-1 + ratio * (2 + ratio * ratio * 0.7);
  lanes power = *exponent * logarithm;
  decay(&power);
  const lanes y = 0x1.921fb54442d18p0 * power / (1 + power), s = y * y;
  const lanes over = y * (105 - 10 * s), under = 105 - 45 * s + s * s;
  const lanes found = (under - over) / (under + over), most = one - 1e-9;
  *u = CK_PICK(found > zero, CK_PICK(found < most, found, most), zero);
}

// Where the integral reaches the target; u is the start.
CK_INLINE void solve(const Thresholds *at, const lanes *target, lanes *u) {
  const lanes zero = {0};
  lanes lower = zero, upper = zero + 1, value = zero, result = *u;
  mask active = zero == zero;
  integrate(at, &zero, u, &value);
  for (int round = 0; round < 100; round++) {
    const lanes error = value - *target, rest = 1 - *u;
    const mask above = error > zero;
    upper = CK_PICK(above, *u, upper);
    lower = CK_PICK(above, lower, *u);
    lanes slope = *u, curvature = *u;
    integrand(at, &slope);
    bend(at, &curvature);
    const lanes newton = -error / slope, turn = newton * curvature / 2;
    const mask gentle = (turn > zero - 0.5) & (turn < zero + 0.5);
    const lanes step = CK_PICK(gentle, newton / (1 + turn), newton);
    // The next error is the cube of the step by the square of what bends the integrand.
    const lanes size = CK_PICK(newton < zero, -newton, newton);
    const lanes strength = CK_PICK(curvature < zero, -curvature, curvature);
    const mask ends = size * (1 + strength * rest) <= 4e-6 * rest;
    lanes next = *u + step;
    result = CK_PICK(active & ends, next, result);
    active &= ~ends;
    if (!ck_any(&active)) break;
    const mask inside = (next > lower) & (next < upper);
    next = CK_PICK(active, CK_PICK(inside, next, (lower + upper) / 2), *u);
    integrate(at, u, &next, &value);
    *u = next;
    result = CK_PICK(active, next, result);
  }
  *u = result;
}

CK_INLINE void correlate(const double *cells, const double *thresholds, size_t count,
                         double *correlations) {
  const lanes zero = {0};
  for (size_t first = 0; first < count; first += 8) {
    // Lanes beyond the last pair repeat it.
    lanes n[4], threshold[2], u;
    for (size_t l = 0; l < 8; l++) {
      const size_t pair = first + l < count ? first + l : count - 1;
      for (int cell = 0; cell < 4; cell++) n[cell][l] = cells[4 * pair + cell];
      for (int item = 0; item < 2; item++) threshold[item][l] = thresholds[2 * pair + item];
    }
    const lanes together = n[0] * n[3], apart = n[1] * n[2], determinant = together - apart;
    const mask negative = determinant < zero, none = determinant == zero;
    const lanes odds = CK_PICK(negative, apart / together, together / apart);
    const lanes total = (n[0] + n[1]) + (n[2] + n[3]);
    const lanes a = (n[0] + n[1]) / total, b = (n[0] + n[2]) / total;
    const lanes gap = CK_PICK(a < b, b - a, a - b);
    const lanes aside = CK_PICK(a < 1 - a, 0.5 - a, a - 0.5);
    const lanes beside = CK_PICK(b < 1 - b, 0.5 - b, b - 0.5);
    const lanes far = CK_PICK(aside < beside, beside, aside);
    const lanes exponent = (1 - gap / 5 - far * far) / 2;
    const lanes k = CK_PICK(negative, -threshold[1], threshold[1]);
    const lanes difference = threshold[0] - k;
    const Thresholds at = {difference * difference / 2, threshold[0] * k};
    const lanes target = 0x1.921fb54442d18p2 *
                         CK_PICK(negative, -determinant, determinant) / (total * total);
    start(&odds, &exponent, &u);
    solve(&at, &target, &u);
    lanes found = 2 * u / (1 + u * u);
    found = CK_PICK(none, zero, CK_PICK(negative, -found, found));
    for (size_t l = 0; l < 8 && first + l < count; l++) correlations[first + l] = found[l];
  }
}

CK_ON_PATHS(void, correlate,
            (const double *cells, const double *thresholds, size_t count, double *correlations),
            (cells, thresholds, count, correlations))

void ck_tetrachoric(int path, const double *cells, const double *thresholds, size_t count,
                    double *correlations) {
  CK_CALL(path, correlate, (cells, thresholds, count, correlations));
}
