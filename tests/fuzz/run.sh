#!/bin/sh
# SPDX-License-Identifier: MIT
# tool: `make fuzz`: runs the fuzzers for $FUZZ_SECONDS each, one after the
# other. What seemed new to them stays in $FUZZ_BUILD/corpus, what was wrong in
# $FUZZ_BUILD/found.
set -u
seeds=$FUZZ_BUILD/seeds
corpus=$FUZZ_BUILD/corpus
found=$FUZZ_BUILD/found
rm -rf "$seeds"
mkdir -p "$found"
for target in image asm lua; do mkdir -p "$seeds/$target" "$corpus/$target"; done
for file in tests/diff/*/*.lua tests/bench/lua/*.lua; do
  cp "$file" "$seeds/lua/$(echo "$file" | tr / _)"
done
PYTHONDONTWRITEBYTECODE=1 \
  python3 tests/fuzz/corpus.py "$seeds/image" "$seeds/asm" || exit 1
sed -n 's/^op [^ ]* \([a-z0-9]*\) .*/"\1 "/p' isa-spec/opcodes.isa \
  >"$FUZZ_BUILD/asm.dict"
for word in and break do else elseif end false for function goto if in local nil \
  not or repeat return then true until while '<const>' '<close>' '::' '...' \
  '//' '~=' '[==[' ']==]' '--[[' '0x1p-3'; do
  echo "\"$word\""
done >"$FUZZ_BUILD/lua.dict"

rc=0
for target in ${FUZZ_TARGETS:-image asm lua}; do
  dict=
  [ -f "$FUZZ_BUILD/$target.dict" ] && dict=-dict=$FUZZ_BUILD/$target.dict
  # shellcheck disable=SC2086 # the option may be missing
  "$FUZZ_BUILD/$target" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=30 \
    -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 -verbosity=1 \
    -artifact_prefix="$found/$target-" $dict \
    "$corpus/$target" "$seeds/$target" >"$FUZZ_BUILD/$target.log" 2>&1 || rc=1
  echo "== $target"
  grep -E '^stat::|ERROR|SUMMARY|Done|Test unit' "$FUZZ_BUILD/$target.log"
done
[ $rc -eq 0 ] || echo "findings: $found, logs: $FUZZ_BUILD/*.log"
exit $rc
