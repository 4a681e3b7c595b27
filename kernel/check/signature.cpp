#include "check/signature.h"

#include <cctype>
#include <cstdint>

namespace flin::check {
namespace {

constexpr std::uint32_t kGenericNumbers = 0x90000000;  // one per letter

class Parser {
 public:
  Parser(Tables& tables, std::string_view text) : t_(tables), text_(text) {}

  Signature run() {
    Signature s;
    expect('(');
    while (!accept(')') && at_ < text_.size()) {
      s.parameters.push_back(parameter());
      accept(',');
    }
    accept('-');
    accept('>');
    s.result = type();
    s.generics = generics_;
    for (const auto& p : s.parameters)
      if (!p.optional && !p.variadic) ++s.least;
    s.most = s.parameters.size();
    if (!s.parameters.empty() && s.parameters.back().variadic) s.most = SIZE_MAX;
    return s;
  }

 private:
  char peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) { accept(c); }
  std::string_view word() {
    peek();
    std::size_t start = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_'))
      ++at_;
    return text_.substr(start, at_ - start);
  }

  SignatureParameter parameter() {
    SignatureParameter p;
    p.name = std::string(word());
    expect(':');
    p.any_enum = peek() == 'e' && text_.substr(at_, 4) == "enum";
    p.type = type();
    if (text_.substr(at_, 2) == "..") {
      p.variadic = true;
      at_ += 2;
    }
    if (accept('=')) {
      p.optional = true;
      skip_default();
    }
    return p;
  }
  void skip_default() {
    bool quoted = false;
    for (int depth = 0; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == '"') quoted = !quoted;
      if (quoted) continue;
      if (depth == 0 && (c == ',' || c == ')')) return;
      if (c == '(' || c == '[' || c == '{') ++depth;
      if (c == ')' || c == ']' || c == '}') --depth;
    }
  }

  const Type* type() {
    const Type* first = optional_type();
    std::vector<const Type*> members{first};
    while (accept('|')) members.push_back(optional_type());
    return members.size() == 1 ? first : t_.types().union_of(std::move(members));
  }
  const Type* optional_type() {
    const Type* base = base_type();
    while (accept('?')) base = t_.types().optional(base);
    return base;
  }
  const Type* base_type() {
    if (accept('[')) return bracket();
    if (accept('(')) return parenthesis();
    std::string_view name = word();
    if (name.empty()) ++at_;  // nothing known: no endless loop
    if (name.size() == 1 && std::isupper(static_cast<unsigned char>(name[0])))
      return generic(name[0]);
    return simple(name);
  }
  const Type* bracket() {
    const Type* first = type();
    if (accept(':')) {
      const Type* value = type();
      expect(']');
      return t_.types().map(first, value);
    }
    expect(']');
    return t_.types().list(first);
  }
  const Type* parenthesis() {
    std::vector<const Type*> items;
    while (!accept(')') && at_ < text_.size()) {
      items.push_back(type());
      accept(',');
    }
    peek();
    if (text_.substr(at_, 2) == "->") {
      at_ += 2;
      const Type* result = type();
      return t_.types().function(std::move(items), result);
    }
    return items.size() == 1 ? items[0] : t_.types().tuple(std::move(items));
  }
  const Type* generic(char letter) {
    const Type* variable =
        t_.types().variable(kGenericNumbers + static_cast<std::uint32_t>(letter - 'A'));
    for (const Type* known : generics_)
      if (known == variable) return known;
    generics_.push_back(variable);
    return variable;
  }
  const Type* simple(std::string_view name) {
    syntax::TypeNode node{};
    node.kind = syntax::TypeKind::kName;
    node.name = name;
    static constexpr std::string_view kNames[] = {"text",     "int",   "number", "bool",  "time",
                                                  "duration", "money", "file",   "regex", "view",
                                                  "error",    "any",   "none",   "never", "map"};
    for (std::string_view known : kNames)
      if (known == name) return type_of(t_, &node);
    return t_.simple(TypeTag::kAny);
  }

  Tables& t_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<const Type*> generics_;
};

}  // namespace

const Signature& Signatures::of(const Builtin& builtin) {
  auto [it, is_new] = parsed_.try_emplace(&builtin);
  if (is_new) it->second = Parser(tables_, builtin.signature).run();
  return it->second;
}

std::string count_of(std::size_t least, std::size_t most) {
  std::string text = std::to_string(least);
  if (most == SIZE_MAX)
    text = "at least " + text;
  else if (most != least)
    text += " to " + std::to_string(most);
  return text + (least == 1 && (most == 1 || most == SIZE_MAX) ? " argument" : " arguments");
}

}  // namespace flin::check
