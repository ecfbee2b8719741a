#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Style as a test: what matters and can be checked by looking. Prints every breach; exit 1 if there is one.
set -u
cd "$(dirname "$0")/.." || exit 2
breaches=0

breach() { # RULE LINES
  [ -z "$2" ] && return
  printf '%s\n%s\n\n' "$1" "$2"
  breaches=1
}

sources=$(find sim model traces scenarios proptests -name '*.hpp' -o -name '*.cpp')

breach 'An include against the arrows sim ◀ model ◀ traces ◀ scenarios ◀ proptests:' "$(
  grep -rnE '#include "(model|traces|scenarios|proptests)/' sim
  grep -rnE '#include "(traces|scenarios|proptests)/' model
  grep -rnE '#include "(scenarios|proptests)/' traces
  grep -rnE '#include "proptests/' scenarios
)"

# shellcheck disable=SC2086  # a list of files
breach 'co_await in a condition: GCC 12 lays such frames out wrongly. Name the result first:' "$(
  grep -nE '\b(if|while|switch|for) *\([^)]*co_await' $sources | grep -v '^sim/task_test.cpp:'  # which shows why
)"

# sim/tally.hpp looks things up by hash and never iterates.
breach 'Uncontrolled nondeterminism in the engine or the model:' "$(
  find sim model -name '*.?pp' ! -name '*_test.cpp' ! -name '*_benchmark.cpp' ! -path sim/tally.hpp -exec \
    grep -nE '\b(rand|srand|time|clock_gettime)\(|random_device|unordered_|steady_clock|system_clock' {} +
)"

# shellcheck disable=SC2086  # a list of files
breach 'A file without its licence line:' "$(grep -LE '^(//|#|;) SPDX-License-Identifier: Apache-2.0' $sources)"

# shellcheck disable=SC2086  # a list of files
breach 'A left-over mark:' "$(grep -nE '\b(TODO|FIXME|XXX|HACK)\b' $sources)"

# shellcheck disable=SC2086  # a list of files
breach 'A file of more than 400 lines; is it one noun?' "$(
  wc -l $sources | awk '$2 != "total" && $1 > 400 { print $2 ": " $1 }'
)"

breach 'A simplification that docs/limits.md does not tell:' "$(
  grep -rlE '//.*Simplified:' sim model | while read -r file; do
    grep -q "\`$file\`" docs/limits.md || echo "$file"
  done
)"
breach 'docs/limits.md tells of a simplification that is not there:' "$(
  sed -n 's/^- `\([^`]*\.[ch]pp\)`.*/\1/p' docs/limits.md | while read -r file; do
    grep -qs 'Simplified:' "$file" || echo "$file"
  done
)"

breach 'The first monitor of docs/api.md is not the one that is built and run:' "$(
  sed -n '/^```cpp$/,/^```$/{/^```/!p;}' docs/api.md | diff - scenarios/api/example/first_monitor.cpp
)"

exit $breaches
