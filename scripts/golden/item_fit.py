"""Reference values of S-X2 by sums over all sets of answers, and of isotonic fits by scipy.

Run from the root of the repository: python3 scripts/golden/item_fit.py
No package that can be had here has S-X2; this enumerates the 2^6 sets of answers, where the library recurs.
"""
import csv
import itertools
import pathlib

import numpy as np
import scipy
from scipy import optimize, stats

rng = np.random.default_rng(7)
n, k = 400, 6
a = np.round(rng.uniform(0.7, 2.0, k), 2)
d = np.round(rng.normal(0, 0.8, k), 2)
theta = rng.normal(size=n)
answers = (rng.uniform(size=(n, k)) < 1 / (1 + np.exp(-(theta[:, None] * a + d)))).astype(int)
nodes, weights = np.polynomial.hermite_e.hermegauss(121)
weights = weights / weights.sum()
curve = 1 / (1 + np.exp(-(nodes[:, None] * a + d)))
sets = np.array(list(itertools.product([0, 1], repeat=k)))
mass = np.array([weights @ np.prod(np.where(s, curve, 1 - curve), axis=1) for s in sets])
rows = []
score = answers.sum(axis=1)
for item in range(k):
    cells = []
    for r in range(1, k):
        of = sets.sum(axis=1) == r
        share = mass[of & (sets[:, item] == 1)].sum() / mass[of].sum()
        count = int((score == r).sum())
        cells.append([count, int(answers[score == r, item].sum()), count * share])
    enough = lambda c: c[2] >= 1 and c[0] - c[2] >= 1
    assert all(enough(c) for c in cells), "cells are joined; choose another seed"
    x2 = sum((o - e) ** 2 / (e * (1 - e / m)) for m, o, e in cells)
    df = len(cells) - 2
    rows.append([item, a[item], d[item], x2, df, stats.chi2.sf(x2, df)])
path = pathlib.Path("Tests/SurveyStatsTests/Golden/reviewer/item_fit.csv")
with path.open("w", newline="") as file:
    file.write(f"# scipy {scipy.__version__}, numpy {np.__version__}; answers {'/'.join(''.join(map(str, r)) for r in answers)}\n")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["item", "a", "d", "statistic", "df", "p"])
    for row in rows:
        writer.writerow([repr(float(v)) for v in row])

path = pathlib.Path("Tests/SurveyStatsTests/Golden/reviewer/isotonic.csv")
with path.open("w", newline="") as file:
    file.write(f"# scipy.optimize.isotonic_regression {scipy.__version__}\n")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["set", "rising", "value", "weight", "fit"])
    for number, size in enumerate([5, 12, 1]):
        value, weight = np.round(rng.uniform(size=size), 2), rng.integers(1, 20, size)
        for rising in (True, False):
            fit = optimize.isotonic_regression(value, weights=weight, increasing=rising).x
            for v, w, f in zip(value, weight, fit):
                writer.writerow([number, int(rising), repr(float(v)), int(w), repr(float(f))])
