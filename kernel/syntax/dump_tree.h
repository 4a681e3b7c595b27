// The syntax tree as S-expressions, for tests and for looking at what the parser made. One line;
// what the checker adds is not shown.
//
//   x = a.len + 1       (= x (+ (. a len) 1))
//   <p class="c">{x}</p>  (view (p (class "c") {x}))
#pragma once

#include "syntax/ast.h"

#include <string>

namespace flin::syntax {

std::string dump_tree(const File& file);  // its statements, with a blank between two
std::string dump_tree(const Stmt& statement);
std::string dump_tree(const Expr& expression);
std::string dump_tree(const Node& node);
std::string dump_tree(const Pattern& pattern);
std::string dump_tree(const TypeNode& type);

}  // namespace flin::syntax
