// Source text compiled to assets with the bindings of tests and the browser runtime of js/dist.
#pragma once

#include "browser/browser.h"
#include "check/program.h"
#include "compile/compile.h"
#include "support/fake_bindings.h"
#include "syntax/parser.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace flin::browser::testing {

inline std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline bytecode::Chunk built(std::string source, std::string name = "test") {
  syntax::Sources sources;
  syntax::Diagnostics diagnostics;
  Arena arena;
  flin::testing::FakeBindings bindings;
  std::uint32_t number = sources.add(name + ".flin", std::move(source));
  syntax::File* file = syntax::parse(sources, number, arena, diagnostics);
  auto program = check::check({file}, sources, name, bindings, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.render(sources);
  if (diagnostics.has_errors()) return {};
  bytecode::Chunk chunk = compile::compile(*program, sources, bindings);
  std::string core = file_text(FLIN_SOURCE_DIR "/js/dist/runtime.js"),
              library = file_text(FLIN_SOURCE_DIR "/js/dist/library.js");
  add_assets(*program, {core, library}, chunk);
  return chunk;
}

inline const bytecode::AssetRow* find_asset(const bytecode::Chunk& chunk, std::string_view name) {
  for (const bytecode::AssetRow& row : chunk.assets)
    if (row.name == name) return &row;
  return nullptr;
}

// The module of the first page, with plain paths and build "b": what does not depend on js/dist.
inline std::string module_of(const bytecode::Chunk& chunk) {
  const bytecode::AssetRow* row =
      chunk.pages.empty() ? nullptr : find_asset(chunk, chunk.pages[0].module);
  if (!row) return {};
  std::string text = row->bytes;
  auto replace = [&](const std::string& from, const std::string& to) {
    if (std::size_t at = text.find(from); at != text.npos) text.replace(at, from.size(), to);
  };
  for (const bytecode::AssetRow& asset : chunk.assets) {
    if (asset.name.find("/runtime.") != asset.name.npos) replace(asset.name, "/_flin/runtime.js");
    if (asset.name.find("/library.") != asset.name.npos) replace(asset.name, "/_flin/library.js");
  }
  replace('"' + chunk.build + '"', "\"b\"");
  return text;
}

}  // namespace flin::browser::testing
