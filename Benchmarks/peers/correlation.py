"""Phi of all pairs of items on pairwise complete cells, and its bootstrap.

pandas: DataFrame.corr. gram: three matrix products of 32-bit numbers.
gather, pandas-bootstrap: the same on drawn rows, with percentile intervals.
"""

import common
import numpy as np

options = common.options()
cells = np.load(options.data)
N, P = cells.shape
B = options.replicates
applies = (cells >= 0).astype(np.float32)
yes = (cells == 1).astype(np.float32)


def phi(applies, yes):
    count, first, both = applies.T @ applies, yes.T @ applies, yes.T @ yes
    with np.errstate(all="ignore"):
        return (count * both - first * first.T) / np.sqrt(
            (first * (count - first)) * (first * (count - first)).T
        )


def with_pandas():
    import pandas as pd

    frame = pd.DataFrame(np.where(cells < 0, np.nan, cells.astype(float)))
    return lambda: frame.corr(min_periods=2)


def pandas_bootstrap():
    import pandas as pd

    frame = pd.DataFrame(np.where(cells < 0, np.nan, cells.astype(float)))

    def work():
        values = np.empty((B, P, P))
        for replicate in range(B):
            drawn = frame.sample(N, replace=True, random_state=replicate)
            values[replicate] = drawn.corr().values
        np.nanquantile(values, [0.025, 0.975], axis=0)

    return work


def gather():
    random = np.random.default_rng(1)

    def work():
        values = np.empty((B, P, P))
        for replicate in range(B):
            rows = random.integers(0, N, N)
            values[replicate] = phi(applies[rows], yes[rows])
        np.quantile(values, [0.025, 0.975], axis=0)

    return work


methods = {
    "pandas": with_pandas,
    "gram": lambda: lambda: phi(applies, yes),
    "gather": gather,
    "pandas-bootstrap": pandas_bootstrap,
}
common.report(methods[options.method]())
