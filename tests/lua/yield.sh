#!/bin/sh
# Yields from everywhere (yield.lua). modes: all cross
# SPDX-License-Identifier: MIT
exec $ROVE tests/lua/yield.lua
