#!/bin/sh
# The installed SDK from outside: `cmake --install` into a prefix of its own, then the plugins beside
# this file built against it alone, loaded and checked by the installed flin.
#   out_of_tree_test.sh <cmake> <build directory> <folder of the plugins>
set -eu
cmake=$1 build=$2 plugins=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$1" >&2; exit 1; }
# expect <what> <wanted> <got>
expect() { [ "$2" = "$3" ] || fail "$1: wanted '$2', got '$3'"; }

"$cmake" --install "$build" --prefix "$work/prefix" >"$work/install.log"
flin=$work/prefix/bin/flin
for file in bin/flin include/flin/plugin.h include/flin/testing.h include/flin/store/entity_store.h \
    lib/flin/plugins/standard.json lib/flin/plugins/flin_store.so; do
  [ -e "$work/prefix/$file" ] || fail "not installed: $file"
done

# Nothing of this tree is on the include path: the sources are copied away from it.
for id in hello words jsonlines; do
  cp -r "$plugins/${id}_plugin" "$work/$id"
  "$cmake" -S "$work/$id" -B "$work/$id/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Debug >"$work/$id.log" 2>&1 ||
    { cat "$work/$id.log" >&2; fail "$id is not configured"; }
  "$cmake" --build "$work/$id/build" -j2 >"$work/$id.log" 2>&1 || { cat "$work/$id.log" >&2; fail "$id does not build"; }
  "$flin" plugin check "$work/$id/build/flin_$id.so" --plugins=store --seed=1 >"$work/check.log" 2>&1 ||
    { cat "$work/check.log" >&2; fail "$id has faults"; }
done

cd "$work"
dirs="--plugin-dir=$work/hello/build --plugin-dir=$work/words/build --plugin-dir=$work/jsonlines/build"
echo 'print(answer())' >hello.flin
expect hello 42 "$("$flin" $dirs --plugins=hello hello.flin)"
cat >words.flin <<'FLIN'
entity Note { body: text @max_words(2) }
save Note { body: "one two" }
try { save Note { body: "one two three" } } catch e { print(e.message) }
print(word_count("a b c"), Note.all.count)
FLIN
expect words "validation failed: body must have at most 2 words
3 1" "$("$flin" $dirs --plugins=store,words --store=memory words.flin 2>/dev/null)"

# A store backend of a third party, chosen by --store=, keeps what was saved.
cat >save.flin <<'FLIN'
entity Note { body: text @required }
save Note { body: "note " + text(Note.all.count + 1) }
print(Note.all.map(n => n.body))
FLIN
run() { "$flin" $dirs --plugins=store,jsonlines --store="jsonlines:$work/notes.jsonl" save.flin; }
expect "first run" '["note 1"]' "$(run)"
expect "second run" '["note 1", "note 2"]' "$(run)"
expect "lines of the file" 4 "$(wc -l <"$work/notes.jsonl")"

# pkg-config, for those who do not use CMake.
if command -v pkg-config >/dev/null; then
  export PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name flin.pc)")
  c++ -std=c++17 -shared -fPIC $(pkg-config --cflags flin) hello/src/hello_plugin.cpp -o hello/flin_hello.so
  expect pkg-config 42 "$("$flin" --plugin-dir="$work/hello" --plugins=hello hello.flin)"
  expect "pkg-config --variable" "$work/prefix/lib/flin/plugins" "$(realpath "$(pkg-config --variable=plugindir flin)")"
fi
