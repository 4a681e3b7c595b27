// Elements, components, slots, and the raw content of script and style (L 9.5, 10.2, 10.11).
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

namespace flin::syntax {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool same_tag(std::string_view text, std::string_view tag) {
  if (text.size() < tag.size()) return false;
  for (std::size_t i = 0; i < tag.size(); ++i)
    if (lower(text[i]) != tag[i]) return false;
  return true;
}

}  // namespace

// `tag` is TagOpen; the lexer stands behind the name.
Node* Parser::element(const Token& tag) {
  const Nest nest(*this);
  const Span at{file_, tag.begin, tag.end};
  if (is_too_deep()) {
    note_error(Code::E0214, at, {});
    skip_markup();
    return nullptr;
  }
  const bool is_component = is_type_name(tag.value);
  std::vector<Attribute*> given;
  const TagKind kind = attributes(tag, is_component, given);
  if (kind == TagKind::kBroken) return nullptr;
  const bool has_children = kind == TagKind::kOpen && (is_component || !is_void_element(tag.value));
  if (has_children && (tag.value == "script" || tag.value == "style")) {
    auto* out = make<ElementNode>(at, tag.value);
    out->attributes = std::move(given);
    raw_content(*out, at);
    out->span.end = lex_.offset();
    return out;
  }
  std::vector<Node*> children;
  if (has_children) children_of(tag, children);
  const Span whole{file_, tag.begin, lex_.offset()};
  if (is_component) {
    auto* out = make<ComponentNode>(whole, Word{tag.value, {file_, tag.begin + 1, tag.end}});
    out->attributes = std::move(given);
    out->children = std::move(children);
    return out;
  }
  return element_or_slot(tag.value, whole, std::move(given), std::move(children));
}

Node* Parser::element_or_slot(Name tag, Span at, std::vector<Attribute*> given,
                              std::vector<Node*> children) {
  if (tag == "slot") {
    auto* out = make<SlotNode>(at, "children");
    for (const Attribute* a : given)
      if (a->name.text == "name" && a->kind == AttributeKind::kStatic) out->name = a->text;
    out->fallback = std::move(children);
    return out;
  }
  auto* out = make<ElementNode>(at, tag);
  out->attributes = std::move(given);
  out->children = std::move(children);
  out->is_void = is_void_element(tag);
  if (tag == "table") complete_table(*out, arena_);
  return out;
}

// The content and the end tag.
void Parser::children_of(const Token& tag, std::vector<Node*>& children) {
  const Restore space(preserve_space_);
  preserve_space_ |= tag.value == "pre" || tag.value == "textarea";
  const Span at{file_, tag.begin, tag.end};
  const std::size_t opened = open_.size();
  open_.push_back({false, tag.value, at});
  nodes(children, false);
  while (skips_stray_close(tag.value)) nodes(children, false);
  open_.resize(opened);
  close_element(tag.value, at);
}

// `</b>` inside <a> where no b is open: it is left out if the end of <a> comes next.
bool Parser::skips_stray_close(Name tag) {
  const Token& end = last_view_token_;
  if (end.kind != Tok::TagClose || end.value == tag || closes_outer(end)) return false;
  const std::size_t next = source_.text().find("</", end.end);
  if (next == std::string_view::npos) return false;
  const std::string_view rest = source_.text().substr(next + 2);
  const bool own =
      rest.substr(0, tag.size()) == tag &&
      (rest.size() <= tag.size() || rest[tag.size()] == '>' || is_space(rest[tag.size()]));
  if (!own) return false;
  stray_close(end);
  return true;
}

void Parser::close_element(Name tag, Span open) {
  const Token end = last_view_token_;
  if (end.kind == Tok::TagClose && end.value == tag) return;
  if (end.kind == Tok::TagClose) {
    Diagnostic& d = note_error(Code::E0501, {file_, end.begin, end.end}, {tag, end.value});
    d.others.push_back({open, "opened here"});
    if (closes_outer(end)) lex_.seek(end.begin);
    return;
  }
  Diagnostic& d = note_error(Code::E0502, open, {tag});
  const std::string name(tag);
  d.helps = {tag.empty() ? "add </>" : "add </" + name + "> or write <" + name + "/>"};
  lex_.seek(end.begin);
}

// ---- script and style ----

void Parser::raw_content(ElementNode& element, Span open) {
  const std::string_view text = source_.text();
  const std::uint32_t begin = lex_.offset();
  std::size_t end = begin;
  for (;; ++end) {
    end = text.find("</", end);
    if (end == text.npos || same_tag(text.substr(end + 2), element.tag)) break;
  }
  if (end == text.npos) {
    const std::string name(element.tag);
    note_error(Code::E0502, open, {element.tag}).helps = {"add </" + name + "> or write <" + name +
                                                          "/>"};
    element.raw = text.substr(begin);
    return lex_.seek(static_cast<std::uint32_t>(text.size()));
  }
  element.raw = text.substr(begin, end - begin);
  if (element.raw.find("{json(") != element.raw.npos) raw_json(element, begin);
  const std::size_t close = text.find('>', end);
  lex_.seek(static_cast<std::uint32_t>(close == text.npos ? text.size() : close + 1));
}

// `{json(e)}` in raw content is the one interpolation there; the children are the parts.
void Parser::raw_json(ElementNode& element, std::uint32_t begin) {
  const std::string_view text = source_.text();
  const std::uint32_t end = begin + static_cast<std::uint32_t>(element.raw.size());
  std::uint32_t from = begin;
  for (;;) {
    const std::size_t found = text.find("{json(", from);
    const std::uint32_t at =
        found == text.npos || found >= end ? end : static_cast<std::uint32_t>(found);
    if (at > from)
      element.children.push_back(
          make<TextNode>(Span{file_, from, at}, text.substr(from, at - from)));
    if (at == end) return;
    Expr* value = view_expression(at + 1);
    end_view_brace(at);
    from = lex_.offset();
    if (from > end) return;
    element.children.push_back(make<InterpolationNode>(Span{file_, at, from}, value));
  }
}

// ---- Markup that is nested too deep: to the end of the element whose tag has just been read ----

void Parser::skip_markup() {
  Reporter::Quiet quiet(reporter_);
  int depth = 1;
  bool in_tag = true;
  while (depth > 0) {
    if (in_tag) {
      const Token token = lex_.tag();
      if (token.kind == Tok::End) return;
      if (token.kind == Tok::TagSelfClose) --depth;
      in_tag = token.kind != Tok::TagSelfClose && token.kind != Tok::TagEnd &&
               token.kind != Tok::RightBrace;
      continue;
    }
    const Token token = lex_.view(false);
    if (token.kind == Tok::End) return;
    if (token.kind == Tok::TagClose || token.kind == Tok::TemplateEnd) --depth;
    in_tag = (token.kind == Tok::TagOpen && !is_void_element(token.value)) ||
             token.kind == Tok::TemplateTag;
    if (in_tag) ++depth;
  }
}

}  // namespace flin::syntax
