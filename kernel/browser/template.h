// What the template of a page is to a parser of HTML (W 2): the same decisions as kernel/compile
// makes when it writes the document, since adoption walks both.
#pragma once

#include "check/program.h"
#include "syntax/ast.h"

#include <string>
#include <string_view>
#include <vector>

namespace flin::browser {

// ---- Types ----
const check::Type* without_none(const check::Type* type);
bool is_tag(const check::Type* type, check::TypeTag tag);
// What the consumer of the expression gets.
const check::Type* type_of(const syntax::Expr& expr);

// ---- Expressions ----
// "a.b.c" for a name or a path of names; empty for anything else.
std::string path_of(const syntax::Expr& expr);
// As written, for names, members and items: what `bind={xs[0]}` is bound to.
std::string written(const syntax::Expr& expr);
// raw(e): the argument.
const syntax::Expr* raw_operand(const syntax::Expr& expr);
// What may turn out to be a view or a list has marks around it.
bool may_be_nodes(const check::Type* type);

// ---- Nodes ----
// Whether the node is a static text or a text binding.
bool is_text(const syntax::Node& node);
// Children without fragments around them.
std::vector<syntax::Node*> flat(const std::vector<syntax::Node*>& nodes);
struct TableRun {
  std::string_view wrap;  // "tbody", "colgroup", "": stays
  std::vector<syntax::Node*> nodes;
};
// Runs of children of a table that a parser would put into an element of their own.
std::vector<TableRun> table_runs(const std::vector<syntax::Node*>& children);
// The slot that content is marked for; "children" without a mark.
std::string_view slot_of(const syntax::Node& node);
// The view of a page: what belongs to the head, and what to the body.
struct PageNodes {
  std::vector<syntax::Node*> head, body;
};
PageNodes page_nodes(const std::vector<const syntax::ViewStmt*>& views);

// ---- Elements ----
bool holds_one_text(std::string_view tag);
const syntax::Attribute* find_attribute(const syntax::ElementNode& node, std::string_view name);
const syntax::Attribute* bind_of(const syntax::ElementNode& node);
std::string_view type_attribute(const syntax::ElementNode& node);
// The handler of a form that works without scripts (L 10.12).
const check::Handler* form_handler(const syntax::ElementNode& node);
bool has_file_input(const std::vector<syntax::Node*>& nodes);

// Static text as the DOM holds it: character references turned into characters.
std::string decoded(std::string_view html);

}  // namespace flin::browser
