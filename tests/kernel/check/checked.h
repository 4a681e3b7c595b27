// A program of one file, parsed and checked against FakeBindings, for the tests in this folder.
#pragma once

#include "check/program.h"
#include "support/fake_bindings.h"
#include "syntax/parser.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace flin::testing {

// Path and text of each file.
struct Files {
  std::vector<std::pair<std::string, std::string>> all;
};

struct Checked {
  FakeBindings bindings;
  Arena arena;
  syntax::Sources sources;
  syntax::Diagnostics diagnostics;
  std::vector<syntax::File*> files;
  std::unique_ptr<check::CheckedProgram> program;

  explicit Checked(std::string source, std::vector<std::string> plugins = {"http", "ws", "store"})
      : bindings(std::move(plugins)) {
    add("app.flin", std::move(source));
    run();
  }
  explicit Checked(const Files& files) {
    for (const auto& [path, text] : files.all) add(path, text);
    run();
  }

  std::string rendered() const { return diagnostics.render(sources); }
  // "E0001:3 W0320:5": codes and lines in order.
  std::string codes() const {
    std::string all;
    for (const auto& d : diagnostics.sorted()) {
      if (!all.empty()) all += ' ';
      all += syntax::name_of(d.code);
      all += ':' + std::to_string(sources.at(d.at.span.file).position(d.at.span.begin).line);
    }
    return all;
  }
  const check::Symbol* variable(std::string_view name) const {
    auto in = [&](const std::vector<check::Symbol*>& list) -> const check::Symbol* {
      for (const auto* symbol : list)
        if (symbol->name == name) return symbol;
      return nullptr;
    };
    if (const auto* symbol = in(program->script_variables)) return symbol;
    for (const auto* page : program->pages)
      if (const auto* symbol = in(page->variables)) return symbol;
    for (const auto* c : program->components)
      if (const auto* symbol = in(c->variables)) return symbol;
    return nullptr;
  }

 private:
  void add(std::string path, std::string text) {
    std::uint32_t number = sources.add(std::move(path), std::move(text));
    files.push_back(syntax::parse(sources, number, arena, diagnostics));
    files.back()->number = number;
  }
  void run() { program = check::check(files, sources, "app", bindings, diagnostics); }
};

}  // namespace flin::testing
