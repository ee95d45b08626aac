"""metastat: field-wide rigor statistics from checklist answers about papers.

Every command of the program is a function, its options are keywords, and its table is a frame:

>>> import metastat
>>> rates = metastat.rates("matrix.csv", rows=["item", "overall"], interval="bca")

Frames are inputs too. ``metastat.help("rates")`` is the page of a command.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Callable

from ._frames import choose, from_csv, is_frame, to_csv
from ._program import (
    InputError,
    LimitError,
    MetastatError,
    NothingEstimated,
    NothingThere,
    OutputError,
    ProgramNotFound,
    UsageError,
    find_program,
    run,
)
from ._report import Figure, Report
from ._version import __version__

#: The commands, and what they are for.
COMMANDS = {
    "check": "Is this corpus sound? Every problem with file, place and remedy; counts by kind.",
    "import": "Any table in, a matrix CSV and the recipe that made it out.",
    "matrix": "The paper x item matrix as CSV, which every command reads back.",
    "rates": "What share of papers passes each item, category and everything, with intervals.",
    "scores": "Each paper's scores and tier, and the distribution of scores.",
    "patterns": "How many papers show a pattern of answers, and which.",
    "claims": "Claims, flags, engagement and attention of papers, and how they go with scores.",
    "citations": "Which papers of the corpus cite which, what else is cited, and whether scores go "
    "with it.",
    "classes": "Types of papers: latent classes, their items, and what goes with them.",
    "stability": "Do the headline numbers settle as papers come in, and on which papers do they rest?",
    "correlate": "Which items, or categories, go together: coefficients of all pairs.",
    "pca": "Components behind the items or categories: how many, how stable.",
    "factor": "Factors behind the items: loadings, rotation, fit, scores, reliability.",
    "irt": "Item response model: item difficulty and discrimination, rigor scores.",
    "logit": "Logistic fits of items on year, type, tags, other items and covariates.",
    "trend": "Changes of rates and scores over the year or any numeric covariate.",
    "compare": "Differences between groups of papers, or two items in the same papers.",
    "agree": "Do raters, models, versions or corpora agree on the papers that several have read?",
    "meta": "Pooled rates and effects over venues, years, studies: how much do they vary?",
    "report": "All of it as a folder for a blog post: sentences, tables, pictures.",
    "explore": "One page to look at every paper and answer, to filter, compare and check.",
    "simulate": "A synthetic corpus with known truth: scan files, or a matrix CSV.",
    "merge": "Joins the parts of a run that was split over processes or machines.",
    "glossary": "What every column of every table means: meaning, unit, scale.",
    "bench": "The speed of the numeric core on this machine, as a table.",
}


class MetastatNote(UserWarning):
    """What the program notes about its input or its results; ``quiet=True`` silences it."""


def help(command: str | None = None) -> str:  # noqa: A001
    """The help page of a command, or of all of it."""
    arguments = ["help", command.rstrip("_")] if command else ["--help"]
    return run(arguments)[0].decode()


def program_version() -> str:
    """The version of the program that is found."""
    return run(["--version"])[0].decode().strip()


def _values(value: Any) -> list[Any]:
    """The values of an option, several of a list; those of a set are sorted."""
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if isinstance(value, (list, tuple, range)) and not is_frame(value):
        return list(value)
    return [value]


def _call(
    command: str,
    inputs: tuple[Any, ...],
    frame: str | None,
    missing: str,
    quiet: bool,
    options: dict[str, Any],
) -> Any:
    kind = choose(frame)
    with ExitStack() as files:
        table: bytes | None = None

        def place(value: Any, may_pipe: bool) -> str:
            """The word for a value: a path, '-' for the frame that is piped, a file for others."""
            nonlocal table
            if not is_frame(value):
                return os.fspath(value) if isinstance(value, os.PathLike) else str(value)
            if may_pipe and table is None:
                table = to_csv(value, missing)
                return "-"
            file = files.enter_context(tempfile.NamedTemporaryFile(suffix=".csv"))
            file.write(to_csv(value, missing))
            file.flush()
            return file.name

        names = [place(part, True) for value in inputs for part in _values(value)]
        arguments = [command]
        for name, value in options.items():
            option = "--" + name.strip("_").replace("_", "-")
            if value is True:
                arguments.append(option)
            elif value is not None and value is not False:
                arguments += [f"{option}={place(part, False)}" for part in _values(value)]

        folder, keep = options.get("output"), None
        is_report = command == "report" and not options.get("snippet")
        if is_report and folder is None:
            keep = tempfile.mkdtemp(prefix="metastat-")
            folder = Path(keep) / "report"
            arguments.append(f"--output={folder}")
        try:
            data, notes = run([*arguments, *(["--", *names] if names else [])], table)
        except BaseException:
            if keep is not None:
                shutil.rmtree(keep, ignore_errors=True)
            raise

    for note in () if quiet else notes:
        warnings.warn(note, MetastatNote, stacklevel=3)
    if is_report:
        return Report(Path(folder), kind, notes, keep)
    if options.get("output") and not data.strip():
        return None
    if options.get("table") == "recipe":
        return json.loads(data)
    if options.get("format", "csv") != "csv" or options.get("snippet"):
        return data.decode()
    is_matrix = command in ("import", "simulate", "merge") or (
        command == "matrix" and options.get("table", "matrix") in ("matrix", "long")
    )
    return from_csv(data, kind, is_matrix, notes)


def _function(command: str, summary: str) -> Callable[..., Any]:
    def call(
        *inputs: Any,
        frame: str | None = None,
        missing: str = "absent",
        quiet: bool = False,
        **options: Any,
    ) -> Any:
        return _call(command, inputs, frame, missing, quiet, options)

    call.__name__ = call.__qualname__ = command + ("_" if command == "import" else "")
    gives = (
        "A Report, or the text of a section with ``snippet=``."
        if command == "report"
        else "A frame; the text if ``format=`` is not csv; None if ``output=`` takes all there is."
    )
    call.__doc__ = f"""{summary}

    Args:
        *inputs: Paths of what the program reads, or frames, of which the first is piped.
        frame: pandas, polars or records (dictionaries); what is installed otherwise.
        missing: What a frame's own missing values mean: ``"absent"`` (never asked) or ``"na"`` (does
            not apply). The texts ``"NA"`` and ``""`` mean the one and the other whatever it says.
        quiet: Do not warn of what the program notes.
        **options: The options of ``metastat {command}`` (``metastat.help("{command}")``) with ``_``
            for ``-``: ``True`` for flags, a list for options that may be repeated.

    Returns:
        {gives}

    Raises:
        MetastatError: of the class of the program's exit code, with its message.
    """
    return call


check = _function("check", COMMANDS["check"])
import_ = _function("import", COMMANDS["import"])
matrix = _function("matrix", COMMANDS["matrix"])
rates = _function("rates", COMMANDS["rates"])
scores = _function("scores", COMMANDS["scores"])
patterns = _function("patterns", COMMANDS["patterns"])
claims = _function("claims", COMMANDS["claims"])
citations = _function("citations", COMMANDS["citations"])
classes = _function("classes", COMMANDS["classes"])
stability = _function("stability", COMMANDS["stability"])
correlate = _function("correlate", COMMANDS["correlate"])
pca = _function("pca", COMMANDS["pca"])
factor = _function("factor", COMMANDS["factor"])
irt = _function("irt", COMMANDS["irt"])
logit = _function("logit", COMMANDS["logit"])
trend = _function("trend", COMMANDS["trend"])
compare = _function("compare", COMMANDS["compare"])
agree = _function("agree", COMMANDS["agree"])
meta = _function("meta", COMMANDS["meta"])
report = _function("report", COMMANDS["report"])
explore = _function("explore", COMMANDS["explore"])
simulate = _function("simulate", COMMANDS["simulate"])
merge = _function("merge", COMMANDS["merge"])
glossary = _function("glossary", COMMANDS["glossary"])
bench = _function("bench", COMMANDS["bench"])

__all__ = [
    "COMMANDS",
    "Figure",
    "InputError",
    "LimitError",
    "MetastatError",
    "MetastatNote",
    "NothingEstimated",
    "NothingThere",
    "OutputError",
    "ProgramNotFound",
    "Report",
    "UsageError",
    "__version__",
    "find_program",
    "help",
    "program_version",
    "import_",
    *(name for name in COMMANDS if name != "import"),
]
