#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# refused.sh COMPILER SOURCE: what breaks the rules of docs/api.md does not compile, and the compiler says which rule.
set -u
kept=0
for file in "$2"/scenarios/api/refused/*.cpp; do
  rule=$(sed -n 's|^// refused: ||p' "$file")
  if said=$("$1" -std=c++20 -fsyntax-only -I"$2" -I"$2/scenarios/api" "$file" 2>&1); then
    echo "$file compiles"
  elif ! printf '%s\n' "$said" | grep -qF "$rule"; then
    printf '%s: the compiler does not say "%s":\n%s\n' "$file" "$rule" "$said"
  else
    kept=$((kept + 1))
    continue
  fi
  exit 1
done
echo "$kept rules kept"
[ "$kept" -gt 0 ]
