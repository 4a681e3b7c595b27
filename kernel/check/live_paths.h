// Small questions about trees that the parts of live values ask. Inside kernel/check only.
#pragma once

#include "check/program.h"
#include "check/walk.h"

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace flin::check {

// "params.id" of a path of the request or session; empty: it is none.
std::string path_of(const syntax::Expr* e);

// The slot that a child of a component use is content of; "children" without a mark.
std::string_view slot_of(const syntax::Node& node);

// The names that a pattern makes.
class PatternNames : public Walker {
 public:
  std::vector<const Symbol*> symbols;
  void pattern(syntax::Pattern* p) override {
    if (p != nullptr && p->symbol != nullptr) symbols.push_back(p->symbol);
    Walker::pattern(p);
  }
};

// The symbols that an expression names.
class NamesRead : public Walker {
 public:
  std::unordered_set<const Symbol*> symbols;
  void expr(syntax::Expr* e) override {
    if (e != nullptr && e->kind == syntax::ExprKind::kName)
      symbols.insert(syntax::as<syntax::NameExpr>(*e).symbol);
    Walker::expr(e);
  }
};

}  // namespace flin::check
