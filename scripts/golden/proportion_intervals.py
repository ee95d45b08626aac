"""Confidence limits of proportions: statsmodels where it agrees with the definition, else mpmath.

Columns of each method: limits of statsmodels (wilson, beta = Clopper-Pearson, jeffreys,
agresti_coull, normal = Wald); the mid-P and likelihood-ratio limits are roots found by mpmath, and
`*_exact` are the same definitions evaluated with 40 digits.

Disagreements that are known and wanted:
* jeffreys: statsmodels keeps the beta quantile at x = 0 and x = n, metastat returns 0 and 1
  (Brown, Cai and DasGupta 2001); the exact column follows the latter.
* wilson: statsmodels loses digits of a small lower limit by subtraction, and clips.

Run from the root of the repository: python3 scripts/golden/proportion_intervals.py
"""

import mpmath
import scipy
import statsmodels
from mpmath import mp, mpf
from statsmodels.stats.proportion import proportion_confint

mp.dps = 40
PATH = "Tests/SurveyStatsTests/Golden/numerics/proportion_intervals.csv"


def root(function, low, high):
    """A root of an increasing function by bisection to 30 digits."""
    low, high = mpf(low), mpf(high)
    for _ in range(130):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return (low + high) / 2


def cdf(p, a, b):
    if b == 0:
        return mpf(0)
    return mpmath.betainc(a, b, 0, p, regularized=True)


def lower_limits(x, n, level):
    """Exact lower limits of all methods; upper limits are those of n - x mirrored."""
    x, n = mpf(x), mpf(n)
    tail = (1 - mpf(level)) / 2
    z = mpmath.sqrt(2) * mpmath.erfinv(1 - 2 * tail)
    p = x / n
    f = n - x
    wilson = (p + z**2 / (2 * n) - z * mpmath.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))) / (
        1 + z**2 / n)
    size = n + z**2
    centre = (x + z**2 / 2) / size
    agresti = max(mpf(0), centre - z * mpmath.sqrt(centre * (1 - centre) / size))
    wald = max(mpf(0), p - z * mpmath.sqrt(p * (1 - p) / n))
    if x == 0:
        return dict(wilson=mpf(0), clopperPearson=mpf(0), jeffreys=mpf(0), agrestiCoull=agresti,
                    wald=wald, midP=mpf(0), likelihoodRatio=mpf(0))
    exact = root(lambda q: cdf(q, x, f + 1) - tail, 0, 1)
    jeffreys = root(lambda q: cdf(q, x + 0.5, f + 0.5) - tail, 0, 1)
    mid = root(lambda q: (cdf(q, x, f + 1) + cdf(q, x + 1, f)) / 2 - tail, 0, 1)

    def deviance(q):
        rest = f * mpmath.log((1 - p) / (1 - q)) if f > 0 else 0
        return z**2 / 2 - x * mpmath.log(p / q) - rest

    ratio = root(deviance, 0, p)
    return dict(wilson=wilson, clopperPearson=exact, jeffreys=jeffreys, agrestiCoull=agresti,
                wald=wald, midP=mid, likelihoodRatio=ratio)


NAMES = dict(wilson="wilson", clopperPearson="beta", jeffreys="jeffreys",
             agrestiCoull="agresti_coull", wald="normal")

with open(PATH, "w") as file:
    file.write(f"# statsmodels {statsmodels.__version__}, scipy {scipy.__version__}, "
               f"mpmath {mpmath.__version__} (exact columns)\n")
    file.write("method,successes,trials,level,lower_exact,upper_exact,lower_statsmodels,"
               "upper_statsmodels\n")
    cases = [(x, n, level) for level in (0.5, 0.95, 0.999) for n in (1, 2, 5, 30)
             for x in sorted({0, 1, 2, n // 2, n - 1, n} & set(range(n + 1)))]
    cases += [(x, n, 0.95) for n in (67, 250, 1000) for x in (0, 1, n // 10, n // 2, n - 1, n)]
    cases += [(0.4, 0.9, 0.95), (3.7, 11.25, 0.95), (80.5, 81.125, 0.9), (12.5, 123.25, 0.99)]
    for x, n, level in cases:
        # Level and counts are doubles; the mirror image is exact in these numbers.
        lower = lower_limits(x, n, level)
        upper = lower_limits(mpf(n) - mpf(x), n, level)
        for method, limit in lower.items():
            low = high = ""
            if method in NAMES:
                low, high = (repr(float(v)) for v in proportion_confint(
                    x, n, alpha=1 - level, method=NAMES[method]))
            file.write(f"{method},{x!r},{n!r},{level!r},{float(limit)!r},"
                       f"{float(1 - upper[method])!r},{low},{high}\n")
