"""Reference values of score intervals of two rates, and of Tango's for two items of the same papers.

Run from the root of the repository: python3 scripts/golden/score_intervals.py
The rates of greatest likelihood are found numerically, not by the closed forms of the library.
"""
import csv
import pathlib

import numpy as np
import scipy
from scipy import optimize, stats

Z = stats.norm.ppf(0.975)


def loglik(x, n, p):
    return (x * np.log(p) if x else 0) + ((n - x) * np.log1p(-p) if n > x else 0)


def constrained(x1, n1, x2, n2, first, low, high):
    """The second rate of greatest likelihood when the first is a function of it."""
    f = lambda p: -(loglik(x1, n1, first(p)) + loglik(x2, n2, p))
    e = 1e-13 * (high - low)
    grid = np.linspace(low + e, high - e, 4001)
    best = grid[np.argmin([f(p) for p in grid])]
    step = (high - low) / 4000
    a, b = max(low + e, best - step), min(high - e, best + step)
    slope = lambda p, h=1e-7: (f(min(p + h, high - e)) - f(max(p - h, low + e)))
    if slope(a) >= 0:
        return a
    if slope(b) <= 0:
        return b
    d = lambda p: derivative(x1, n1, x2, n2, first, p)
    return optimize.brentq(d, a, b, xtol=1e-16, rtol=1e-15)


def derivative(x1, n1, x2, n2, first, p):
    h = 1e-6
    q = first(p)
    # first is linear or rational: its slope by a complex step
    dq = np.imag(first(complex(p, 1e-30))) / 1e-30
    g = (x2 / p if x2 else 0) - ((n2 - x2) / (1 - p) if n2 > x2 else 0)
    return g + dq * ((x1 / q if x1 else 0) - ((n1 - x1) / (1 - q) if n1 > x1 else 0))


def difference(x1, n1, x2, n2, c, d):
    p = constrained(x1, n1, x2, n2, lambda p: p + d, max(0, -d), min(1, 1 - d))
    q = p + d
    return (x1 / n1 - x2 / n2 - d) / np.sqrt(c * (q * (1 - q) / n1 + p * (1 - p) / n2))


def ratio(x1, n1, x2, n2, c, r):
    p = constrained(x1, n1, x2, n2, lambda p: r * p, 0, min(1, 1 / r))
    q = r * p
    return (x1 / n1 - r * x2 / n2) / np.sqrt(c * (q * (1 - q) / n1 + r * r * p * (1 - p) / n2))


def odds(x1, n1, x2, n2, c, t):
    first = lambda p: t * p / (1 + p * (t - 1))
    p = constrained(x1, n1, x2, n2, first, 0, 1)
    q = first(p)
    return n1 * (x1 / n1 - q) * np.sqrt((1 / (n1 * q * (1 - q)) + 1 / (n2 * p * (1 - p))) / c)


def crossing(f, target, low, high):
    g = lambda u: f(u) - target
    a, b = g(low), g(high)
    return optimize.brentq(g, low, high, xtol=1e-14, rtol=1e-14) if a > 0 > b else None


rows = []
tables = [(7, 7, 335, 507), (1, 1, 2, 2), (3, 10, 0, 20), (0, 5, 4, 40), (56, 70, 48, 80), (9, 10, 3, 10),
          (5, 56, 0, 29), (212, 467, 150, 500), (10, 10, 0, 10)]
for table in tables:
    x1, n1, x2, n2 = table
    n = n1 + n2
    for name, c in (("miettinen-nurminen", n / (n - 1)), ("koopman", 1.0)):
        d = x1 / n1 - x2 / n2
        lows = {
            "difference": (crossing(lambda u: difference(*table, c, u), Z, -1 + 1e-9, d - 1e-9) if d > -1 else -1,
                           crossing(lambda u: difference(*table, c, u), -Z, d + 1e-9, 1 - 1e-9) if d < 1 else 1),
        }
        for kind, f in (("ratio", ratio), ("odds", odds)):
            g = lambda u: f(*table, c, np.exp(u))
            low, high = crossing(g, Z, -12, 12), crossing(g, -Z, -12, 12)
            lows[kind] = (0.0 if low is None else np.exp(low), None if high is None else np.exp(high))
        p = (x1 + x2) / n
        z = d / np.sqrt(c * p * (1 - p) * (1 / n1 + 1 / n2)) if 0 < p < 1 else 0
        for kind, (low, high) in lows.items():
            rows.append(["/".join(map(str, table)), name, kind, low, high, 2 * stats.norm.sf(abs(z))])


def tango(b, c, n, d):
    """Tango's statistic, the probability of the second discordant cell found numerically."""
    # maximise over q = P(second only), P(first only) = q + d, P(same) = 1 - 2q - d
    low, high = max(0, -d), (1 - d) / 2
    f = lambda q: -((b * np.log(q + d) if b else 0) + (c * np.log(q) if c else 0)
                    + ((n - b - c) * np.log(1 - 2 * q - d) if n > b + c else 0))
    g = lambda q: ((b / (q + d) if b else 0) + (c / q if c else 0)
                   - (2 * (n - b - c) / (1 - 2 * q - d) if n > b + c else 0))
    e = 1e-14
    q = low + e if g(low + e) <= 0 else high - e if g(high - e) >= 0 else \
        optimize.brentq(g, low + e, high - e, xtol=1e-17, rtol=1e-15)
    return (b - c - n * d) / np.sqrt(n * (2 * q + d * (1 - d)))


for b, c, n in [(12, 2, 50), (0, 0, 54), (1, 9, 45), (30, 0, 54), (5, 5, 30), (14, 0, 30)]:
    e = (b - c) / n
    low = crossing(lambda u: tango(b, c, n, u), Z, -1 + 1e-9, e - 1e-9)
    high = crossing(lambda u: tango(b, c, n, u), -Z, e + 1e-9, 1 - 1e-9)
    p = stats.chi2.sf((b - c) ** 2 / (b + c), 1) if b + c else 1
    rows.append([f"{b}/{c}/{n}", "tango", "paired", low, high, p])

path = pathlib.Path("Tests/SurveyStatsTests/Golden/score-intervals/values.csv")
with path.open("w", newline="") as file:
    file.write(f"# scipy {scipy.__version__}, numpy {np.__version__}\n")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["table", "method", "quantity", "low", "high", "p"])
    for row in rows:
        writer.writerow(row[:3] + ["NA" if v is None else repr(float(v)) for v in row[3:]])
