"""Resampled rates of items and categories and the mean score, with 95 percent intervals.

numpy: indices counted by bincount, then one matrix product a tile; percentile intervals.
numba: compiled loops over the drawn rows; percentile intervals.
scipy: scipy.stats.bootstrap item by item, BCa intervals.
"""

import common
import numpy as np

options = common.options()
cells = np.load(options.data)
N, P = cells.shape
B = options.replicates
applies, yes = cells >= 0, cells == 1
category = common.categories(P)
member = np.zeros((P, category.max() + 1))
member[np.arange(P), category] = 1
score = yes.sum(1) / np.maximum(1, applies.sum(1))


def intervals(sums):
    numerator, denominator = sums[:, :P], sums[:, P : 2 * P]
    pooled = (numerator @ member) / (denominator @ member)
    values = np.concatenate([numerator / denominator, pooled, sums[:, 2 * P :] / N], 1)
    return np.quantile(values, [0.025, 0.975], axis=0)


def with_numpy():
    columns = np.concatenate([yes, applies, score[:, None]], 1).astype(np.float64)
    random = np.random.default_rng(1)
    tile = max(1, min(B, 20_000_000 // N))
    sums = np.empty((B, columns.shape[1]))

    def work():
        for start in range(0, B, tile):
            counts = np.empty((min(tile, B - start), N))
            for row in counts:
                row[:] = np.bincount(random.integers(0, N, N), minlength=N)
            sums[start : start + len(counts)] = counts @ columns
        intervals(sums)

    return work


def with_numba():
    import numba

    bits, gaps = yes.astype(np.uint8), applies.astype(np.uint8)

    @numba.njit
    def draw(bits, gaps, score, replicates, sums):
        papers, items = bits.shape
        for replicate in range(replicates):
            row = sums[replicate]
            row[:] = 0
            for _ in range(papers):
                paper = np.random.randint(0, papers)
                for item in range(items):
                    row[item] += bits[paper, item]
                    row[items + item] += gaps[paper, item]
                row[2 * items] += score[paper]

    sums = np.empty((B, 2 * P + 1))
    draw(bits, gaps, score, 1, sums)

    def work():
        draw(bits, gaps, score, B, sums)
        intervals(sums)

    return work


def with_scipy():
    from scipy.stats import bootstrap

    random = np.random.default_rng(1)
    columns = [yes[applies[:, item], item].astype(float) for item in range(P)]

    def work():
        for column in columns:
            bootstrap(
                (column,), np.mean, n_resamples=B, method="BCa", vectorized=True,
                batch=max(1, 20_000_000 // N), rng=random,
            )

    return work


common.report({"numpy": with_numpy, "numba": with_numba, "scipy": with_scipy}[options.method]())
