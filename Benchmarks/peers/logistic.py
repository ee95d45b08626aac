"""Every item regressed on the year and the type of paper, eleven columns in all.

statsmodels: Logit by Newton's method. irls: iteratively reweighted least squares with numpy; with
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
