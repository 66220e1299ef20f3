#!/bin/sh
# Assembles every program of examples/asm and runs it: `make demo`.
# SPDX-License-Identifier: MIT
set -eu
here=examples/asm
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# show NAME FLAGS ARGUMENTS
show() {
  mkdir "$dir/$1"
  set -- "$1" "$(echo "$2" | sed "s,%d,$dir/$1,g")" \
    "$(echo "$3" | sed "s,%d,$dir/$1,g")"
  echo
  sed -n '2,/^;$/s/^; \{0,1\}/# /p' "$here/$1.rasm"
  "$ROVE" asm -o "$dir/$1.rove" "$here/$1.rasm"
  # shellcheck disable=SC2086 # lists of words
  echo "\$ rove run" $2 "$1.rove" $3
  # shellcheck disable=SC2086
  "$ROVE" run $2 "$dir/$1.rove" $3
}

sed 's/#.*//; s/ *| */|/g' "$here/runs" >"$dir/runs"
while IFS='|' read -r name flags args; do
  [ -z "$name" ] || show "$name" "$flags" "$args" </dev/null
done <"$dir/runs"
