#!/bin/sh
# `rove run`: every exit code, every limit, every policy flag, the console.
# modes: all cross
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/../tap.sh"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

# program NAME IMPORTS...: reads the body of main, writes $dir/NAME.rasm
program() {
  file=$dir/$1.rasm
  shift
  {
    for i in "$@"; do echo ".import $i"; done
    echo '.module "main" main'
    echo '.entry "main"'
    echo '.func main regs=16 vararg'
    echo '.upvalue u0'
    cat
    echo '.end'
  } >"$file"
}

# run FLAGS...: leaves $rc, $dir/out, $dir/err
run() {
  # shellcheck disable=SC2086 # ROVE may be an emulator and a program
  $ROVE run "$@" >"$dir/out" 2>"$dir/err" </dev/null
  rc=$?
}

# says TEXT: stderr has it
says() {
  grep -qF -- "$1" "$dir/err"
}

# ends NAME CODE TEXT FLAGS...: the run gives that code, stderr that text
ends() {
  name=$1 code=$2 text=$3
  shift 3
  run "$@"
  is "$name: exit code $code" "$rc" "$code"
  if [ -n "$text" ]; then
    ok "$name: says '$text'" says "$text" || diag "$(cat "$dir/err")"
  else
    is "$name: says nothing" "$(cat "$dir/err")" ""
  fi
}

write='device "console" "write" (str) int?'

program hello "$write" <<'E'
  loadk r0, "hello\n"
  hcall r0, write
  ret0
E
ends 'a program' 0 '' "$dir/hello.rasm"
is 'its output' "$(cat "$dir/out")" hello
run --deny-console "$dir/hello.rasm"
is 'console denied' "$rc" 77
ok 'names what is missing' says 'console.write is not granted: --allow-console'

if $ROVE asm -o "$dir/hello.rove" "$dir/hello.rasm" 2>/dev/null; then
  ends 'an image' 0 '' "$dir/hello.rove"
  is 'its output' "$(cat "$dir/out")" hello
  is 'without the word run' "$($ROVE "$dir/hello.rove")" hello
  head -c 100 "$dir/hello.rove" >"$dir/cut.rove"
  ends 'half an image' 65 'cut.rove' "$dir/cut.rove"
else
  ok 'rove asm works' false
fi
echo 'this is no image' >"$dir/junk.rove"
ends 'junk' 65 'junk.rove' "$dir/junk.rove"
echo '.func f' >"$dir/bad.rasm"
ends 'bad assembly' 65 'bad.rasm:' "$dir/bad.rasm"
program unverified <<'E'
  move r0, r9
  ret0
E
ends 'refused by the verifier' 65 'reg-read' "$dir/unverified.rasm"
ends 'no such file' 66 'none.rove' "$dir/none.rove"
ends 'no file at all' 2 'a file is missing'
ends 'an unknown flag' 2 'no such flag' --nonsense "$dir/hello.rasm"
ends 'a bad number' 2 'bad value' --fuel many "$dir/hello.rasm"
ends 'a bad right' 2 'no such kind of right' --allow-magic "$dir/hello.rasm"
ends 'no such directory' 2 'No such file' "--allow-read=$dir/none/at/all" \
  "$dir/hello.rasm"

program fail <<'E'
  loadk r0, "it broke"
  throw r0
E
ends 'an error' 1 'rove: it broke' "$dir/fail.rasm"

program exit 'device "process" "exit" (int?)' "$write" <<'E'
  loadk r0, "bye\n"
  hcall r0, write
  loadi r0, 9
  hcall r0, exit
  ret0
E
ends 'process.exit' 9 '' "$dir/exit.rasm"
is 'output before it' "$(cat "$dir/out")" bye

program loop <<'E'
again:
  loop again
E
ends 'fuel' 120 'out of fuel (limit 5000 units, --fuel)' --fuel 5000 \
  "$dir/loop.rasm"
ok 'names the place' says 'function main'
ends 'a time limit' 124 'time is over (limit 0.1 s, --timeout)' --timeout 0.1 \
  "$dir/loop.rasm"

program sleep 'device "clock" "sleep" (int) bool?' <<'E'
  loadk r0, 20000000000
  hcall r0, sleep
  ret0
E
ends 'a time limit in a sleep' 124 'time is over' --timeout 0.1 \
  "$dir/sleep.rasm"

# interrupted NAME FILE: Ctrl-C after a while
interrupted() {
  $ROVE run "$2" >"$dir/out" 2>"$dir/err" </dev/null &
  pid=$!
  sleep 0.5
  kill -INT "$pid"
  wait "$pid"
  is "$1: exit code 130" $? 130
}

program memory <<'E'
  loadk r0, "0123456789abcdef"
again:
  move r1, r0
  move r2, r0
  concat r1, r1, 2
  move r0, r1
  loop again
E
ends 'memory' 121 'not enough memory (limit 1048576 bytes, --mem)' --mem 1M \
  "$dir/memory.rasm"

cat >"$dir/deep.rasm" <<'E'
.module "main" f
.entry "main"
.func f regs=4
.upvalue u0
  closure r0, f
  call r0, 0, 0
  ret0
.end
E
ends 'the stack' 122 'stack overflow (limit 1000 registers, --stack)' \
  --stack 1000 "$dir/deep.rasm"

open='device "storage" "open" (str, str) (handle?, str?, int?)'
program handles "$open" <<'E'
again:
  loadk r0, "/dev/null"
  loadk r1, "r"
  hcall r0, open
  loop again
E
ends 'handles' 123 'too many handles (limit 5)' --handles 5 \
  --allow-read=/dev/null "$dir/handles.rasm"
ends 'storage without grant' 77 \
  'storage.open is not granted: --allow-read=DIR or --allow-write=DIR' \
  "$dir/handles.rasm"

# A denied file is the program's to judge.
program denied "$open" "$write" <<'E'
  vararg r0, 1
  loadk r1, "r"
  hcall r0, open
  jnil r0, no
  loadk r0, "yes"
  hcall r0, write
  ret0
no:
  move r0, r1
  hcall r0, write
  ret0
E
mkdir "$dir/a" "$dir/b"
echo one >"$dir/a/f"
echo two >"$dir/b/f"
run "--allow-read=$dir/a" "$dir/denied.rasm" "$dir/a/f"
is 'a granted directory' "$(cat "$dir/out")" yes
run "--allow-read=$dir/a" "$dir/denied.rasm" "$dir/b/f"
is 'another one' "$(cat "$dir/out")" \
  "$dir/b/f: denied (--allow-read=DIR would grant it)"
run -A "$dir/denied.rasm" "$dir/b/f"
is '-A' "$(cat "$dir/out")" yes
run -A "--deny-read=$dir/b" "$dir/denied.rasm" "$dir/b/f"
is 'a denial wins over -A' "$(cut -d: -f2 "$dir/out")" \
  ' denied (--allow-read=DIR would grant it)'
run --allow-read "--deny-read=$dir/b" "$dir/denied.rasm" "$dir/a/f"
is 'all reading' "$(cat "$dir/out")" yes

program env 'device "process" "env" (str) str?' "$write" <<'E'
  loadk r0, "ROVE_TEST_VARIABLE"
  hcall r0, env
  hcall r0, write
  ret0
E
ROVE_TEST_VARIABLE=seen
export ROVE_TEST_VARIABLE
run --allow-env=ROVE_TEST_VARIABLE "$dir/env.rasm"
is 'a variable' "$(cat "$dir/out")" seen

program args 'device "process" "args" () table?' "$write" <<'E'
  hcall r0, args
  geti r1, r0, 1
  hcall r1, write
  geti r1, r0, 2
  hcall r1, write
  vararg r1, 2
  move r3, r2
  hcall r3, write
  ret0
E
run "$dir/args.rasm" --fuel x
is 'arguments behind the file are the program'"'"'s' "$(cat "$dir/out")" \
  '--fuelxx'

# Copies lines; also without a newline at the end.
program cat 'device "console" "line" (bool?) (str?, str?, int?)' "$write" \
  'device "console" "error" (str) int?' <<'E'
again:
  loadtrue r0
  hcall r0, line
  jnil r0, end
  hcall r0, write
  jnil r0, broken
  loop again
broken:
  loadk r0, "broken\n"
  hcall r0, error
end:
  ret0
E
seq 1 20000 >"$dir/in"
printf 'last' >>"$dir/in"
# shellcheck disable=SC2086
$ROVE run "$dir/cat.rasm" <"$dir/in" >"$dir/out" 2>"$dir/err"
is 'lines through' $? 0
ok 'all of them' cmp "$dir/in" "$dir/out"
# The length of each line, through the console and from a file: a line that ends
# where a buffer ends is a line of its own.
program lengths 'device "console" "line" (bool?) (str?, str?, int?)' \
  'device "storage" "open" (str, str) (handle?, str?, int?)' \
  'device "storage" "line" (handle, bool?) (str?, str?, int?) as fline' \
  "$write" <<'E'
  vararg r0, 1
  loadnil r1, 1
  jnil r0, again
  loadk r2, "r"
  move r3, r0
  move r4, r2
  hcall r3, open
  move r1, r3
again:
  [2, 0, 0]
  jnil r1, console
  move r2, r1
  loadfalse r3
  hcall r2, fline
  jmp got
console:
  loadfalse r2
  hcall r2, line
got:
  [3, 0, 0]
  jnil r2, end
  len r3, r2
  tostr r3, r3
  loadk r4, "\n"
  concat r3, r3, 2
  hcall r3, write
  loop again
end:
  ret0
E
# Short lines of many lengths, so that some end at the edge of any buffer, and
# long ones around the sizes that buffers have.
awk 'BEGIN {
  for (k = 1; k <= 64; k *= 2) for (d = -2; d <= 2; d++) print 1024 * k + d
  for (i = 0; i < 90000; i++) print i % 3
}' >"$dir/lengths"
awk 'BEGIN { for (s = "x"; length(s) < 70000; s = s s); }
  { print substr(s, 1, $1) }' "$dir/lengths" >"$dir/long"
# shellcheck disable=SC2086
$ROVE run --allow-read="$dir" "$dir/lengths.rasm" <"$dir/long" >"$dir/out" \
  2>"$dir/err"
ok 'the length of each line' cmp "$dir/lengths" "$dir/out" ||
  diag "$(cat "$dir/err")"
# shellcheck disable=SC2002,SC2086 # a pipe it must be
cat "$dir/long" |
  $ROVE run --allow-read="$dir" "$dir/lengths.rasm" >"$dir/out" 2>"$dir/err"
ok 'the same from a pipe' cmp "$dir/lengths" "$dir/out"
run "--allow-read=$dir" "$dir/lengths.rasm" "$dir/long"
ok 'the same from a file' cmp "$dir/lengths" "$dir/out" ||
  diag "$(cat "$dir/err")"
(sleep 0.2; echo slow) | $ROVE run "$dir/cat.rasm" >"$dir/out" 2>"$dir/err"
is 'from a slow pipe' "$(cat "$dir/out")" slow
# shellcheck disable=SC2086
(while seq 1 1000; do :; done 2>/dev/null) |
  { $ROVE run "$dir/cat.rasm" 2>"$dir/err"; echo $? >"$dir/rc"; } |
  head -c 10 >"$dir/out"
is 'nobody reads: an error for the program' "$(cat "$dir/err")" broken
is 'which ends as it likes' "$(cat "$dir/rc")" 0
if [ -w /dev/full ]; then
  # shellcheck disable=SC2086
  $ROVE run "$dir/hello.rasm" >/dev/full 2>"$dir/err"
  is 'a full disk is noticed at the end' $? 1
fi
interrupted 'a loop' "$dir/loop.rasm"
interrupted 'a sleep' "$dir/sleep.rasm"

run --stats --fuel 100 "$dir/hello.rasm"
ok 'statistics' says 'device console: calls 1 bytes 6 errors 0 denied 0'
ok 'fuel used' grep -q '^fuel [1-9]' "$dir/err"
ok 'help names the exit codes' sh -c "$ROVE run --help | grep -q 'exit codes:'"
done_testing
