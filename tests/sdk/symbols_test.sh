#!/bin/sh
# symbols_test.sh <nm> <folder>...: each plugin in the folders exports flin_plugin and nothing else, and
# links nothing of the kernel (A 1). The fixture flin_no_symbol.so is the one that exports nothing.
nm=$1
shift
status=0
seen=0
for plugin in $(find "$@" -name 'flin_*.so' 2>/dev/null); do
  seen=$((seen + 1))
  expected=flin_plugin
  [ "$(basename "$plugin")" = flin_no_symbol.so ] && expected=
  exported=$("$nm" -D --defined-only "$plugin" | awk '{ print $NF }')
  if [ "$exported" != "$expected" ]; then
    echo "$plugin must export '$expected' alone, but exports:" $exported
    status=1
  fi
  linked=$("$nm" -D -C --undefined-only "$plugin" | grep 'flin::')
  if [ -n "$linked" ]; then
    echo "$plugin must link nothing of the kernel, but needs:"
    echo "$linked"
    status=1
  fi
done
if [ "$seen" -eq 0 ]; then
  echo "no plugin found in" "$@"
  exit 1
fi
echo "$seen plugins looked at"
exit $status
