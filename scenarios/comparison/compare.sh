#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The same handshake in SPIN, in rumur and in uffdsim, one after the other, and a table of what each took.
#
#   scenarios/comparison/compare.sh
#
# UFFDSIM=PATH   the uffdsim to use; without it ./uffdsim builds one, if there is none
# BUDGET=60      seconds after which uffdsim is cut off at the size that it cannot exhaust
#
# Times are processor seconds of the search alone (user and system, one thread each), so that other work on the machine
# matters little. Exit status: 0 every answer is the right one; 1 one is not; 2 a tool failed; 77 a tool is missing.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
top=$(CDPATH='' cd -- "$here/../.." && pwd)
budget=${BUDGET:-60}

missing=''
command -v spin >/dev/null || missing="$missing spin"
command -v rumur >/dev/null || missing="$missing rumur"
command -v gcc >/dev/null || missing="$missing gcc"
[ -x /usr/bin/time ] || missing="$missing time"
if [ -n "$missing" ]; then
  echo "compare: cannot run here without:$missing. On Debian 12: apt-get install$missing" >&2
  exit 77
fi
[ -n "${UFFDSIM:-}" ] || "$top/uffdsim" --version >/dev/null
uffdsim=$(realpath "${UFFDSIM:-$top/build/release/uffdsim}")
version=$("$uffdsim" --version) || {
  echo "compare: $uffdsim is no uffdsim; UFFDSIM=PATH names another" >&2
  exit 2
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
wrong=0

fail() {
  echo "compare: $1 failed:" >&2
  tail -n 20 "$2" >&2
  exit 2
}

# A number that stands in the first matching line of `out`: PATTERN with one group.
figure() { sed -nE "s/.*$1.*/\\1/p" out | sed -n 1p; }

measured() { # COMMAND…: what it prints into `out`, what it used into `used`; its exit status
  status=0
  /usr/bin/time -q -f '%U %S %M' -o used "$@" >out 2>&1 || status=$?
}

# One line of the table. Peak memory is told per state only where the states outweigh what a tool takes at its start.
row() { # TOOL STATES TRANSITIONS BYTES ANSWER EXPECTED
  awk -v tool="$1" -v states="$2" -v transitions="$3" -v bytes="$4" -v answer="$5" '
    { cpu = $1 + $2; kib = $3 }
    END {
      rate = cpu >= 0.05 ? sprintf("%.0f", states / cpu / 1000) : "-"
      each = states >= 500000 ? sprintf("%.0f", kib * 1024 / states) : "-"
      printf "%-38s %10d %11d %8.2f %7s %8s %7s %8.0f  %s\n", tool, states, transitions, cpu, rate, bytes, each, kib / 1024, answer
    }' used
  # shellcheck disable=SC2254  # a pattern
  case $5 in $6) ;; *) wrong=1 ;; esac
}

heading() {
  printf '\n%s\n%-38s %10s %11s %8s %7s %8s %7s %8s  %s\n' "$1" '' states transitions 'CPU s' k/s B/state peak/st. 'peak MiB' result
}

spin_row() { # NAME GCC-OPTIONS SPIN-OPTIONS EXPECTED
  # shellcheck disable=SC2086  # lists of words
  spin -a $3 "$here/handshake.pml" >log 2>&1 || fail spin log
  # shellcheck disable=SC2086
  gcc -O2 -DSAFETY -DMEMLIM=8192 $2 -o pan pan.c >log 2>&1 || fail 'the compiler on what spin wrote' log
  measured ./pan -m100000
  answer='nobody sleeps for ever'
  ! grep -q 'invalid end state (' out || answer='asleep for ever'
  [ "$(figure 'errors: ([0-9]+)')" ] || fail pan out
  ! grep -qE 'max search depth too small|memory limit|out of memory' out || answer='cut off'
  stored=$(figure 'as stored = ([0-9]+) byte')
  overhead=$(figure '\+ ([0-9]+) byte overhead')
  vector=$(figure 'State-vector ([0-9]+) byte')
  row "SPIN $1" "$(figure '^ *([0-9]+) states, stored')" "$(figure '^ *([0-9]+) transitions')" \
    "$((${stored:-$vector} + ${overhead:-0}))" "$answer" "$4"
}

rumur_row() { # NAME RUMUR-OPTIONS MODEL EXPECTED
  # shellcheck disable=SC2086  # a list of words
  rumur --threads 1 --deadlock-detection stuck $2 --output checker.c "$3" >log 2>&1 || fail rumur log
  gcc -std=c11 -O3 -march=native -mcx16 -o checker checker.c -lpthread >log 2>&1 || fail 'the compiler on what rumur wrote' log
  measured ./checker
  answer='?'
  ! grep -q 'No error found' out || answer='nobody sleeps for ever'
  ! grep -qi 'deadlock' out || answer='asleep for ever'
  [ "$answer" != '?' ] || fail 'the checker of rumur' out
  row "rumur $1" "$(figure '\t([0-9]+) states, [0-9]+ rules fired in')" "$(figure ' ([0-9]+) rules fired in')" \
    "$(figure 'rounded up to ([0-9]+) bytes')" "$answer" "$4"
}

uffdsim_row() { # NAME OPTIONS FILE EXPECTED
  # shellcheck disable=SC2086  # a list of words
  measured "$uffdsim" explore "$here/$3" --jobs 1 --json $2 --budget mebibytes=8192
  case $status in 0 | 1 | 3) ;; *) fail uffdsim out ;; esac
  answer='nobody sleeps for ever'
  ! grep -q '"ended": "[^"]*\(first\|second\|third\)' out || answer='asleep for ever'
  grep -q '"complete": true' out || answer="cut off: $answer so far"
  row "uffdsim $1" "$(figure '"worlds": ([0-9]+)')" "$(figure '"transitions": ([0-9]+)')" \
    "$(figure '"world_bytes_mean": ([0-9]+)')" "$answer" "$4"
}

sized() { # THREADS ROUNDS MONITORS RECHECK: the Murphi model of that size
  sed -e "s/THREADS: 3;/THREADS: $1;/" -e "s/ROUNDS: 2;/ROUNDS: $2;/" -e "s/MONITORS: 2;/MONITORS: $3;/" \
    -e "s/RECHECK: 1;/RECHECK: $4;/" "$here/handshake.m" >sized.m
}

abstractions() { # THREADS ROUNDS MONITORS
  sizes="-DTHREADS=$1 -DROUNDS=$2 -DMONITORS=$3"
  spin_row '' '' "$sizes" "$nobody"
  spin_row '-DNOREDUCE' -DNOREDUCE "$sizes" "$nobody"
  spin_row '-DCOLLAPSE' -DCOLLAPSE "$sizes" "$nobody"
  spin_row 'with locks in the model (-DLOCKS)' '' "$sizes -DLOCKS" "$nobody"
  sized "$1" "$2" "$3" 1
  rumur_row '--symmetry-reduction off' '--symmetry-reduction off' sized.m "$nobody"
  rumur_row '--pack-state off' '--symmetry-reduction off --pack-state off' sized.m "$nobody"
  rumur_row '--symmetry-reduction exhaustive' '--symmetry-reduction exhaustive' sized.m "$nobody"
}

echo "$(spin -V), $(rumur --version 2>&1 | sed -n 1p), $version, gcc $(gcc -dumpfullversion)"
echo 'SPIN: gcc -O2 -DSAFETY, pan -m100000; rumur: --threads 1 --deadlock-detection stuck, gcc -O3 -march=native -mcx16;'
echo 'uffdsim: explore --jobs 1, Linux 6.18'

nobody='nobody sleeps for ever'
heading '3 threads, 2 pages, 2 rounds, 2 monitors'
abstractions 3 2 2
uffdsim_row "(cut off after $budget s)" "--budget seconds=$budget" handshake.litmus "*$nobody*"

heading '2 threads, 2 pages, 2 rounds, 2 monitors'
abstractions 2 2 2
uffdsim_row '' '' handshake-two-threads.litmus "$nobody"

heading '4 threads, 2 pages, 2 rounds, 2 monitors: for the speed of the abstractions'
abstractions 4 2 2

heading 'Planted: no recheck before sleeping; 2 threads, 2 pages, 2 rounds, 2 monitors'
spin_row '(stops at the first)' '' '-DTHREADS=2 -DNO_RECHECK' 'asleep for ever'
sized 2 2 2 0
rumur_row '(stops at the first)' '--symmetry-reduction off' sized.m 'asleep for ever'
uffdsim_row '(meets every world)' '--defect no-recheck-before-sleep' handshake-two-threads.litmus 'asleep for ever'

exit $wrong
