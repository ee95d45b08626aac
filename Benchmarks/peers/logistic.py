"""Every item regressed on an intercept, the year and nine indicators.

statsmodels: Logit by Newton's method. irls: iteratively reweighted least squares with numpy; with
--replicates on drawn papers.
"""

import warnings

import common
import numpy as np

warnings.simplefilter("ignore")
options = common.options(items=0)
cells = np.load(options.data)
N, P = cells.shape
P = options.items or P
random = np.random.default_rng(7920)
design = np.zeros((N, 11))
design[:, 0] = 1
design[:, 1] = (2017 + np.minimum(9, (10 * np.sqrt(random.random(N))).astype(int)) - 2021.5) / 3
shares = np.array([38, 14, 9, 12, 5, 6, 3, 8, 3, 2]) / 100
design[np.arange(N), 1 + np.maximum(1, random.choice(10, size=N, p=shares))] = 1


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


def work():
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
