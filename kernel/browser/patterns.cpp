// Patterns (L 7.2) as tests: one expression that says whether a value fits. The names of a pattern
// stand for expressions on the value; views use them as they are, statements make variables of
// them.
#include "browser/writer.h"

#include <algorithm>

namespace flin::browser {

using namespace syntax;
using check::Type;
using check::TypeTag;

namespace {

const Type* item_type(const Type* type, std::size_t n) {
  type = without_none(type);
  if (is_tag(type, TypeTag::kList)) return type->items[0];
  if (is_tag(type, TypeTag::kMap)) return type->items[1];
  return is_tag(type, TypeTag::kTuple) && n < type->items.size() ? type->items[n] : nullptr;
}

void collect_symbols(const Pattern& pattern, std::vector<const check::Symbol*>& out) {
  if (pattern.symbol) out.push_back(pattern.symbol);
  for (const Pattern* item : pattern.items) collect_symbols(*item, out);
  for (const MapPatternItem& item : pattern.entries) collect_symbols(*item.pattern, out);
}

}  // namespace

std::string Writer::test(const Pattern& pattern, const Js& subject, const Type* type) {
  std::vector<std::string> tests;
  test_into(pattern, subject, type, tests);
  return joined(tests, " && ");
}

Js Writer::part_of(const MapPatternItem& item, const Js& subject, const Type* type) {
  std::string s = at(subject, Level::kCall);
  type = without_none(type);
  Js part = is_tag(type, TypeTag::kMap)      ? Js{s + ".get(" + quoted(item.key.text) + ')'}
            : is_tag(type, TypeTag::kEntity) ? Js{s + property_access(item.key.text)}
                                             : call_of("member", {s, quoted(item.key.text)});
  if (!item.fallback) return part;
  return {at(part, Level::kEquality) + " ?? " + at(value(*item.fallback), Level::kEquality),
          Level::kCoalesce};
}

void Writer::test_into(const Pattern& pattern, const Js& subject, const Type* type,
                       std::vector<std::string>& tests) {
  std::string s = at(subject, Level::kCall);
  auto name_it = [&](const check::Symbol* symbol, const Js& js) {
    if (symbol) place(*symbol, {Place::kExpression, js});
  };
  auto number = [](std::size_t n) { return std::to_string(n); };
  switch (pattern.kind) {
    case PatternKind::kWildcard: return;
    case PatternKind::kName: return name_it(pattern.symbol, subject);
    case PatternKind::kLiteral:
    case PatternKind::kValue: {
      bool is_none = !pattern.value || pattern.value->kind == ExprKind::kNone;
      Js js = is_none ? infix(subject, "==", {"null"}, Level::kEquality)
                      : comparison(BinaryOp::kEq, subject, type, value(*pattern.value),
                                   type_of(*pattern.value));
      return tests.push_back(at(js, Level::kEquality));
    }
    case PatternKind::kRange: {
      if (!is_tag(type, TypeTag::kInt) && !is_tag(type, TypeTag::kNumber))
        tests.push_back("typeof " + s + " === \"number\"");
      tests.push_back(s + " >= " + at(value(*pattern.value), Level::kAdditive));
      return tests.push_back(s + (pattern.exclusive ? " < " : " <= ") +
                             at(value(*pattern.end), Level::kAdditive));
    }
    case PatternKind::kType:
      tests.push_back(at(is_type(subject, pattern.tested), Level::kEquality));
      return name_it(pattern.symbol, subject);
    case PatternKind::kVariant: {
      tests.push_back(
          at(is_variant(subject, type, *pattern.enumeration, pattern.variant), Level::kEquality));
      const check::Variant& row = pattern.enumeration->variants[pattern.variant];
      for (std::size_t n = 0; n < pattern.items.size(); ++n) {
        bool known = n < row.payload.size() && !is_tag(row.payload[n], TypeTag::kVariable);
        test_into(*pattern.items[n], {s + ".values[" + number(n) + ']'},
                  known ? row.payload[n] : nullptr, tests);
      }
      return;
    }
    case PatternKind::kList: {
      if (!is_tag(type, TypeTag::kList)) tests.push_back("Array.isArray(" + s + ')');
      std::string length = call_of("b_len", {at(subject, Level::kAssign)}).text;
      tests.push_back(length + (pattern.has_rest ? " >= " : " === ") +
                      number(pattern.items.size()));
      for (std::size_t n = 0; n < pattern.items.size(); ++n)
        test_into(*pattern.items[n], {s + '[' + number(n) + ']'}, item_type(type, n), tests);
      if (pattern.has_rest)
        name_it(pattern.symbol,
                call_of("slice", {at(subject, Level::kAssign), number(pattern.items.size())}));
      return;
    }
    case PatternKind::kTuple:
      if (!is_tag(type, TypeTag::kTuple)) {
        module_.imports.use("Tuple");
        tests.push_back(s + " instanceof Tuple && " + s +
                        ".items.length === " + number(pattern.items.size()));
      }
      for (std::size_t n = 0; n < pattern.items.size(); ++n)
        test_into(*pattern.items[n], {s + ".items[" + number(n) + ']'}, item_type(type, n), tests);
      return;
    case PatternKind::kMap: {
      const Type* inner = without_none(type);
      bool known = is_tag(inner, TypeTag::kMap) || is_tag(inner, TypeTag::kEntity);
      if (known && inner != type) tests.push_back(s + " != null");
      if (!known) {
        module_.imports.use("FlinMap");
        tests.push_back(s + " instanceof FlinMap");
      }
      std::vector<std::string> keys;
      for (const MapPatternItem& item : pattern.entries) {
        keys.push_back(quoted(item.key.text));
        test_into(*item.pattern, part_of(item, subject, type), nullptr, tests);
      }
      if (pattern.has_rest)
        name_it(pattern.symbol,
                call_of("b_omit", {at(subject, Level::kAssign), '[' + joined(keys, ", ") + ']'}));
      return;
    }
    case PatternKind::kAlternatives: return test_alternatives(pattern, subject, type, tests);
  }
}

// All alternatives bind the same names: each stands for the part of the one that fits.
void Writer::test_alternatives(const Pattern& pattern, const Js& subject, const Type* type,
                               std::vector<std::string>& tests) {
  std::vector<std::string> alternatives;
  std::map<std::string_view, Js> parts;
  std::vector<const check::Symbol*> symbols;
  for (std::size_t n = pattern.items.size(); n-- > 0;) {
    std::string fits = test(*pattern.items[n], subject, type);
    if (fits.empty()) fits = "true";
    alternatives.insert(alternatives.begin(),
                        fits.find(" && ") == fits.npos ? fits : '(' + fits + ')');
    std::vector<const check::Symbol*> own;
    collect_symbols(*pattern.items[n], own);
    for (const check::Symbol* symbol : own) {
      symbols.push_back(symbol);
      const Place* place = find(*symbol);
      if (!place) continue;
      auto known = parts.find(symbol->name);
      Js js = place->js;
      if (known != parts.end() && known->second.text != js.text)
        js = {at({fits, Level::kAnd}, Level::kAnd) + " ? " + at(js, Level::kAssign) + " : " +
                  at(known->second, Level::kAssign),
              Level::kConditional};
      parts[symbol->name] = js;
    }
  }
  for (const check::Symbol* symbol : symbols)
    if (auto part = parts.find(symbol->name); part != parts.end())
      place(*symbol, {Place::kExpression, part->second});
  tests.push_back(alternatives.size() == 1 ? alternatives[0]
                                           : '(' + joined(alternatives, " || ") + ')');
}

void Writer::declare_names(const Pattern& pattern) {
  std::vector<const check::Symbol*> symbols;
  collect_symbols(pattern, symbols);
  std::map<std::string_view, std::string> made;
  for (const check::Symbol* symbol : symbols) {
    const Place* place = find(*symbol);
    if (!place || place->kind != Place::kExpression) continue;
    auto twin = made.find(symbol->name);
    if (twin != made.end()) {
      places_[symbol] = {Place::kValue, {twin->second}};
      continue;
    }
    std::string text = at(place->js, Level::kAssign), name = declare(*symbol);
    made[symbol->name] = name;
    line("let " + name + " = " + text + ';');
  }
}

}  // namespace flin::browser
