#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# try_example.sh BUILD EXAMPLE COMPILER: installs BUILD below a temporary folder, copies the EXAMPLE beside it, builds
# it against what was installed, and runs its tests and the installed command.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake --install "$1" --prefix "$folder/installed" > "$folder/install.log" || { cat "$folder/install.log"; exit 1; }
cp -r "$2" "$folder/example"
cmake -S "$folder/example" -B "$folder/build" -DCMAKE_CXX_COMPILER="$3" -DCMAKE_PREFIX_PATH="$folder/installed"
cmake --build "$folder/build"
ctest --test-dir "$folder/build" --output-on-failure
"$folder/installed/bin/uffdsim" --version
