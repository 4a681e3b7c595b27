// What the compiler must know of HTML to write templates that a parser reads back as written (W 2).
#pragma once

#include "syntax/ast.h"

#include <string>
#include <string_view>
#include <vector>

namespace flin::compile {

// Elements whose content is one text without marks.
bool holds_one_text(std::string_view tag);
// Elements in which a parser drops a first newline.
bool drops_first_newline(std::string_view tag);
// Elements that belong to the head when they stand at the root of a page.
bool is_head_element(std::string_view tag);

// Static text as it is written: CR as &#13;, U+0000 as U+FFFD.
std::string static_text(std::string_view html);
// ` name="value"`, the value being HTML as written.
std::string static_attribute(std::string_view name, std::string_view value);
// A text as HTML between quotes.
std::string escaped(std::string_view text);
// Turns the character references of `html` into characters; false if there is one it does not know.
bool decode_references(std::string_view html, std::string& out);

// Children without fragments around them.
std::vector<syntax::Node*> flat(const std::vector<syntax::Node*>& nodes);
// Runs of children of a table, in order, that a parser would put into `wrap` ("tbody", "colgroup";
// "": stays).
struct TableRun {
  std::string_view wrap;
  std::vector<syntax::Node*> nodes;
};
std::vector<TableRun> table_runs(const std::vector<syntax::Node*>& children);

}  // namespace flin::compile
