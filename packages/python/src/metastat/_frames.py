"""Frames of pandas and polars to CSV and back; neither is needed."""

from __future__ import annotations

import csv
import importlib.util
import io
import sys
from typing import Any, Mapping

#: What ``frame=`` takes, in the order in which the default is looked for.
KINDS = ("pandas", "polars", "records")


def choose(kind: str | None) -> str:
    """The kind of frames to return: the one asked for, else that of what is installed."""
    if kind is None:
        for name in ("pandas", "polars"):
            if name in sys.modules or importlib.util.find_spec(name) is not None:
                return name
        return "records"
    if kind not in KINDS:
        raise ValueError(f"frame is one of {', '.join(KINDS)}, not {kind!r}")
    if kind != "records" and importlib.util.find_spec(kind) is None:
        raise ImportError(f"frame={kind!r} needs {kind}, which is not installed: pip install {kind}")
    return kind


def is_frame(value: Any) -> bool:
    """Whether a value is a table to be written as CSV, not a path or an option's value."""
    if any(hasattr(value, name) for name in ("to_csv", "write_csv", "sink_csv")):
        return True
    return isinstance(value, (list, tuple)) and bool(value) and all(
        isinstance(row, Mapping) for row in value
    )


def to_csv(frame: Any, missing: str) -> bytes:
    """A frame as CSV in UTF-8.

    Texts stay as they are: ``"NA"`` is *does not apply*, ``""`` *never asked*. What the frame itself
    calls missing (``None``, ``nan``, ``pandas.NA``, null) is written as ``missing`` says.
    """
    text = {"absent": "", "na": "NA"}.get(missing)
    if text is None:
        raise ValueError(f"missing is 'absent' (never asked) or 'na' (does not apply), not {missing!r}")
    if hasattr(frame, "to_csv"):
        return frame.to_csv(index=False, na_rep=text).encode()
    if hasattr(frame, "sink_csv"):
        # A lazy frame of polars.
        frame = frame.collect()
    if hasattr(frame, "write_csv"):
        return frame.write_csv(null_value=text).encode()
    names = list(dict.fromkeys(name for row in frame for name in row))
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(names)
    for row in frame:
        values = (row.get(name) for name in names)
        writer.writerow([text if v is None or v != v else v for v in values])
    return output.getvalue().encode()


def from_csv(data: bytes, kind: str, as_text: bool, notes: list[str]) -> Any:
    """A frame of the program's CSV.

    Args:
        data: The CSV.
        kind: pandas, polars or records.
        as_text: Keep every cell as the text that it is, for matrices: ``"1"``, ``"0"``, ``"NA"``
            (does not apply) and ``""`` (never asked). Otherwise ``NA`` is missing, and numbers are
            numbers.
        notes: What the program noted; pandas frames carry it in ``attrs["notes"]``.
    """
    if not data.strip():
        data = b""
    if kind == "pandas":
        import pandas

        if not data:
            frame = pandas.DataFrame()
        elif as_text:
            frame = pandas.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
        else:
            frame = pandas.read_csv(io.BytesIO(data), na_values=["NA"], keep_default_na=False)
        frame.attrs["notes"] = notes
        return frame
    columns = _columns(data, as_text)
    if kind == "polars":
        import polars

        return polars.DataFrame(columns)
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def _columns(data: bytes, as_text: bool) -> dict[str, list[Any]]:
    """The columns with a type each, int, float or str, and None for NA; or as the texts that they are."""
    names, *rows = list(csv.reader(io.StringIO(data.decode(), newline=""))) or [[]]
    columns = dict(zip(names, map(list, zip(*rows)) if rows else ([] for _ in names)))
    return columns if as_text else {name: _typed(texts) for name, texts in columns.items()}


def _typed(texts: list[str]) -> list[Any]:
    """Numbers if all but NA are."""
    for number in (int, float):
        try:
            return [None if text == "NA" else number(text) for text in texts]
        except ValueError:
            continue
    return [None if text == "NA" else text for text in texts]
