#!/bin/sh
# Starts the program in the Python package metastat of this environment, without starting Python.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in
  /*) self=$link ;;
  *) self=${self%/*}/$link ;;
  esac
done
here=${self%/*}
for program in "$here"/../lib*/python3*/*-packages/metastat/program/bin/metastat; do
  if [ -x "$program" ]; then
    # Pictures are drawn by the Python of this environment, unless another is named.
    if [ -z "${METASTAT_PYTHON:-}" ] && [ -x "$here/python3" ]; then
      METASTAT_PYTHON=$here/python3
      export METASTAT_PYTHON
    fi
    exec "$program" "$@"
  fi
done
echo "error: the Python package metastat is not beside $here; install it again" >&2
exit 1
