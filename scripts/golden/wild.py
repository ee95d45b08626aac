"""The wild bootstrap of cluster scores by statsmodels' constrained fits and all signs of the clusters, and weighted
estimating equations with independence.

Run from the root of the repository: python3 scripts/golden/wild.py
"""
import csv
import itertools
import pathlib

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy.special import expit

rng = np.random.default_rng(5)


def pvalue(x, y, cluster, j, value, signs):
    rest = [k for k in range(x.shape[1]) if k != j]
    fit = sm.GLM(y, x[:, rest], family=sm.families.Binomial(), offset=value * x[:, j]).fit(tol=1e-14)
    p = fit.fittedvalues
    w = p * (1 - p)
    info = x.T @ (x * w[:, None])
    slope = np.linalg.solve(info[np.ix_(rest, rest)], info[rest, j])
    efficient = (x[:, j] - x[:, rest] @ slope) * (y - p)
    scores = np.array([efficient[cluster == g].sum() for g in np.unique(cluster)])
    return np.mean(np.abs(signs @ scores) >= abs(scores.sum()) - 1e-10 * np.abs(scores).sum())


rows = []
for groups, size in [(7, 14), (9, 10)]:
    cluster = np.repeat(np.arange(groups), size)
    x = np.round(rng.normal(size=groups * size) + rng.normal(size=groups)[cluster], 2)
    z = np.round(rng.normal(size=groups * size), 2)
    y = (rng.uniform(size=len(x)) < expit(-0.3 + 0.7 * x + 0.4 * rng.normal(size=groups)[cluster])).astype(int)
    design = sm.add_constant(np.column_stack([x, z]))
    signs = np.array(list(itertools.product([1, -1], repeat=groups)))
    signs = signs[signs[:, 0] == 1]
    estimate = sm.GLM(y, design, family=sm.families.Binomial()).fit().params[1]
    p = lambda v: pvalue(design, y, cluster, 1, v, signs)

    def limit(direction):
        inside, outside = 0.0, 0.5
        while p(estimate + direction * outside) > 0.2:
            inside, outside = outside, 1.6 * outside
        for _ in range(50):
            middle = (inside + outside) / 2
            if p(estimate + direction * middle) > 0.2:
                inside = middle
            else:
                outside = middle
        return estimate + direction * inside

    text = lambda v: "/".join(str(e) for e in v)
    rows.append([text(cluster), text(map(float, x)), text(map(float, z)), text(y),
                 *map(lambda v: repr(float(v)), [p(0), pvalue(design, y, cluster, 2, 0, signs), p(0.7),
                                                 limit(-1), limit(1)])])
path = pathlib.Path("Tests/SurveyStatsTests/Golden/reviewer/wild.csv")
with path.open("w", newline="") as file:
    file.write(f"# statsmodels {statsmodels.__version__}, numpy {np.__version__}\n")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["cluster", "x", "z", "y", "p_x", "p_z", "p_x_at", "low", "high"])
    writer.writerows(rows)
