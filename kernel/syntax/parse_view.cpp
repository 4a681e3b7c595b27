// Nodes of a view and template tags (L 10.2 - 10.4). The functions here read with the lexer in View
// mode and leave it, not tok_, behind what they have read. Errors are reported and recovered from
// on the spot: panic_ is never set when one of them returns.
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

namespace flin::syntax {

// Up to a token that ends them: last_view_token_.
void Parser::nodes(std::vector<Node*>& out, bool in_braces) {
  for (;;) {
    const Token token = lex_.view(in_braces);
    const bool close = token.kind == Tok::TagClose || token.kind == Tok::TemplateEnd ||
                       token.kind == Tok::TemplateElse;
    if (close || token.kind == Tok::RightBrace || token.kind == Tok::End) {
      last_view_token_ = token;
      break;
    }
    node(token, out);
  }
  whitespace_rule(out);
}

bool Parser::node(const Token& token, std::vector<Node*>& out) {
  const Span at{file_, token.begin, token.end};
  switch (token.kind) {
    case Tok::MarkupText: out.push_back(make<TextNode>(at, token.value)); return true;
    case Tok::LeftBrace: interpolation_node(token.begin, out); return true;
    case Tok::TagOpen: {
      Node* made = element(token);
      if (made != nullptr) out.push_back(made);
      return true;
    }
    case Tok::TemplateTag: {
      Node* made = template_node(token, out);
      if (made != nullptr) out.push_back(made);
      return true;
    }
    default: {
      note_error(Code::E0201, at, {"markup", "'<!'"}).helps = {
          "FLIN writes the document type itself"};
      std::uint32_t end = token.end;
      while (lex_.peek(end) != '>' && lex_.peek(end) != '\0' && lex_.peek(end) != '\n') ++end;
      lex_.seek(lex_.peek(end) == '>' ? end + 1 : end);
      return false;
    }
  }
}

// White space that holds a newline is dropped at the edges of a text and one blank inside it.
void Parser::whitespace_rule(std::vector<Node*>& nodes) {
  if (preserve_space_) return;
  for (Node* node : nodes) {
    if (node->kind != NodeKind::kText) continue;
    auto& text = as<TextNode>(*node);
    if (text.html.find('\n') == text.html.npos) continue;
    std::string out;
    for (std::size_t at = 0; at < text.html.size();) {
      std::size_t end = at;
      while (end < text.html.size() && is_space(text.html[end])) ++end;
      const std::string_view space = text.html.substr(at, end - at);
      const bool edge = at == 0 || end == text.html.size();
      if (space.find('\n') == space.npos)
        out += space;
      else if (!edge)
        out += ' ';
      at = end;
      while (at < text.html.size() && !is_space(text.html[at])) out += text.html[at++];
    }
    text.html = arena_.text(out);
  }
  std::erase_if(nodes, [](const Node* node) {
    return node->kind == NodeKind::kText && as<TextNode>(*node).html.empty();
  });
}

// ---- Interpolations ----

void Parser::interpolation_node(std::uint32_t brace, std::vector<Node*>& out) {
  const std::uint32_t begin = lex_.skip_space(lex_.offset());
  if (lex_.peek(begin) == '}') return lex_.seek(begin + 1);
  Expr* value = view_expression(lex_.offset());
  end_view_brace(brace);
  Node* slot = slot_for(value);
  if (slot == nullptr) slot = make<InterpolationNode>(Span{file_, brace, lex_.offset()}, value);
  out.push_back(slot);
}

// {children} and {props.children} (L 9.5)
Node* Parser::slot_for(Expr* value) {
  bool is_slot = value->kind == ExprKind::kName && as<NameExpr>(*value).name == "children";
  if (value->kind == ExprKind::kMember) {
    const auto& member = as<MemberExpr>(*value);
    is_slot = member.name.text == "children" && member.object->kind == ExprKind::kName &&
              as<NameExpr>(*member.object).name == "props";
  }
  return is_slot ? make<SlotNode>(value->span, "children") : nullptr;
}

// The expression at `offset`; tok_ is what follows it.
Expr* Parser::view_expression(std::uint32_t offset) {
  const Nest nest(*this);
  const Restore restore(ctx_);
  const Restore opened(first_open_);
  first_open_ = open_.size();
  ctx_.ignore_newlines = true;
  ctx_.no_brace = ctx_.no_at = ctx_.root = ctx_.declarations = ctx_.in_template = ctx_.in_loop =
      ctx_.in_function = false;
  seek_code(offset);
  Expr* value = expression();
  reject_change();
  return value;
}

// Assignments have no place in what a view shows (L 10.4).
void Parser::reject_change() {
  const bool step = is(Tok::PlusPlus) || is(Tok::MinusMinus);
  const bool assigns = tok_.kind >= Tok::Assign && tok_.kind <= Tok::QuestionQuestionAssign;
  if (panic_ || (!step && !assigns)) return;
  note_error(Code::E0512, span(), {});
  advance();
  if (assigns) expression();
}

// At the '}' of `{ expr }`, else recovers to it, or to the next tag, or to the end of the line.
void Parser::end_view_brace(std::uint32_t open) {
  if (is(Tok::RightBrace)) {
    panic_ = false;
    return lex_.seek(tok_.end);
  }
  if (is(Tok::End))
    report_not_closed("{", {file_, open, open + 1});
  else
    unexpected("'}'").others.push_back({{file_, open, open + 1}, "opened here"});
  panic_ = false;
  int depth = 0;
  std::uint32_t tag = 0, at = tok_.begin;
  for (; lex_.peek(at) != '\n' && lex_.peek(at) != '\0'; ++at) {
    const char c = lex_.peek(at);
    if (c == '{') ++depth;
    if (c == '}' && depth-- == 0) return lex_.seek(at + 1);
    if (c == '<' && tag == 0) tag = at;
  }
  lex_.seek(tag != 0 ? tag : at);
}

// ---- Template tags ----

// Null if the tag was an expression in braces, which is then in `out`.
Node* Parser::template_node(const Token& tag, std::vector<Node*>& out) {
  const Nest nest(*this);
  if (is_too_deep()) {
    note_error(Code::E0214, {file_, tag.begin, tag.end}, {});
    skip_markup();
    return nullptr;
  }
  const Restore restore(ctx_);
  ctx_.ignore_newlines = ctx_.no_brace = true;
  ctx_.no_at = ctx_.root = ctx_.declarations = ctx_.in_template = ctx_.in_loop = ctx_.in_function =
      false;
  seek_code(lex_.offset());
  const std::size_t opened = open_.size();
  open_.push_back({true, tag.value, {file_, tag.begin, tag.end}});
  Expr* value = nullptr;
  Node* made = nullptr;
  if (tag.value == "if")
    made = if_node(tag, value);
  else if (tag.value == "match")
    made = match_node(tag);
  else
    made = loop_node(tag, value);
  open_.resize(opened);
  if (value != nullptr) {
    if (!is(Tok::RightBrace)) unexpected("'}'");
    end_view_brace(tag.begin);
    out.push_back(make<InterpolationNode>(Span{file_, tag.begin, lex_.offset()}, value));
    return nullptr;
  }
  made->span = {file_, tag.begin, lex_.offset()};
  return made;
}

// The nodes of one branch; ends at {else .. or the end tag. End tags of elements that are open
// nowhere are reported and left out.
void Parser::branch_nodes(std::vector<Node*>& out) {
  for (;;) {
    nodes(out, false);
    if (last_view_token_.kind != Tok::TagClose || closes_outer(last_view_token_)) return;
    stray_close(last_view_token_);
  }
}

void Parser::stray_close(const Token& token) {
  note_error(Code::E0204, {file_, token.begin, token.end},
             {lex_.text().substr(token.begin, token.end - token.begin)});
}

// With `value` instead, if the condition is followed by '{' or `then`.
Node* Parser::if_node(const Token& tag, Expr*& value) {
  auto* out = make<IfNode>(Span{file_, tag.begin, tag.end});
  Condition first = condition();
  if (!panic_ && is_word("then")) {
    value = then_else(tag.begin, first.value);
    return nullptr;
  }
  if (!panic_ && is(Tok::LeftBrace)) {
    ctx_.no_brace = false;
    value = if_rest(tag.begin, first);
    return nullptr;
  }
  end_view_brace(tag.begin);
  out->branches.push_back({first, {}});
  branch_nodes(out->branches.back().children);
  while (last_view_token_.kind == Tok::TemplateElse) {
    const Token tag_else = last_view_token_;
    seek_code(lex_.offset());
    const bool again = tag_else.value == "elif" || is(Tok::If);
    if (again) {
      accept(Tok::If);
      const Condition next = condition();
      end_view_brace(tag_else.begin);
      out->branches.push_back({next, {}});
      branch_nodes(out->branches.back().children);
    } else {
      end_view_brace(tag_else.begin);
      out->has_otherwise = true;
      branch_nodes(out->otherwise);
    }
  }
  template_node_end("if", open_.back().span);
  return out;
}

// {for ..}, {each ..}, {while ..}
Node* Parser::loop_node(const Token& tag, Expr*& value) {
  const Span at{file_, tag.begin, tag.end};
  if (tag.value == "while") {
    auto* out = make<WhileNode>(at);
    out->condition = condition();
    end_view_brace(tag.begin);
    branch_nodes(out->children);
    template_node_end("while", at);
    return out;
  }
  auto* out = make<ForNode>(at);
  const bool each = tag.value == "each";
  out->head = each ? each_head() : for_head();
  if (!each && !panic_ && is(Tok::LeftBrace)) {
    ctx_.no_brace = false;
    auto* loop = make<ForExpr>(at);
    loop->head = out->head;
    loop->body = loop_body("for", {});
    value = loop;
    return nullptr;
  }
  if (!panic_ && accept_word("key")) out->key = expression();
  end_view_brace(tag.begin);
  branch_nodes(out->children);
  if (last_view_token_.kind == Tok::TemplateElse && last_view_token_.value == "else") {
    const Token tag_else = last_view_token_;
    seek_code(lex_.offset());
    end_view_brace(tag_else.begin);
    branch_nodes(out->otherwise);
  }
  template_node_end(tag.value, at);
  return out;
}

// {match e { p -> <a/> .. }} [{/match}]
Node* Parser::match_node(const Token& tag) {
  auto* out = make<MatchNode>(Span{file_, tag.begin, tag.end});
  out->subject = condition_expression();
  const Span open = span();
  if (is(Tok::LeftBrace) && !panic_) {
    ctx_.ignore_newlines = ctx_.no_brace = false;
    advance();
    while (!is(Tok::RightBrace) && !is(Tok::End)) {
      if (accept(Tok::Semicolon) || accept(Tok::Comma)) continue;
      const std::uint32_t begin = tok_.begin;
      MatchNode::Arm arm{pattern(), nullptr, {}};
      if (!panic_ && accept(Tok::If)) arm.guard = expression();
      expect(Tok::Arrow);
      if (!panic_) match_arm_nodes(arm.children);
      out->arms.push_back(arm);
      end_arm(begin);
    }
    expect_close(Tok::RightBrace, open);
  } else {
    unexpected("'{'").helps = {"write {match e { pattern -> .. }}"};
  }
  end_view_brace(tag.begin);
  std::uint32_t at = lex_.offset();
  while (is_space(lex_.peek(at))) ++at;
  if (lex_.starts_with(at, "{/match}")) lex_.seek(at + 8);
  return out;
}

// Behind the arrow of an arm: markup, a template block, an expression or a block.
void Parser::match_arm_nodes(std::vector<Node*>& out) {
  const bool block_here = is(Tok::LeftBrace) && template_word().empty() && !map_starts();
  if (at_markup() || (is(Tok::LeftBrace) && !template_word().empty())) {
    const Restore restore(first_open_);
    first_open_ = open_.size();
    do {
      lex_.seek(tok_.begin);
      node(lex_.view(false), out);
      seek_code(lex_.offset());
    } while (at_markup() && !tok_.newline_before);
    return;
  }
  Expr* value;
  if (block_here) {
    Block* body = block("->");
    value = make<BlockExpr>(body->span, body);
    const bool single =
        body->statements.size() == 1 && body->statements[0]->kind == StmtKind::kExpr;
    if (single) value = as<ExprStmt>(*body->statements[0]).value;
  } else {
    value = expression();
    reject_change();
  }
  if (value->kind == ExprKind::kMarkup)
    out = as<MarkupExpr>(*value).nodes;
  else
    out.push_back(make<InterpolationNode>(value->span, value));
}

void Parser::template_node_end(Name word, Span open) {
  const Token& end = last_view_token_;
  const Span at{file_, end.begin, end.end};
  if (end.kind == Tok::TemplateEnd && end.value == word) return;
  if (end.kind == Tok::TemplateEnd) {
    note_error(Code::E0215, at, {end.value, word}).others.push_back({open, "opened here"});
    if (closes_outer(end)) lex_.seek(end.begin);
    return;
  }
  if (end.kind == Tok::TemplateElse) {
    note_error(Code::E0204, at, {lex_.text().substr(end.begin, end.end - end.begin)});
    const std::uint32_t behind = lex_.behind_bracket(end.begin, 1000);
    if (behind != 0) lex_.seek(behind);
    return;
  }
  note_error(Code::E0203, at, {"{" + std::string(word) + "}"})
      .others.push_back({open, "opened here"});
  lex_.seek(end.begin);
}

// Whether the end tag belongs to something open around the innermost open thing.
bool Parser::closes_outer(const Token& token) const {
  for (std::size_t i = first_open_; i < open_.size(); ++i)
    if (open_[i].name == token.value && open_[i].is_template == (token.kind == Tok::TemplateEnd))
      return true;
  return false;
}

}  // namespace flin::syntax
