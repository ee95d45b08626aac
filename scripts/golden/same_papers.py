"""Reference values of Cochran's test, Bonett and Price's limits, Newcombe's limits of Cliff's delta, and
delta of clusters.

Run from the root of the repository: python3 scripts/golden/same_papers.py
Cochran's test is statsmodels'. No package that can be had here has the others; they are written here from
the papers' formulas, the limits of delta by a root finder.
"""
import csv
import pathlib

import numpy as np
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import cochrans_q

Z = stats.norm.ppf(0.975)
rows = []
rng = np.random.default_rng(23)


def text(array):
    return "/".join("".join(str(int(v)) for v in row) for row in array)


for n, k in [(40, 3), (60, 5), (25, 2)]:
    trait = rng.normal(size=n)
    answers = (trait[:, None] + rng.normal(size=(n, k)) + np.linspace(0, 0.6, k) > 0).astype(int)
    found = cochrans_q(answers)
    rows.append(["cochran", text(answers), "", found.statistic, found.pvalue, ""])

# The fourth is the example of Fagerland, Lydersen & Laake (2014), Statistics in Medicine 33:2850, table 1.
for b, c, n in [(12, 2, 50), (0, 0, 54), (30, 0, 31), (1, 7, 21)]:
    p, q = (b + 1) / (n + 2), (c + 1) / (n + 2)
    d, e = p - q, np.sqrt((p + q - (p - q) ** 2) / (n + 2))
    rows.append(["bonett-price", f"{b}/{c}/{n}", "", max(-1, d - Z * e), min(1, d + Z * e), ""])


def delta_limits(x, y):
    m, n = len(x), len(y)
    area = np.mean([(a > b) + 0.5 * (a == b) for a in x for b in y])
    both = np.concatenate([x, y])
    counts = np.unique(both, return_counts=True)[1]
    total = m + n
    ties = 1 - np.sum(counts**3 - counts) / (total**3 - total)
    half = (m + n) / 2 - 1

    def gap(a):
        v = a * (1 - a) * (1 + half * (1 - a) / (2 - a) + half * a / (1 + a)) / (m * n) * ties
        return (area - a) ** 2 - Z**2 * v

    low = 0.0 if area == 0 else optimize.brentq(gap, 1e-12, area - 1e-9, xtol=1e-15)
    high = 1.0 if area == 1 else optimize.brentq(gap, area + 1e-9, 1 - 1e-12, xtol=1e-15)
    return 2 * area - 1, 2 * low - 1, 2 * high - 1


for x, y in [(rng.normal(0.5, 1, 14), rng.normal(0, 1, 20)), (rng.integers(0, 5, 25), rng.integers(1, 6, 9)),
             (np.arange(5.0) + 10, np.arange(7.0))]:
    x, y = np.round(x, 3), np.round(y, 3)
    words = "/".join(map(repr, map(float, x))), "/".join(map(repr, map(float, y)))
    rows.append(["delta", *words, *delta_limits(x, y)])

# Delta of twelve clusters: DeLong's placements added up by cluster, bias-reduced with Bell and McCaffrey's
# degrees of freedom (CR2 of one stratum), on the scale of atanh.
cluster = rng.integers(0, 12, 60)
answer = (rng.normal(size=60) + 0.5 * rng.normal(size=12)[cluster] > 0).astype(int)
value = np.round(rng.normal(size=60) + 0.6 * answer + 0.5 * rng.normal(size=12)[cluster], 2)
yes, no = value[answer == 1], value[answer == 0]
place = lambda v, others, sign: np.mean((sign * v > sign * others) + 0.5 * (v == others))
area = np.mean([place(v, no, 1) for v in yes])
r, h = np.zeros(12), np.zeros(12)
for v, a, g in zip(value, answer, cluster):
    size = len(yes) if a else len(no)
    r[g] += 2 / size * ((place(v, no, 1) if a else place(v, yes, -1)) - area)
    h[g] += 0.5 / size
variance = np.sum(r**2 / (1 - h))
lever = h * h / (1 - h)
df = np.sum(h) ** 2 / (np.sum(h**2) - np.sum(lever**2) + np.sum(lever) ** 2)
delta = 2 * area - 1
error = np.sqrt(variance) / (1 - delta**2)
t = stats.t.ppf(0.975, df)
words = ["/".join(f"{g}:{a}:{float(v)!r}" for g, a, v in zip(cluster, answer, value))]
rows.append(["clustered-delta", *words, repr(float(2 * stats.t.sf(abs(np.arctanh(delta)) / error, df))), delta,
             np.tanh(np.arctanh(delta) - t * error), np.tanh(np.arctanh(delta) + t * error)])

path = pathlib.Path("Tests/SurveyStatsTests/Golden/reviewer/same_papers.csv")
with path.open("w", newline="") as file:
    file.write(f"# statsmodels {statsmodels.__version__}, scipy {scipy.__version__}, numpy {np.__version__}\n")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["kind", "a", "b", "x", "y", "z"])
    for row in rows:
        writer.writerow([v if isinstance(v, str) else repr(float(v)) for v in row])
