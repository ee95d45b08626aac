"""A report's folder: its texts, tables and figures."""

from __future__ import annotations

import base64
import json
import shutil
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Callable, Iterator

from ._frames import from_csv


class Figure:
    """A figure as Vega-Lite, which notebooks draw by themselves."""

    def __init__(self, name: str, specification: dict[str, Any], folder: Path | None = None):
        self.name = name
        self.specification = specification
        self._folder = folder

    @property
    def description(self) -> str:
        """What the figure shows, in words."""
        return str(self.specification.get("description", self.name))

    def to_dict(self) -> dict[str, Any]:
        """The specification, for altair's ``Chart.from_dict`` and its like."""
        return self.specification

    def _picture(self, extension: str) -> bytes | None:
        path = self._folder / f"{self.name}.{extension}" if self._folder else None
        return path.read_bytes() if path and path.is_file() else None

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {
            "application/vnd.vegalite.v5+json": self.specification,
            "text/plain": self.description,
        }
        png = self._picture("png")
        if png is not None:
            bundle["image/png"] = base64.b64encode(png).decode()
        if include:
            bundle = {kind: data for kind, data in bundle.items() if kind in include}
        return {kind: data for kind, data in bundle.items() if kind not in (exclude or ())}

    def __repr__(self) -> str:
        return f"<Figure {self.name}: {self.description}>"


class _Files(Mapping):
    """The files of a folder by name, read when they are asked for."""

    def __init__(self, folder: Path, ending: str, read: Callable[[Path], Any]):
        self._folder, self._ending, self._read = folder, ending, read

    def __getitem__(self, name: str) -> Any:
        path = self._folder / f"{name}{self._ending}"
        if not path.is_file():
            raise KeyError(f"{name}; there are {', '.join(self) or 'none'}")
        return self._read(path)

    def __iter__(self) -> Iterator[str]:
        names = self._folder.glob(f"*{self._ending}")
        return iter(sorted(path.name[: -len(self._ending)] for path in names))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<{', '.join(self)}>"


class Report:
    """A report that was written.

    ``path`` is its folder; ``html`` and ``markdown`` are its two pages; ``headline`` its numbers;
    ``tables`` and ``figures`` are mappings by name. Without ``output=`` the folder is temporary, and
    goes when the report is no longer referred to.
    """

    def __init__(self, path: Path, frame: str, notes: list[str], temporary: str | None = None):
        self.path = path
        self.notes = notes
        if temporary is not None:
            weakref.finalize(self, shutil.rmtree, temporary, ignore_errors=True)
        self.figures = _Files(
            path / "figures",
            ".vl.json",
            lambda file: Figure(
                file.name[: -len(".vl.json")],
                json.loads(file.read_text(encoding="utf-8")),
                file.parent,
            ),
        )
        self.tables = _Files(
            path / "tables",
            ".csv",
            lambda file: from_csv(file.read_bytes(), frame, file.stem == "matrix", []),
        )

    @property
    def html(self) -> Path:
        """The page to read."""
        return self.path / "report.html"

    @property
    def markdown(self) -> Path:
        """The page to publish."""
        return self.path / "report.md"

    @property
    def headline(self) -> Any:
        """The numbers of the headline."""
        return json.loads((self.path / "headline.json").read_text(encoding="utf-8"))

    def __repr__(self) -> str:
        return (
            f"<Report {self.path}: report.html, report.md, {len(self.tables)} tables, "
            f"{len(self.figures)} figures>"
        )
