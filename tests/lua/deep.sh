#!/bin/sh
# Deep recursion under 256 KiB of C stack (deep.lua); and the default limit.
# modes: release asan stress
# SPDX-License-Identifier: MIT
# Stress builds collect too often for a million.
depth=1000000
[ "$ROVE_MODE" = release ] || depth=20000
ulimit -s 256
$ROVE run --stack 40000000 tests/lua/deep.lua $depth | sed '/^1\.\./d'
text=$($ROVE -e 'local function f() return 1 + f() end
  print(select(2, pcall(f)))' 2>&1)
case $text in
  *:1:\ stack\ overflow*) echo 'ok 8 - the default limit is an error like others' ;;
  *)
    echo 'not ok 8 - the default limit is an error like others'
    echo "# $text"
    ;;
esac
echo 1..8
