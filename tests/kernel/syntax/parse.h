// Parses a text and shows what came of it.
#pragma once

#include "syntax/dump_tree.h"
#include "syntax/parser.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace flin::syntax {

struct Parsed {
  std::string tree;
  std::string messages;            // rendered, as the user sees them
  std::vector<std::string> codes;  // "E0201", in order of place
  std::size_t errors = 0;
};

inline Parsed parsed(std::string_view text) {
  Sources sources;
  sources.add("app.flin", std::string(text));
  Arena arena;
  Diagnostics diagnostics;
  const File* file = parse(sources, 0, arena, diagnostics);
  Parsed out{dump_tree(*file), diagnostics.render(sources), {}, diagnostics.errors()};
  for (const Diagnostic& d : diagnostics.sorted()) out.codes.emplace_back(name_of(d.code));
  return out;
}

using Codes = std::vector<std::string>;

struct Row {
  const char* source;
  const char* tree;
};

// Each source gives its tree and no message.
template <std::size_t n>
void expect_trees(const Row (&rows)[n]) {
  for (const Row& row : rows) {
    const Parsed result = parsed(row.source);
    EXPECT_EQ(result.tree, row.tree) << row.source;
    EXPECT_EQ(result.messages, "") << row.source;
  }
}

}  // namespace flin::syntax
