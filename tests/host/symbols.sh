#!/bin/sh
# Invariant I3: outside vm/host, vm/capi and cli nothing of the C library is used
# that reaches the world outside: no stdio, clock, randomness, environment,
# locale, files. What may be used is listed here, so that something new is
# noticed and not only what somebody thought of. vm/num.c alone may format and
# parse numbers.
# modes: release
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/../tap.sh"

# Memory and bytes; errno is what generated scanners and posix_memalign touch.
bytes='calloc free malloc posix_memalign realloc
memchr memcmp memcpy memmem memmove memset
stpcpy strchr strcmp strcspn strlen strncmp strnlen strrchr strspn
__errno_location _GLOBAL_OFFSET_TABLE_'
math='acos asin atan atan2 ceil cos exp floor fmod log log10 log2 pow sin sqrt
tan'
numbers='snprintf strtod'

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

find "$ROVE_BUILD/obj" "$ROVE_BUILD/gen" -name '*.o' |
  grep -vE 'obj/tests/' >"$tmp/all"
grep -vE 'obj/(vm/host|vm/capi|cli)/|obj/vm/num\.o$' "$tmp/all" >"$tmp/pure"
xargs nm --defined-only <"$tmp/all" | awk 'NF == 3 { print $3 }' |
  sort -u >"$tmp/ours"

# foreign: names the objects on stdin use and do not define
foreign() {
  xargs nm -u | awk '$1 == "U" || $1 == "w" { print $2 }' | sort -u |
    comm -23 - "$tmp/ours"
}

# beyond ALLOWED: those of them that are not in the list
beyond() {
  for s in $1; do echo "$s"; done | sort -u >"$tmp/allowed"
  foreign | comm -23 - "$tmp/allowed" | tr '\n' ' '
}

ok 'there are objects to look at' [ "$(wc -l <"$tmp/pure")" -gt 20 ]
is 'the machine, assembler and library use nothing of the world' \
  "$(beyond "$bytes" <"$tmp/pure")" ''
is 'vm/num.c uses formatting, parsing and mathematics besides' \
  "$(echo "$ROVE_BUILD/obj/vm/num.o" | beyond "$bytes $math $numbers")" ''

# The test itself must be able to fail: vm/host does reach the world.
echo "$ROVE_BUILD/obj/vm/host/dev_clock.o" >"$tmp/host"
is 'a clock would be noticed' "$(beyond "$bytes" <"$tmp/host")" 'clock_gettime localtime_r '
ok 'ffi.h is included in one file alone' sh -c \
  '[ "$(grep -rlE "include *<ffi.h>" vm cli assembler stdlib)" = \
     vm/host/ffi/native.c ]'
done_testing
