"""Every item regressed on the year and the type of paper, eleven columns in all.

statsmodels: Logit by Newton's method. irls: iteratively reweighted least squares with numpy; collapsed:
the same on the distinct covariate patterns with their numbers of yes, all items at a time; with
--replicates on drawn papers.
"""

import warnings

import common
import numpy as np

warnings.simplefilter("ignore")
options = common.options(items_fitted=0)
cells = np.load(options.data)
N, P = cells.shape
P = options.items_fitted or P
random = np.random.default_rng(1)
year, type = common.covariates(N)
design = np.zeros((N, 11))
design[:, 0] = 1
design[:, 1] = (year - 2021.5) / 3
for index in range(1, 10):
    design[:, 1 + index] = type == index


def statsmodels_fit(answers, design):
    import statsmodels.api as sm

    return sm.Logit(answers, design).fit(disp=0, method="newton", maxiter=30).bse


def irls(answers, design):
    beta = np.zeros(design.shape[1])
    for _ in range(30):
        mean = 1 / (1 + np.exp(-(design @ beta)))
        information = (design * (mean * (1 - mean))[:, None]).T @ design
        step = np.linalg.lstsq(information, design.T @ (answers - mean), rcond=None)[0]
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    return beta


def collapsed(cells, design):
    """All items on distinct patterns: one product of weights with the products of columns a step."""
    key = (year - year.min()) * 16 + type
    patterns, first, place = np.unique(key, return_index=True, return_inverse=True)
    x = design[first]
    yes = np.empty((len(patterns), P))
    trials = np.empty((len(patterns), P))
    for item in range(P):
        yes[:, item] = np.bincount(place, cells[:, item] == 1, len(patterns))
        trials[:, item] = np.bincount(place, cells[:, item] >= 0, len(patterns))
    pairs = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    beta = np.zeros((x.shape[1], P))
    for _ in range(30):
        mean = 1 / (1 + np.exp(-(x @ beta)))
        information = ((trials * mean * (1 - mean)).T @ pairs).reshape(P, x.shape[1], -1)
        score = (x.T @ (yes - trials * mean)).T[:, :, None]
        # A type without papers has no column; the ridge is far below the other information.
        information += 1e-8 * np.eye(x.shape[1])
        step = np.linalg.solve(information, score)[:, :, 0].T
        beta += step
        if np.abs(step).max() < 1e-9:
            break


def work():
    if options.method == "collapsed":
        collapsed(cells, design)
        return
    fit = {"statsmodels": statsmodels_fit, "irls": irls}[options.method]
    for _ in range(max(1, options.replicates)):
        rows = random.integers(0, N, N) if options.replicates else slice(None)
        drawn, columns = cells[rows], design[rows]
        for item in range(P):
            kept = drawn[:, item] >= 0
            try:
                fit(drawn[kept, item].astype(float), columns[kept])
            except Exception:
                pass


common.report(work)
