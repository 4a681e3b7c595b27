// The views between the statements of a file or component, and the question whether a template
// block there is markup or code (L 5.6, 10.1).
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

namespace flin::syntax {

bool Parser::markup_starts(std::uint32_t offset) const {
  const char next = lex_.peek(offset + 1);
  return is_ascii_letter(next) || next == '>' || static_cast<unsigned char>(next) >= 0xC0;
}

Name Parser::template_word() const {
  if (!is(Tok::LeftBrace)) return {};
  for (Name word : {"if", "for", "match", "while", "each"})
    if (lex_.word_at(tok_.end, word)) return word;
  return {};
}

bool Parser::template_end_here() const {
  if (!is(Tok::LeftBrace)) return false;
  if (lex_.word_at(tok_.end, "else") || lex_.word_at(tok_.end, "elif")) return true;
  if (after_token() != '/') return false;
  for (Name word : {"if", "for", "match", "while", "each"})
    if (lex_.word_at(tok_.end + 1, word)) return true;
  return false;
}

// Markup, an interpolation or a template tag of the view of this file or component: takes it into
// the present run. False if something else stands here.
bool Parser::view_item(std::vector<Stmt*>& out, ViewRun& run) {
  if (is(Tok::LeftBrace)) {
    if (template_word().empty() ? (destructures() || map_starts()) : template_is_code())
      return false;
  } else if (!at_markup()) {
    return false;
  }
  const std::uint32_t begin = tok_.begin;
  const std::string_view between =
      source_.text().substr(run.end, begin > run.end ? begin - run.end : 0);
  const bool blank =
      run.view != nullptr && !between.empty() && between.find_first_not_of(" \t") == between.npos;
  std::vector<Node*> made;
  lex_.seek(begin);
  node(lex_.view(false), made);
  const std::uint32_t end = lex_.offset();
  if (blank) add_view_node(out, run, make<TextNode>(Span{file_, run.end, begin}, " "));
  for (Node* n : made) add_view_node(out, run, n);
  run.end = end;
  if (run.view != nullptr) run.view->span.end = end;
  panic_ = false;
  seek_code(end);
  if (!is(Tok::LeftBrace) && !at_markup()) end_statement();
  return true;
}

void Parser::add_view_node(std::vector<Stmt*>& out, ViewRun& run, Node* node) {
  if (node->kind == NodeKind::kElement) {
    auto& element = as<ElementNode>(*node);
    if (element.tag == "style" && element.children.empty()) {
      bool scoped = false;
      for (const Attribute* a : element.attributes) scoped |= a->name.text == "scoped";
      out.push_back(make<StyleStmt>(element.span, element.raw, scoped));
      return;
    }
  }
  if (run.view == nullptr) {
    run.view = make<ViewStmt>(node->span);
    out.push_back(run.view);
  }
  run.view->nodes.push_back(node);
}

// Whether the template block here holds statements only (L 5.6): it is tried. If it cannot be read
// as statements although nothing in it looks like markup, it counts as code too, with its errors.
bool Parser::template_is_code() {
  const State before = save();
  bool failed;
  {
    const Restore context(ctx_);
    Reporter::Quiet quiet(reporter_);
    trying_ = true;
    trial_failed_ = false;
    template_in_code(true);
    trying_ = false;
    failed = trial_failed_ || panic_ || quiet.found_errors();
  }
  restore(before);
  if (!failed) return true;
  std::uint32_t at = tok_.end;
  int depth = 1;  // behind the '}' of the tag
  while (lex_.peek(at) != '\0' && depth > 0) {
    depth += lex_.peek(at) == '{' ? 1 : lex_.peek(at) == '}' ? -1 : 0;
    ++at;
  }
  at = lex_.skip_space(at);
  const std::uint32_t name = static_cast<std::uint32_t>(name_end(source_.text(), at));
  if (name == at) return false;
  std::uint32_t next = name;
  while (is_blank(lex_.peek(next))) ++next;
  const char c = lex_.peek(next);
  const bool keyword_first = keyword(source_.text().substr(at, name - at)) != Tok::Name;
  return (c == '=' && lex_.peek(next + 1) != '=') || (c == '(' && next == name) || keyword_first;
}

}  // namespace flin::syntax
