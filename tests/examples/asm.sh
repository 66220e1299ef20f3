#!/bin/sh
# The programs of examples/asm, each run from its image. modes: all cross
# SPDX-License-Identifier: MIT
. tests/tap.sh
here=examples/asm
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
LC_ALL=C
export LC_ALL
# Cross builds have no libffi, and sanitizers and emulators take their time.
case $ROVE_MODE in
  cross-*) natives=no ;;
  *) natives=yes ;;
esac
case $ROVE_MODE in
  release) bytes=10000000 ;;
  stress) bytes=30000 ;;
  *) bytes=1000000 ;;
esac

# try NAME FLAGS ARGUMENTS: runs image NAME; what it prints goes to $dir/out.
try() {
  # shellcheck disable=SC2086 # lists of words
  $ROVE run $2 "$dir/$1.rove" $3 >"$dir/out" 2>"$dir/err" </dev/null
}

# one_run NAME FLAGS ARGUMENTS: a line of the file `runs`.
one_run() {
  mkdir "$dir/$1"
  set -- "$1" "$(echo "$2" | sed "s,%d,$dir/$1,g")" \
    "$(echo "$3" | sed "s,%d,$dir/$1,g")"
  ok "$1 assembles" $ROVE asm --verify -o "$dir/$1.rove" "$here/$1.rasm"
  ok "$1 comes back from its image" same_again "$1"
  case $2 in
    *native*) [ $natives = yes ] || return 0 ;;
  esac
  ok "$1 runs" try "$1" "$2" "$3" || diag "$(cat "$dir/err")"
  ok "$1 prints what it should" cmp "$dir/out" "$here/expected/$1.txt" ||
    diag "$(diff "$here/expected/$1.txt" "$dir/out" | head -20)"
}

same_again() {
  $ROVE dis "$dir/$1.rove" >"$dir/again.rasm" &&
    $ROVE asm -o "$dir/again.rove" "$dir/again.rasm" &&
    cmp "$dir/$1.rove" "$dir/again.rove"
}

sed 's/#.*//; s/ *| */|/g' $here/runs >"$dir/runs"
while IFS='|' read -r name flags args; do
  [ -z "$name" ] || one_run "$name" "$flags" "$args"
done <"$dir/runs"

# -- Every program is run, and there are enough of them ------------------------
for f in "$here"/*.rasm; do
  name=$(basename "$f" .rasm)
  ok "$name is in the list of runs" grep -q "^$name|" "$dir/runs"
  ok "$name is in the README" grep -q "$name.rasm" $here/README.md
done
n=$(cat "$here"/*.rasm | grep -cE '^    [a-z]')
ok "1,000 instructions or more: $n" [ "$n" -ge 1000 ]

# -- What a program wants must be granted ----------------------------------------
try ledger "" "$dir/ledger"
is "the ledger without a grant is refused" $? 77
try words "--allow-read=$here" /etc/passwd
is "a file outside the folder fails" $? 1

# -- Other arguments ---------------------------------------------------------------
try queens "" 6
is "six queens" "$(tail -1 "$dir/out")" "6 queens: 4 solutions"
try queens "" 3
is "three queens have no solution" "$(cat "$dir/out")" \
  "3 queens: 0 solutions"
try queens "" 17
is "17 rows are refused" $? 1
try mandel "" "20 8"
is "a small picture" "$(wc -l <"$dir/out" | tr -d ' ')" 9
echo 'Hello' | $ROVE run "$dir/brainf.rove" ',[.,]' >"$dir/out"
is "brainf copies its input" "$(head -1 "$dir/out")" Hello
try brainf "" '[[]'
is "brainf counts brackets" "$?:$(head -1 "$dir/err")" \
  "1:rove: brainf: [ without ]"

# -- A large text --------------------------------------------------------------------
# Words of a made-up language; the counts are checked by other tools.
awk -v want="$bytes" 'BEGIN {
  split("ba ce di fo gu la me ni po ru sha te vi wo zu an er il or un", part)
  x = 12345
  while (size < want) {
    line = ""
    for (i = 0; i < 12; i++) {
      x = (x * 16807) % 2147483647
      word = part[x % 20 + 1]
      if (x % 3) word = word part[int(x / 64) % 20 + 1]
      if (x % 5 == 0) word = word part[int(x / 4096) % 20 + 1]
      if (x % 11 == 0) word = toupper(substr(word, 1, 1)) substr(word, 2)
      line = line word (x % 13 ? " " : ", ")
    }
    print line
    size += length(line) + 1
  }
}' >"$dir/big.txt"
tr A-Z a-z <"$dir/big.txt" | tr -cs "a-z'" '\n' | grep . >"$dir/list"
awk '{ n[$0]++ } END { for (w in n) printf "%7d %s\n", n[w], w }' "$dir/list" |
  sort -k1,1nr -k2,2 >"$dir/counts"
{
  echo "$(wc -c <"$dir/big.txt" | tr -d ' ') bytes," \
    "$(wc -l <"$dir/counts" | tr -d ' ') different words"
  cat "$dir/counts"
} >"$dir/want"
ok "words of $bytes bytes" try words "--allow-read=$dir" \
  "$dir/big.txt 1000000"
ok "all counts as other tools have them" cmp "$dir/want" "$dir/out"
$ROVE run "--allow-read=$dir" "$dir/words.rove" <"$dir/big.txt" >"$dir/out"
is "the same through the console, 20 lines" "$(cat "$dir/out")" \
  "$(head -21 "$dir/want")"

# A time limit that only something quadratic would reach.
if [ "$ROVE_MODE" = release ]; then
  ok "10 MB within ten seconds" try words \
    "--timeout 10 --allow-read=$dir" "$dir/big.txt 1"
fi
ok "within 24 MB of memory" try words "--mem 24M --allow-read=$dir" \
  "$dir/big.txt 1"
done_testing
