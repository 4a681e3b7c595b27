// Attributes: static, mixed, expression, bare, spread, events with modifiers, bind (L 10.6 - 10.9).
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

namespace flin::syntax {

namespace {

// The event of an attribute that handles one, or "": click, onclick, on-whatever.
Name event_of(Name name) {
  if (is_dom_event(name)) return name;
  if (name.substr(0, 3) == "on-") return name.substr(3);
  if (name.substr(0, 2) == "on" && is_dom_event(name.substr(2))) return name.substr(2);
  return {};
}

}  // namespace

// Up to the end of the tag.
Parser::TagKind Parser::attributes(const Token& tag, bool is_component,
                                   std::vector<Attribute*>& out) {
  for (;;) {
    const Token token = lex_.tag();
    const Span at{file_, token.begin, token.end};
    switch (token.kind) {
      case Tok::TagEnd:
      case Tok::TagSelfClose:
        check_twice(out);
        return token.kind == Tok::TagEnd ? TagKind::kOpen : TagKind::kSelfClosed;
      case Tok::AttributeName: {
        Attribute* made = named_attribute(token, is_component);
        if (made != nullptr) out.push_back(made);
        break;
      }
      case Tok::LeftBrace: {
        Attribute* made = spread_attribute(token);
        if (made != nullptr) out.push_back(made);
        break;
      }
      case Tok::Less:  // the tag was not ended: the next one begins
        note_error(Code::E0201, at, {"'>'", "'<'"})
            .others.push_back({{file_, tag.begin, tag.end}, "opened here"});
        lex_.seek(token.begin);
        return TagKind::kOpen;
      case Tok::End: {
        Diagnostic& d = note_error(Code::E0203, at, {"<" + std::string(tag.value)});
        d.others.push_back({{file_, tag.begin, tag.end}, "opened here"});
        return TagKind::kBroken;
      }
      default: {
        const std::string found =
            "'" + std::string(source_.text().substr(token.begin, token.end - token.begin)) + "'";
        note_error(Code::E0201, at, {"an attribute", found});
        skip_quoted(token);
        break;
      }
    }
  }
}

// Behind a quote that stands where none may: to the end of what is quoted, if that is on this line.
void Parser::skip_quoted(const Token& quote) {
  if (quote.kind != Tok::TextStart) return;
  std::uint32_t at = quote.end;
  while (lex_.peek(at) != quote.quote && lex_.peek(at) != '\n' && lex_.peek(at) != '>' &&
         lex_.peek(at) != '\0')
    ++at;
  lex_.seek(lex_.peek(at) == quote.quote ? at + 1 : at);
}

Attribute* Parser::spread_attribute(const Token& brace) {
  seek_code(brace.end);
  if (!is(Tok::Ellipsis)) {
    unexpected("'...' or a name of an attribute");
    end_view_brace(brace.begin);
    return nullptr;
  }
  auto* out = make<Attribute>();
  out->kind = AttributeKind::kSpread;
  out->value = view_expression(tok_.end);
  end_view_brace(brace.begin);
  out->span = {file_, brace.begin, lex_.offset()};
  return out;
}

Attribute* Parser::named_attribute(const Token& name, bool is_component) {
  auto* out = make<Attribute>();
  const Span at{file_, name.begin, name.end};
  out->name = {name.value, at};
  out->kind = AttributeKind::kBare;
  modifiers(*out);
  const Name event = is_component ? Name() : event_of(name.value);
  const Name as_written = name.value;
  if (!event.empty()) {
    out->kind = AttributeKind::kEvent;
    out->name.text = event;
  }
  const std::uint32_t behind = lex_.offset();
  if (lex_.tag().kind != Tok::Assign) {
    lex_.seek(behind);
    if (!event.empty()) {
      note_error(Code::E0503, at, {as_written});
      return nullptr;
    }
  } else {
    const Token value = lex_.tag();
    if (!attribute_value(*out, is_component, value, as_written)) return nullptr;
  }
  out->span = {file_, name.begin, lex_.offset()};
  check_modifiers(*out, is_component, as_written);
  return out;
}

// .prevent .debounce(300) ..: directly behind the name.
void Parser::modifiers(Attribute& attribute) {
  while (lex_.peek(lex_.offset()) == '.') {
    const std::uint32_t begin = lex_.offset() + 1;
    const std::uint32_t end = static_cast<std::uint32_t>(name_end(source_.text(), begin));
    Attribute::Modifier modifier{{source_.text().substr(begin, end - begin), {file_, begin, end}},
                                 nullptr};
    lex_.seek(end);
    if (end == begin) {
      note_error(Code::E0201, {file_, begin - 1, begin}, {"a modifier", "'.'"});
      continue;
    }
    if (lex_.peek(end) == '(') {
      const Restore restore(ctx_);
      ctx_.root = ctx_.declarations = false;
      seek_code(end);
      const std::vector<Argument> given = arguments();
      panic_ = false;
      if (!given.empty()) modifier.argument = given[0].value;
      lex_.seek(prev_end_);
    }
    attribute.modifiers.push_back(modifier);
  }
}

// False if the attribute is to be left out.
bool Parser::attribute_value(Attribute& attribute, bool is_component, const Token& start,
                             Name as_written) {
  const bool event = attribute.kind == AttributeKind::kEvent;
  const bool bind = !is_component && as_written == "bind";
  if (start.kind == Tok::TextStart) {
    quoted_value(attribute, start);
    const Span at{file_, start.begin, lex_.offset()};
    if (event) {
      const std::string code =
          attribute.kind == AttributeKind::kStatic ? std::string(attribute.text) : "..";
      note_error(Code::E0503, at, {as_written}).helps = {"write " + std::string(as_written) + "={" +
                                                         code + "}"};
    } else if (bind) {
      note_error(Code::E0201, at, {"'{'", "a text"}).helps = {"write bind={..}"};
    }
    return !event && !bind;
  }
  if (start.kind == Tok::LeftBrace) {
    if (event) {
      handler_value(attribute, start.begin);
      return true;
    }
    attribute.kind = bind ? AttributeKind::kBind : AttributeKind::kExpr;
    attribute.value = view_expression(start.end);
    end_view_brace(start.begin);
    return true;
  }
  const std::string found =
      start.kind == Tok::End
          ? "the end of the file"
          : "'" + std::string(source_.text().substr(start.begin, start.end - start.begin)) + "'";
  note_error(Code::E0201, {file_, start.begin, start.end}, {"a quoted value or '{'", found});
  if (start.kind == Tok::TagEnd || start.kind == Tok::TagSelfClose || start.kind == Tok::End)
    lex_.seek(start.begin);
  return false;
}

// Statements separated by `;` or newlines, run as L 6.7 says.
void Parser::handler_value(Attribute& attribute, std::uint32_t brace) {
  const Nest nest(*this);
  const Restore restore(ctx_);
  const Restore opened(first_open_);
  first_open_ = open_.size();
  ctx_ = Context();
  ctx_.in_function = true;
  ctx_.first_label = labels_.size();
  attribute.handler_body = make<Block>();
  seek_code(brace + 1);
  if (!is_too_deep())
    statements(attribute.handler_body->statements);
  else
    error(Code::E0214, span(), {});
  end_view_brace(brace);
  attribute.handler_body->span = {file_, brace, lex_.offset()};
}

// ---- Quoted values ----

void Parser::quoted_value(Attribute& attribute, const Token& open) {
  std::vector<Expr*> parts;
  quoted_parts(open.quote, parts);
  const Token end = last_view_token_;
  if (end.kind == Tok::End) {
    note_error(Code::E0102, {file_, open.begin, open.end}, {}).helps = {"add the quote"};
    std::uint32_t at = open.end;
    while (lex_.peek(at) != '>' && lex_.peek(at) != '\n' && lex_.peek(at) != '\0') ++at;
    lex_.seek(at);
  } else if (end.kind != Tok::TextEnd) {
    note_error(Code::E0204, {file_, end.begin, end.end},
               {lex_.text().substr(end.begin, end.end - end.begin)});
    quoted_value(attribute,
                 {end.kind, end.begin, end.end, false, false, open.quote, 0, {}, {}, 0, 0});
    return;
  }
  const bool is_static = parts.empty() || (parts.size() == 1 && parts[0]->kind == ExprKind::kText);
  attribute.kind = attribute.kind == AttributeKind::kEvent && !is_static ? AttributeKind::kEvent
                   : is_static                                           ? AttributeKind::kStatic
                                                                         : AttributeKind::kMixed;
  if (!is_static)
    attribute.parts = std::move(parts);
  else if (!parts.empty())
    attribute.text = as<TextExpr>(*parts[0]).value;
}

// Up to the quote, or to {else} or {/if}: last_view_token_.
void Parser::quoted_parts(char quote, std::vector<Expr*>& parts) {
  for (;;) {
    const Token token = lex_.attribute(quote);
    const Span at{file_, token.begin, token.end};
    if (token.kind == Tok::MarkupText) {
      parts.push_back(make<TextExpr>(at, token.value));
    } else if (token.kind == Tok::LeftBrace) {
      const std::uint32_t begin = lex_.skip_space(token.end);
      if (lex_.peek(begin) == '}') {
        lex_.seek(begin + 1);
        continue;
      }
      parts.push_back(view_expression(token.end));
      end_view_brace(token.begin);
    } else if (token.kind == Tok::TemplateTag && token.value == "if") {
      parts.push_back(quoted_if(token, quote));
    } else if (token.kind == Tok::TemplateTag) {
      note_error(Code::E0201, at, {"{if}", "'{" + std::string(token.value) + "'"}).helps = {
          "compute the text before, with map and join"};
      seek_code(token.end);
      for (int depth = 0; !is(Tok::End) && !(is(Tok::RightBrace) && depth == 0); advance())
        depth += is(Tok::LeftBrace) ? 1 : is(Tok::RightBrace) ? -1 : 0;
      lex_.seek(tok_.end);
    } else {
      last_view_token_ = token;
      return;
    }
  }
}

// {if c}..{else if d}..{else}..{/if} inside a quoted value.
Expr* Parser::quoted_if(const Token& tag, char quote) {
  const Nest nest(*this);
  Expr* condition = nullptr;
  Expr* braced = nullptr;
  if (is_too_deep()) {
    note_error(Code::E0214, {file_, tag.begin, tag.end}, {});
    lex_.seek(static_cast<std::uint32_t>(source_.text().size()));
    return broken(tag.begin);
  }
  {
    const Restore restore(ctx_);
    ctx_.ignore_newlines = ctx_.no_brace = true;
    ctx_.root = ctx_.declarations = false;
    seek_code(tag.end);
    accept(Tok::If);  // behind {else
    condition = expression();
    if (!panic_ && is_word("then")) braced = then_else(tag.begin, condition);
    end_view_brace(tag.begin);
  }
  if (braced != nullptr) return braced;
  std::vector<Expr*> then, otherwise;
  quoted_parts(quote, then);
  Expr* rest = nullptr;
  if (last_view_token_.kind == Tok::TemplateElse) {
    const Token other = last_view_token_;
    const std::uint32_t next = lex_.skip_space(other.end);
    if (other.value == "elif" || lex_.word_at(next, "if")) {
      rest = quoted_if(other, quote);
      return make<ConditionalExpr>(Span{file_, tag.begin, lex_.offset()}, condition,
                                   joined(then, tag.begin), rest);
    }
    seek_code(other.end);
    end_view_brace(other.begin);
    quoted_parts(quote, otherwise);
    rest = joined(otherwise, other.begin);
  }
  const Token& end = last_view_token_;
  const Span at{file_, tag.begin, tag.end}, end_at{file_, end.begin, end.end};
  if (end.kind == Tok::TemplateEnd && end.value != "if") {
    note_error(Code::E0215, end_at, {end.value, "if"}).others.push_back({at, "opened here"});
  } else if (end.kind != Tok::TemplateEnd) {
    note_error(Code::E0203, end_at, {"{if}"}).others.push_back({at, "opened here"});
    lex_.seek(end.begin);
  }
  return make<ConditionalExpr>(Span{file_, tag.begin, lex_.offset()}, condition,
                               joined(then, tag.begin), rest);
}

Expr* Parser::joined(std::vector<Expr*> parts, std::uint32_t begin) {
  const Span at{file_, begin, lex_.offset()};
  if (parts.empty()) return make<TextExpr>(at, "");
  if (parts.size() == 1 && parts[0]->kind == ExprKind::kText) return parts[0];
  auto* out = make<InterpolationExpr>(at);
  out->parts = std::move(parts);
  return out;
}

// ---- Checks ----

void Parser::check_modifiers(const Attribute& attribute, bool is_component, Name as_written) {
  const bool event = !is_component && attribute.kind == AttributeKind::kEvent;
  const bool any_key =
      event && (is_key_event(attribute.name.text) || as_written.substr(0, 3) == "on-");
  for (const Attribute::Modifier& modifier : attribute.modifiers) {
    const Name name = modifier.name.text;
    const bool known = (event && is_event_modifier(name)) || (any_key && is_key_modifier(name)) ||
                       (attribute.kind == AttributeKind::kBind && name == "lazy");
    if (known) continue;
    Diagnostic& d = note_error(Code::E0505, modifier.name.span, {name});
    if (event && is_key_modifier(name))
      d.helps = {"." + std::string(name) + " is for keydown, keyup and keypress"};
    if (!event)
      d.helps = {attribute.kind == AttributeKind::kBind ? "bind has the modifier .lazy"
                                                        : "modifiers belong to events and bind"};
  }
}

// The same event may be given twice with other modifiers, nothing else (E0511).
void Parser::check_twice(const std::vector<Attribute*>& attributes) {
  const auto same = [](const Attribute& a, const Attribute& b) {
    if (a.name.text != b.name.text || a.kind == AttributeKind::kSpread ||
        b.kind == AttributeKind::kSpread)
      return false;
    if ((a.kind == AttributeKind::kEvent) != (b.kind == AttributeKind::kEvent)) return false;
    if (a.modifiers.size() != b.modifiers.size()) return a.kind != AttributeKind::kEvent;
    for (std::size_t i = 0; i < a.modifiers.size(); ++i)
      if (a.modifiers[i].name.text != b.modifiers[i].name.text)
        return a.kind != AttributeKind::kEvent;
    return true;
  };
  for (std::size_t i = 1; i < attributes.size() && i < 256; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (!same(*attributes[i], *attributes[j])) continue;
      Diagnostic& d = note_error(Code::E0511, attributes[i]->name.span, {attributes[i]->name.text});
      d.others.push_back({attributes[j]->name.span, "given here"});
      break;
    }
}

}  // namespace flin::syntax
