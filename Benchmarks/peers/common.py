"""What the peers share: the data, the clock, and the one line that each prints."""

import argparse
import statistics
import sys
import time

import numpy as np


def simulated(papers, items, seed=1):
    """papers x items of 1 yes, 0 no, -1 does not apply: a common factor, 14 categories, gaps."""
    random = np.random.default_rng(seed)
    category = categories(items)
    count = category.max() + 1
    easiness = random.normal(0.3, 1.0, items)
    general, specific = random.uniform(0.3, 1.2, items), random.uniform(0.3, 1.1, items)
    gap_of_item = np.where(random.random(items) < 0.2, 0.3, 0.01)
    gap_of_category = np.where(random.random(count) < 0.35, random.uniform(0.2, 0.7, count), 0.0)
    cells = np.empty((papers, items), np.int8)
    for start in range(0, papers, 50_000):
        rows = min(50_000, papers - start)
        factor = random.standard_normal((rows, 1), dtype=np.float32)
        factors = random.standard_normal((rows, count), dtype=np.float32)[:, category]
        logit = 1.4 * (easiness + general * factor + specific * factors)
        yes = random.random((rows, items), dtype=np.float32) < 1 / (1 + np.exp(-logit))
        gap = (random.random((rows, count), dtype=np.float32) < gap_of_category)[:, category]
        gap |= random.random((rows, items), dtype=np.float32) < gap_of_item
        cells[start : start + rows] = np.where(gap, -1, yes)
    return cells


def categories(items):
    """The category of each item: 14 blocks, fewer if there are fewer items."""
    count = min(14, items)
    return np.arange(items) * count // items


def covariates(papers, seed=1):
    """The year of each paper and its type, one of ten."""
    random = np.random.default_rng(seed + 7919)
    year = 2017 + np.minimum(9, (10 * np.sqrt(random.random(papers))).astype(int))
    shares = np.array([38, 14, 9, 12, 5, 6, 3, 8, 3, 2]) / 100
    return year, random.choice(10, size=papers, p=shares)


def options(**extra):
    """The command line: METHOD, --data FILE.npy, --replicates, and what the peer adds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("method")
    parser.add_argument("--data")
    parser.add_argument("--replicates", type=int, default=0)
    for name, default in extra.items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(default), default=default)
    return parser.parse_args()


def report(work, warm=True):
    """Runs the work once for nothing if it is short, then once for the clock: processor seconds."""
    start = time.process_time()
    work()
    first = time.process_time() - start
    if not warm or first > 2:
        print(first)
        return
    times = []
    for _ in range(3 if first < 0.5 else 1):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    print(statistics.median(times))
    sys.stdout.flush()
