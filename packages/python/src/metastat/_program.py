"""Finding and running the program ``metastat``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Sequence


class MetastatError(Exception):
    """The program ended with an error.

    ``str(error)`` is the program's message, ``error.code`` its exit code (a negative signal, if it
    was killed), ``error.notes`` what it noted before, ``error.arguments`` how it was called.
    """

    code = 1

    def __init__(self, message: str, code: int, notes: Sequence[str], arguments: Sequence[str]):
        super().__init__(message)
        self.code = code
        self.notes = list(notes)
        self.arguments = list(arguments)

    def __reduce__(self):
        return type(self), (str(self), self.code, self.notes, self.arguments)


class UsageError(MetastatError):
    """The call makes no sense: an unknown option, or a value that it does not take (64)."""


class InputError(MetastatError):
    """The input is not valid, or has a problem with ``strict=True`` (65)."""


class NothingThere(MetastatError):
    """There is no such input, or no paper is left after selection (66)."""


class NothingEstimated(MetastatError):
    """Nothing could be estimated (70)."""


class LimitError(MetastatError):
    """More memory or files would be needed than are to be had (71)."""


class OutputError(MetastatError):
    """The output cannot be written (73)."""


class ProgramNotFound(Exception):
    """The program is neither in the package nor on the PATH."""


ERRORS = {
    64: UsageError,
    65: InputError,
    66: NothingThere,
    70: NothingEstimated,
    71: LimitError,
    73: OutputError,
}


def find_program() -> str:
    """The program: that of ``METASTAT``, else the one in this package, else the PATH's.

    Raises:
        ProgramNotFound: with what to install.
    """
    named = os.environ.get("METASTAT")
    if named:
        found = shutil.which(named)
        if found is None:
            raise ProgramNotFound(
                f"METASTAT names '{named}', which cannot be run; name the program, or unset METASTAT"
            )
        return found
    own = Path(__file__).resolve().parent / "program" / "bin" / "metastat"
    if os.access(own, os.X_OK):
        return str(own)
    found = shutil.which("metastat")
    if found is None:
        raise ProgramNotFound(
            "there is no program metastat in this package or on the PATH; install the wheel for "
            "Linux on x86-64 or the Debian package, or name the program in METASTAT"
        )
    return found


def environment() -> dict[str, str]:
    """The environment of the program: pictures are drawn by this Python, unless it is told."""
    return {"METASTAT_PYTHON": sys.executable or "python3", **os.environ}


def run(arguments: Sequence[str], table: bytes | None = None) -> tuple[bytes, list[str]]:
    """Standard output and the notes of a run.

    Raises:
        MetastatError: of the class of its exit code, with the program's message.
    """
    program = find_program()
    done = subprocess.run(
        [program, *arguments],
        input=table,
        stdin=subprocess.DEVNULL if table is None else None,
        capture_output=True,
        env=environment(),
    )
    notes, errors = [], []
    for line in done.stderr.decode("utf-8", "replace").splitlines():
        kind, _, text = line.partition(": ")
        if kind == "note":
            notes.append(text)
        else:
            errors.append(text if kind == "error" else line)
    if done.returncode != 0:
        message = "\n".join(errors).strip() or f"metastat ended with {done.returncode}"
        raise ERRORS.get(done.returncode, MetastatError)(
            message, done.returncode, notes, arguments
        )
    return done.stdout, notes + errors
