"""Writing 10,000 x 145 doubles as CSV with pandas or polars."""

import common
import numpy as np

options = common.options(out="/dev/null")
values = np.random.default_rng(1).random((10_000, 145))
names = [f"c{index}" for index in range(145)]
if options.method == "pandas":
    import pandas as pd

    frame = pd.DataFrame(values, columns=names)
    common.report(lambda: frame.to_csv(options.out, index=False))
else:
    import polars as pl

    frame = pl.DataFrame(values, schema=names)
    common.report(lambda: frame.write_csv(options.out))
