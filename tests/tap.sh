# SPDX-License-Identifier: MIT
# tool: test results in TAP, for tests in sh (`. tests/tap.sh`).
# Ends with done_testing.

tap_run=0
tap_failed=0

diag() {
  printf '%s\n' "$*" | sed 's/^/# /'
}

# ok NAME COMMAND...: passes when the command succeeds.
ok() {
  tap_name=$1
  shift
  tap_run=$((tap_run + 1))
  if "$@" >/dev/null 2>&1; then
    echo "ok $tap_run - $tap_name"
  else
    tap_failed=$((tap_failed + 1))
    echo "not ok $tap_run - $tap_name"
    diag "$*"
    return 1
  fi
}

# is NAME GOT WANT: passes when the texts are equal.
is() {
  ok "$1" [ "$2" = "$3" ] || {
    diag "got:  $2"
    diag "want: $3"
    return 1
  }
}

# skip NAME WHY: begin WHY with "missing" when something that ought to be
# installed is not: CI fails then.
skip() {
  tap_run=$((tap_run + 1))
  echo "ok $tap_run - $1 # SKIP $2"
}

skip_all() {
  echo "1..0 # SKIP $*"
  exit 0
}

done_testing() {
  echo "1..$tap_run"
  [ "$tap_run" -gt 0 ] && [ "$tap_failed" -eq 0 ]
  exit
}
