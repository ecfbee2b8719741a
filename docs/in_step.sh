#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The documents' examples as a test: every command `$ ./uffdsim …` on a file of the corpus is run, and must print
# what stands below it, up to figures. Usage: docs/in_step.sh UFFDSIM. (What a real kernel shows differs every time.)
set -u
command=$(realpath "$1") || exit 2
cd "$(dirname "$0")/.." || exit 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
different=0
compared=0

# Times, counts of worlds, line numbers and stamps: those differ from machine to machine, or with every change.
without_figures() { sed -E 's#/[0-9a-f]{8}/[0-9a-f]{8} #/STAMP #g; s/[0-9][0-9.,]*/N/g'; }

# Splits the document: N.command and N.printed for each example.
awk -v folder="$folder" '
  /^```/ { inside = 0 }
  inside { print > (folder "/" count ".printed") }
  /^\$ .\/uffdsim .*scenarios\// && !/uffdsim kernel / {
    inside = 1
    sub(/^\$ .\/uffdsim /, "")
    print > (folder "/" ++count ".command")
  }
' README.md docs/*.md

for example in "$folder"/*.command; do
  name=${example%.command}
  eval "\"$command\" $(cat "$example")" >"$name.now" 2>&1
  without_figures <"$name.printed" >"$name.expected"
  without_figures <"$name.now" >"$name.found"
  compared=$((compared + 1))
  diff -u --label 'in the document' --label "uffdsim $(cat "$example")" "$name.expected" "$name.found" || different=$((different + 1))
done
printf '%s examples, %s differ\n' "$compared" "$different"
[ "$compared" -gt 0 ] && [ "$different" -eq 0 ]
