"""Changes over a span: penalised profile limits, exact tests, standardised lines, common slopes.

Everything is evaluated from its definition with NumPy and SciPy: the penalised likelihood is maximised
by SciPy over both coefficients, its profile over one of them, limits are roots found by bisection; the
exact test counts in whole numbers; lines and slopes come from the full design matrix with one level (and
slope) an item, errors from its hat matrix.

Run from the root of the repository: python3 scripts/golden/trends.py
"""

import csv
import math
import pathlib
from fractions import Fraction

import numpy as np
import scipy
from scipy import optimize, stats

FOLDER = pathlib.Path("Tests/SurveyStatsTests/Golden/trends")
FOLDER.mkdir(exist_ok=True)
HEAD = f"# SciPy {scipy.__version__}, NumPy {np.__version__}\n"
values = []


def put(model, quantity, term, value):
    values.append((model, quantity, term, repr(float(value))))


# Yes and all papers by year: rare, usual, separated, rising, and with a gap.
tables = {
    "rare": [(2018, 3, 4), (2021, 1, 10), (2022, 1, 25), (2023, 1, 22), (2024, 0, 15), (2025, 0, 10)],
    "usual": [(2019, 2, 11), (2020, 5, 20), (2021, 9, 24), (2022, 10, 19), (2024, 8, 13)],
    "separated": [(2020, 0, 6), (2021, 0, 5), (2022, 2, 4), (2023, 5, 5)],
    "steep": [(1, 2, 10), (2, 11, 14)],
    "single": [(2015, 0, 9), (2016, 1, 12), (2020, 0, 7)],
}


def criterion(eta, s, y, m):
    p = eta[0] * (1 - s) + eta[1] * s
    w = m * np.exp(-np.logaddexp(0, p) - np.logaddexp(0, -p))
    x = np.column_stack([1 - s, s])
    sign, logdet = np.linalg.slogdet(x.T @ (x * w[:, None]))
    return -(y * np.logaddexp(0, -p) + (m - y) * np.logaddexp(0, p)).sum() + 0.5 * logdet


def largest(function, low, high):
    """The largest value of a function on an interval: a grid, then golden section."""
    grid = np.linspace(low, high, 400)
    found = [function(t) for t in grid]
    k = int(np.nanargmax(found))
    best = optimize.minimize_scalar(
        lambda t: -function(t), bounds=(grid[max(0, k - 1)], grid[min(399, k + 1)]), method="bounded",
        options={"xatol": 1e-12})
    return -best.fun


for name, table in tables.items():
    year, y, m = (np.array(c, float) for c in zip(*table))
    s = (year - year.min()) / (year.max() - year.min())
    best = optimize.minimize(
        lambda e: -criterion(e, s, y, m), [-1, 1], method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-15, "maxiter": 20000, "maxfev": 20000})
    eta, top = best.x, -best.fun
    expit = lambda t: 1 / (1 + math.exp(-t))
    logit = lambda p: math.log(p / (1 - p))
    change = expit(eta[1]) - expit(eta[0])

    def profile(d):
        def along(t):
            a = max(0, -d) + (1 - abs(d)) * expit(t)
            return criterion([logit(a), logit(a + d)], s, y, m)
        return largest(along, -12, 12)

    def fall(d):
        return 2 * (top - profile(d))

    cut = stats.chi2.ppf(0.95, 1)
    put(name, "rate", "first", expit(eta[0]))
    put(name, "rate", "last", expit(eta[1]))
    put(name, "change", "estimate", change)
    put(name, "change", "low", optimize.brentq(lambda d: fall(d) - cut, -1 + 1e-7, change, xtol=1e-11))
    put(name, "change", "high", optimize.brentq(lambda d: fall(d) - cut, change, 1 - 1e-7, xtol=1e-11))
    put(name, "change", "p", stats.chi2.sf(fall(0), 1))
    slope = eta[1] - eta[0]
    span = year.max() - year.min()

    def slope_fall(b):
        return 2 * (top - largest(lambda t: criterion([t - b * 0.5, t + b * 0.5], s, y, m), -15, 15)) - cut

    put(name, "odds", "estimate", slope / span)
    put(name, "odds", "low", optimize.brentq(slope_fall, slope - 40, slope, xtol=1e-11) / span)
    put(name, "odds", "high", optimize.brentq(slope_fall, slope, slope + 40, xtol=1e-11) / span)

    # The exact test, in whole numbers.
    step = year.astype(int) - int(year.min())
    r = int(y.sum())
    ways = {(0, 0): 1}
    for place, papers in zip(step, m.astype(int)):
        ways_next = {}
        for (count, total), number in ways.items():
            for drawn in range(0, min(papers, r - count) + 1):
                key = (count + drawn, total + drawn * int(place))
                ways_next[key] = ways_next.get(key, 0) + number * math.comb(int(papers), drawn)
        ways = ways_next
    all_ways = sum(number for (count, _), number in ways.items() if count == r)
    mean = Fraction(r * int((step * m).sum()), int(m.sum()))
    seen = int((step * y).sum())
    tail = sum(
        number for (count, total), number in ways.items()
        if count == r and abs(total - mean) >= abs(seen - mean))
    put(name, "exact", "p", Fraction(tail, all_ways))

# Answers of items that were asked of some papers only; papers with weights and clusters.
random = np.random.default_rng(14)
rows = []
for paper in range(60):
    year = int(random.integers(2018, 2026))
    weight = round(float(random.lognormal(0, 0.7)), 3)
    ability = random.normal()
    for item, level in enumerate([0.5, -0.7, 1.5]):
        if item == 2 and year < 2020 or random.random() < 0.2 + 0.1 * item:
            continue
        p = 1 / (1 + math.exp(-(level + ability + 0.1 * (year - 2021))))
        rows.append((paper, year, weight, f"c{paper % 9}", item, int(random.random() < p)))
with (FOLDER / "answers.csv").open("w", newline="") as file:
    file.write(HEAD)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["paper", "year", "weight", "cluster", "item", "yes"])
    writer.writerows(rows)

paper = np.array([r[0] for r in rows])
year = np.array([r[1] for r in rows], float)
cluster = np.array([r[3] for r in rows])
item = np.array([r[4] for r in rows])
y = np.array([r[5] for r in rows], float)
for weighted in (False, True):
    name = "weighted" if weighted else "plain"
    w = np.array([r[2] for r in rows]) if weighted else np.ones(len(rows))
    dummies = (item[:, None] == np.arange(3)).astype(float)
    x = np.hstack([dummies, dummies * (year - 2021)[:, None]])
    bread = np.linalg.inv(x.T @ (x * w[:, None]))
    beta = bread @ x.T @ (w * y)
    share = np.array([w[item == j].sum() for j in range(3)]) / w.sum()
    contrast = np.concatenate([np.zeros(3), share])
    put(name, "line", "slope", contrast @ beta)
    residual = y - x @ beta
    leverage = w * np.einsum("ij,jk,ik->i", x, bread, x)
    pull = (x @ bread @ contrast) * w * residual / (1 - leverage)
    put(name, "line", "hc3", math.sqrt(sum(pull[paper == i].sum() ** 2 for i in set(paper))))
    # CR2 with the correction of each item's own line in each cluster.
    total = 0.0
    for g in sorted(set(cluster)):
        part = 0.0
        for j in range(3):
            rows_j = item == j
            own = rows_j & (cluster == g)
            if not own.any():
                continue
            root = np.sqrt(w[rows_j])
            z = np.column_stack([root, root * (year[rows_j] - 2021)])
            zg = np.column_stack([np.sqrt(w[own]), np.sqrt(w[own]) * (year[own] - 2021)])
            inverse = np.linalg.inv(z.T @ z)
            hat = np.eye(own.sum()) - zg @ inverse @ zg.T
            lam, vec = np.linalg.eigh(hat)
            adjust = vec @ np.diag(1 / np.sqrt(lam)) @ vec.T
            part += share[j] * (inverse @ zg.T @ adjust @ (np.sqrt(w[own]) * residual[own]))[1]
        total += part**2
    put(name, "line", "cr2", math.sqrt(total))
    # One slope for all items on the log odds.
    x = np.hstack([dummies, (year - 2021)[:, None]])
    b = np.zeros(4)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ b))
        information = x.T @ (x * (w * p * (1 - p))[:, None])
        b += np.linalg.solve(information, x.T @ (w * (y - p)))
    p = 1 / (1 + np.exp(-x @ b))
    bread = np.linalg.inv(x.T @ (x * (w * p * (1 - p))[:, None]))
    put(name, "slope", "estimate", b[3])
    ends = [
        sum(share[j] / (1 + math.exp(-(b[j] + b[3] * (end - 2021)))) for j in range(3))
        for end in (year.min(), year.max())]
    put(name, "slope", "first", ends[0])
    put(name, "slope", "last", ends[1])
    score = (x @ bread[:, 3]) * w * (y - p)
    for kind, labels in (("paper", paper), ("cluster", cluster)):
        put(name, "slope", f"cr0 {kind}",
            math.sqrt(sum(score[labels == g].sum() ** 2 for g in sorted(set(labels)))))
    # What a change of the slope by a tenth does, levels being fitted anew.
    def change(slope):
        result = 0.0
        for j in range(3):
            own = item == j
            level = optimize.brentq(
                lambda a: (w[own] * (y[own] - 1 / (1 + np.exp(-(a + slope * (year[own] - 2021)))))).sum(),
                -30, 30, xtol=1e-13)
            result += share[j] * (
                1 / (1 + math.exp(-(level + slope * (year.max() - 2021))))
                - 1 / (1 + math.exp(-(level + slope * (year.min() - 2021)))))
        return result
    put(name, "slope", "change at 0.3", change(0.3))

with (FOLDER / "values.csv").open("w") as file:
    file.write(HEAD + "model,quantity,term,value\n")
    for row in values:
        file.write(",".join(row) + "\n")
