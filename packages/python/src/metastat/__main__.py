"""``python -m metastat``: the program itself, with the given arguments."""

import os
import sys

from ._program import ProgramNotFound, environment, find_program


def main() -> int:
    try:
        program = find_program()
    except ProgramNotFound as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    os.execve(program, [program, *sys.argv[1:]], environment())


if __name__ == "__main__":
    sys.exit(main())
