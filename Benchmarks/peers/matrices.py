"""Reading a matrix CSV and the rate of every item with polars; its import is not counted."""

import common
import polars as pl

options = common.options()
METADATA = {"paper", "title", "year", "venue", "type", "tags", "version", "arxiv_id", "doi"}


def work():
    frame = pl.read_csv(options.data, null_values=["NA"])
    items = [name for name in frame.columns if name not in METADATA]
    frame.select([pl.col(name).mean() for name in items])
    frame.select([pl.col(name).count() for name in items])


common.report(work)
