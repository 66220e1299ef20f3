#!/bin/sh
# tool
# SPDX-License-Identifier: MIT
# `make bench`: Rove beside lua5.4 and luajit -joff.
exec python3 "$(dirname "$0")/run.py" "$@"
