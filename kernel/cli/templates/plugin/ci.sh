#!/bin/sh
# Builds and tests the plugin, then once more under AddressSanitizer. FLIN_PREFIX: where flin is
# installed, if it is not found by itself.
set -eu
cd "$(dirname "$0")"
for asan in OFF ON; do
  cmake -S . -B "build/asan-$asan" -DASAN=$asan ${FLIN_PREFIX:+-DCMAKE_PREFIX_PATH="$FLIN_PREFIX"}
  cmake --build "build/asan-$asan"
  ctest --test-dir "build/asan-$asan" --output-on-failure
done
