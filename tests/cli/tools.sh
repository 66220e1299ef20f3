#!/bin/sh
# asm, dis, verify, info, seal: exit codes, messages, files. modes: all
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2086 # ROVE may be several words
. tests/tap.sh

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
err=$tmp/stderr

# rc NAME WANT ARGS...: the exit code of rove ARGS.
rc() {
  rc_name=$1
  rc_want=$2
  shift 2
  $ROVE "$@" >"$tmp/out" 2>"$err"
  is "$rc_name" "$?" "$rc_want"
}

first_error() {
  head -n 1 "$err"
}

cat >"$tmp/a.rasm" <<'END'
.image "a"
.import device "console" "write" (str) int? as write
.import builtin "table.sort" 1 as sort
.module "main" main
.entry main
.func main params=0
  loadk r0, "hi \"x\" \xff\n"
  hcall r0, write
  ret0
.end
END
sed 's/loadk r0/loadk r9/' "$tmp/a.rasm" >"$tmp/unsafe.rasm"
printf '.func f\n  add r1, 2, r3\n  frob\n.end\n' >"$tmp/wrong.rasm"

rc "unknown command" 2 frob
is "its message" "$(first_error)" "rove: no such command: frob (try \`rove help\`)"
rc "help" 0 help
rc "version" 0 --version
for c in asm dis verify info seal compile; do
  rc "help $c" 0 help $c
  ok "usage of $c" grep -q "^usage: rove $c " "$tmp/out"
  rc "$c without a file" 2 $c
  rc "$c of nothing" 66 $c "$tmp/none"
  rc "$c with a wrong flag" 2 $c --frob x
done

rc "asm" 0 asm "$tmp/a.rasm"
ok "a.rasm becomes a.rove" [ -s "$tmp/a.rove" ]
rc "asm -o" 0 asm -o "$tmp/b.rove" "$tmp/a.rasm"
ok "the same bytes" cmp "$tmp/a.rove" "$tmp/b.rove"
$ROVE asm -o - - <"$tmp/a.rasm" >"$tmp/c.rove"
ok "from standard input to standard output" cmp "$tmp/a.rove" "$tmp/c.rove"
rc "standard input needs -o" 2 asm -
rc "asm of a wrong text" 1 asm "$tmp/wrong.rasm"
is "a message has file, line and column" "$(first_error)" \
  "$tmp/wrong.rasm:2:11: expected register (r0..r249) for operand 2 of \`add\`, got integer"
is "the second error too" "$(sed -n 2p "$err")" \
  "$tmp/wrong.rasm:3:3: unknown instruction \`frob\`"
ok "no image of a wrong text" [ ! -e "$tmp/wrong.rove" ]
rc "asm of unsafe code" 0 asm "$tmp/unsafe.rasm"
rm "$tmp/unsafe.rove"
rc "asm --verify of it" 65 asm --verify "$tmp/unsafe.rasm"
ok "writes nothing" [ ! -e "$tmp/unsafe.rove" ]
rc "asm of it again" 0 asm "$tmp/unsafe.rasm"

rc "dis" 0 dis "$tmp/a.rove"
cp "$tmp/out" "$tmp/dis.rasm"
rc "asm of dis" 0 asm -o "$tmp/d.rove" "$tmp/dis.rasm"
ok "gives the same bytes" cmp "$tmp/a.rove" "$tmp/d.rove"
rc "dis -o" 0 dis -o "$tmp/dis2.rasm" "$tmp/a.rove"
ok "gives the same text" cmp "$tmp/dis.rasm" "$tmp/dis2.rasm"
rc "dis --plain" 0 dis --plain "$tmp/a.rove"
is "first line" "$(head -n 1 "$tmp/out")" 'name "a"'
is "last line" "$(tail -n 1 "$tmp/out")" "  00002 00000074 ret0"
rc "dis of a text" 65 dis "$tmp/a.rasm"

rc "verify" 0 verify "$tmp/a.rove" "$tmp/b.rove"
is "says so" "$(sed -n 2p "$tmp/out")" "$tmp/b.rove: ok"
rc "verify of unsafe code" 65 verify "$tmp/unsafe.rove"
rc "one bad among good ones" 65 verify "$tmp/a.rove" "$tmp/unsafe.rove"

rc "info" 0 info "$tmp/a.rove"
ok "tells what it imports" grep -q '^import    device "console" "write"$' "$tmp/out"
rc "info of unsafe code" 65 info "$tmp/unsafe.rove"
rc "info --json" 0 info --json "$tmp/a.rove"
is "is JSON" "$(python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
print(d["entry"], d["words"], d["verified"], len(d["imports"]),
      all(s["intact"] for s in d["sections"]), d["error"])' "$tmp/out")" \
  "main 3 True 2 True None"

size=$(wc -c <"$tmp/a.rove")
python3 - "$tmp/a.rove" "$tmp/bad.rove" <<'END'
import sys
data = bytearray(open(sys.argv[1], 'rb').read())
at = data.rindex(bytes((0x74, 0, 0, 0)))     # ret0
data[at + 1] = 7
open(sys.argv[2], 'wb').write(data)
END
rc "a damaged image" 65 verify "$tmp/bad.rove"
ok "is called damaged" grep -q damaged "$err"
rc "info shows the damage" 65 info "$tmp/bad.rove"
ok "in its section" grep -q 'code.*hash BAD' "$tmp/out"
rc "seal" 0 seal "$tmp/bad.rove"
is "keeps the size" "$(wc -c <"$tmp/bad.rove")" "$size"
rc "the verifier gets it then" 65 verify "$tmp/bad.rove"
ok "and names the rule" grep -q field-zero "$err"
rc "seal of a text" 65 seal "$tmp/a.rasm"
rc "seal -o" 0 seal -o "$tmp/sealed.rove" "$tmp/a.rove"
ok "changes nothing in a good one" cmp "$tmp/a.rove" "$tmp/sealed.rove"

rc "a full device" 1 asm -o /dev/full "$tmp/a.rasm"
ok "is reported" grep -q "No space left" "$err"
$ROVE dis "$tmp/a.rove" >/dev/full 2>"$err"
is "full standard output" "$?" 1
mkdir "$tmp/full"
cp "$tmp/a.rove" "$tmp/full/old.rove"
(
  ulimit -f 0
  $ROVE asm -o "$tmp/full/new.rove" "$tmp/a.rasm" 2>/dev/null
  echo $? >&3
  $ROVE asm -o "$tmp/full/old.rove" "$tmp/a.rasm" 2>/dev/null
  echo $? >&3
) 3>&1 >/dev/null | tr '\n' ' ' >"$tmp/codes"
is "a file that cannot grow" "$(cat "$tmp/codes")" "1 1 "
is "leaves what was there and nothing else" "$(ls "$tmp/full")" "old.rove"
ok "untouched" cmp "$tmp/a.rove" "$tmp/full/old.rove"
rc "no folder to write to" 1 asm -o "$tmp/none/x.rove" "$tmp/a.rasm"
ln -s a.rove "$tmp/link.rove"
rc "through a symbolic link" 0 seal "$tmp/link.rove"
ok "which stays one" [ -L "$tmp/link.rove" ]
done_testing
