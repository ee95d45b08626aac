"""Parallel analysis with normal data, and eigenvalues of one correlation matrix."""

import common
import numpy as np

options = common.options(papers=1_000, items=65)
N, P, B = options.papers, options.items, options.replicates
random = np.random.default_rng(1)
matrix = np.corrcoef(random.normal(size=(4 * P, P)) + random.normal(size=(4 * P, 1)), rowvar=False)


def parallel():
    values = np.empty((B, P))
    for data_set in range(B):
        drawn = random.standard_normal((N, P))
        values[data_set] = np.linalg.eigvalsh(np.corrcoef(drawn, rowvar=False))
    np.quantile(values, 0.95, axis=0)


def single():
    for _ in range(100):
        np.linalg.eigvalsh(matrix)


common.report({"parallel": parallel, "eigvalsh-100": single}[options.method])
