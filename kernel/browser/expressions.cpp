// Expressions: operators of the runtime where FLIN means something else than JavaScript.
#include "browser/writer.h"

#include <algorithm>

namespace flin::browser {

using namespace syntax;
using check::Type;
using check::TypeTag;

namespace {

constexpr std::int64_t kMostInt = 9007199254740991;

bool is_int(const Type* type) { return is_tag(type, TypeTag::kInt); }
bool is_numeric(const Type* type) { return is_int(type) || is_tag(type, TypeTag::kNumber); }
bool is_text(const Type* type) { return is_tag(type, TypeTag::kText); }

// Compared by `===`: texts, numbers, bools, and these or none.
bool is_plain(const Type* type) {
  type = without_none(type);
  return is_numeric(type) || is_text(type) || is_tag(type, TypeTag::kBool);
}

bool is_chain(const Expr& expr) {
  return expr.kind == ExprKind::kMember || expr.kind == ExprKind::kIndex ||
         expr.kind == ExprKind::kSlice || expr.kind == ExprKind::kCall;
}

std::string new_object(const std::string& type, const std::vector<std::string>& arguments) {
  return "new " + type + '(' + joined(arguments, ", ") + ')';
}

}  // namespace

Js Writer::call_of(std::string_view name, const std::vector<std::string>& arguments) {
  std::string imported = module_.imports.use(name);
  bool is_class = name[0] >= 'A' && name[0] <= 'Z';
  return {(is_class ? "new " : "") + imported + '(' + joined(arguments, ", ") + ')', Level::kCall};
}

Js Writer::infix(const Js& left, std::string_view op, const Js& right, Level level) {
  auto tighter = static_cast<Level>(static_cast<int>(level) + 1);
  return {at(left, level) + ' ' + std::string(op) + ' ' + at(right, tighter), level};
}

Js Writer::value(const Expr& expr) {
  if (auto left = hoisted_.find(&expr); left != hoisted_.end()) return left->second;
  if (expr.live) {
    Js js = live(*expr.live);
    return is_tag(expr.type, TypeTag::kQuery) ? js
                                              : convert(std::move(js), expr.type, expr.converted);
  }
  return convert(raw_value(expr), expr.type, expr.converted);
}

// int to number is nothing here; a value of `any` is looked at.
Js Writer::convert(Js js, const Type* from, const Type* to) {
  if (!is_tag(from, TypeTag::kAny) || !to) return js;
  switch (to->tag) {
    case TypeTag::kText: return call_of("expect_text", {at(js, Level::kAssign)});
    case TypeTag::kInt: return call_of("expect_int", {at(js, Level::kAssign)});
    case TypeTag::kNumber: return call_of("expect_number", {at(js, Level::kAssign)});
    default: return js;
  }
}

Js Writer::raw_value(const Expr& expr) {
  if (is_chain(expr)) return chain(expr);
  std::vector<Guard>* guards = guards_;  // whatever is no link of a chain has chains of its own
  guards_ = nullptr;
  Js js = [&]() -> Js {
    switch (expr.kind) {
      case ExprKind::kName:
        if (as<NameExpr>(expr).of_self) return value(*as<NameExpr>(expr).of_self);
        return name(as<NameExpr>(expr));
      case ExprKind::kInterpolation: return interpolation(as<InterpolationExpr>(expr).parts);
      case ExprKind::kList: return list(as<ListExpr>(expr).items);
      case ExprKind::kMap: return map(as<MapExpr>(expr).entries);
      case ExprKind::kTuple: {
        std::vector<std::string> items;
        for (const Expr* item : as<TupleExpr>(expr).items) items.push_back(argument(*item));
        return call_of("Tuple", items);
      }
      case ExprKind::kSpread: return value(*as<SpreadExpr>(expr).operand);
      case ExprKind::kEntity: return entity_literal(as<EntityExpr>(expr));
      case ExprKind::kUnary: return unary(as<UnaryExpr>(expr));
      case ExprKind::kBinary: return binary(as<BinaryExpr>(expr));
      case ExprKind::kIs: return is_expression(as<IsExpr>(expr));
      case ExprKind::kConditional: return conditional(as<ConditionalExpr>(expr));
      case ExprKind::kLambda: return lambda(as<LambdaExpr>(expr));
      case ExprKind::kForm: return form(as<FormExpr>(expr));
      case ExprKind::kMarkup: return markup_html(as<MarkupExpr>(expr).nodes);
      case ExprKind::kIf:
      case ExprKind::kFor:
      case ExprKind::kWhile:
      case ExprKind::kMatch:
      case ExprKind::kBlock: return inline_control(expr);
      default: return literal(expr);
    }
  }();
  guards_ = guards;
  return js;
}

// ---- Literals ----

Js Writer::integer(std::int64_t value) {
  if (value > kMostInt || value < -kMostInt)
    return call_of("fail", {"\"R0010\"", "\"integer overflow\""});
  return {std::to_string(value), value < 0 ? Level::kUnary : Level::kCall};
}

Js Writer::literal(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kInt: return integer(as<IntExpr>(expr).value);
    case ExprKind::kNumber: {
      std::string text = number_text(as<NumberExpr>(expr).value);
      return {text, text[0] == '-' ? Level::kUnary : Level::kCall};
    }
    case ExprKind::kText: return {quoted(as<TextExpr>(expr).value), Level::kCall};
    case ExprKind::kBool: return {as<BoolExpr>(expr).value ? "true" : "false", Level::kCall};
    case ExprKind::kMoney:
      return call_of("Money", {at(integer(as<MoneyExpr>(expr).minor), Level::kAssign),
                               quoted(as<MoneyExpr>(expr).currency)});
    case ExprKind::kRegex:
      return call_of("Regex",
                     {quoted(as<RegexExpr>(expr).pattern), quoted(as<RegexExpr>(expr).flags)});
    case ExprKind::kTimeWord: return time_word(as<TimeWordExpr>(expr).word);
    default: return {"null", Level::kCall};
  }
}

Js Writer::time_word(TimeWord word) {
  if (word == TimeWord::kNow) return call_of("Time", {"Date.now()"});
  constexpr int kDaysBefore[] = {0, 0, 1, -1, 7, 30, 365};
  int days = kDaysBefore[static_cast<int>(word)];
  std::string day = "Math.floor(Date.now() / 864e5)";
  if (days != 0) day = '(' + day + (days > 0 ? " - " + std::to_string(days) : " + 1") + ')';
  return call_of("Time", {day + " * 864e5"});
}

Js Writer::name(const NameExpr& expr) {
  if (expr.symbol) return read(*expr.symbol);
  if (expr.function) {
    bool of_page = expr.function->page_bound && part_;
    return {of_page ? page_function(*expr.function) : module_.function(*expr.function),
            Level::kCall};
  }
  if (expr.enumeration) return variant(*expr.enumeration, expr.variant, {});
  if (expr.entity) return {quoted(expr.entity->name), Level::kCall};
  if (expr.builtin) return builtin_value(expr);
  return {"null", Level::kCall};
}

// ---- Texts ----

std::string Writer::text_form(const Js& js, const Type* type) {
  bool as_is = is_text(type) || is_numeric(type) || is_tag(type, TypeTag::kBool);
  return as_is ? at(js, Level::kAssign) : call_of("to_text", {at(js, Level::kAssign)}).text;
}

Js Writer::interpolation(const std::vector<Expr*>& parts) {
  if (parts.empty()) return {"\"\"", Level::kCall};
  bool is_static = std::all_of(parts.begin(), parts.end(),
                               [](const Expr* e) { return e->kind == ExprKind::kText; });
  std::string out;
  if (is_static) {
    for (const Expr* part : parts) out += as<TextExpr>(*part).value;
    return {quoted(out), Level::kCall};
  }
  for (const Expr* part : parts) {
    if (part->kind == ExprKind::kText && !part->live)
      out += template_part(as<TextExpr>(*part).value);
    else
      out += "${" + text_form(value(*part), type_of(*part)) + '}';
  }
  return {'`' + out + '`', Level::kCall};
}

// ---- Collections ----

std::string Writer::item(const Expr& expr) {
  if (expr.kind != ExprKind::kSpread) return argument(expr);
  return "..." + call_of("items_of", {argument(*as<SpreadExpr>(expr).operand)}).text;
}

Js Writer::list(const std::vector<Expr*>& items) {
  std::vector<std::string> parts;
  for (const Expr* next : items) parts.push_back(item(*next));
  return {listed("[", parts, "]"), Level::kCall};
}

Js Writer::map(const std::vector<MapEntry>& entries) {
  std::vector<std::string> parts;
  for (const MapEntry& entry : entries) {
    if (entry.key) {
      std::string key = argument(*entry.key);
      parts.push_back('[' + key + ", " + argument(*entry.value) + ']');
      continue;
    }
    const Expr& spread = entry.value->kind == ExprKind::kSpread
                             ? *as<SpreadExpr>(*entry.value).operand
                             : *entry.value;
    parts.push_back("..." + at(value(spread), Level::kAssign));
  }
  module_.imports.use("FlinMap");
  if (parts.empty()) return {"new FlinMap()", Level::kCall};
  return {"new FlinMap(" + listed("[", parts, "]") + ')', Level::kCall};
}

namespace {

// The default of a field: `= e` or @default(e); null: none.
const Expr* default_of(const check::Field& field) {
  if (!field.node) return nullptr;
  if (field.node->fallback) return field.node->fallback;
  for (const ValidatorNode& validator : field.node->validators)
    if (validator.name.text == "default" && !validator.arguments.empty())
      return validator.arguments[0];
  return nullptr;
}

}  // namespace

// A row that is not saved yet: defaults first, then what is given.
Js Writer::entity_literal(const EntityExpr& expr) {
  std::set<Name> given;
  std::vector<std::string> parts;
  for (const MapEntry& entry : expr.entries)
    if (entry.key && entry.key->kind == ExprKind::kText)
      given.insert(as<TextExpr>(*entry.key).value);
  for (const check::Field& field : expr.entity->fields) {
    const Expr* fallback = given.count(field.name) ? nullptr : default_of(field);
    if (fallback) parts.push_back(property_key(field.name) + ": " + argument(*fallback));
  }
  for (const MapEntry& entry : expr.entries) {
    if (entry.key && entry.key->kind == ExprKind::kText) {
      parts.push_back(property_key(as<TextExpr>(*entry.key).value) + ": " + argument(*entry.value));
      continue;
    }
    const Expr& spread = entry.value->kind == ExprKind::kSpread
                             ? *as<SpreadExpr>(*entry.value).operand
                             : *entry.value;
    bool of_entity = is_tag(without_none(type_of(spread)), TypeTag::kEntity);
    std::string from = argument(spread);
    parts.push_back("..." + (of_entity ? from + ".$values" : "Object.fromEntries(" + from + ')'));
  }
  module_.types.note_entity(*expr.entity);
  return call_of("make_row", {"p", quoted(expr.entity->name), listed("{ ", parts, " }")});
}

// ---- Operators ----

Js Writer::unary(const UnaryExpr& expr) {
  switch (expr.op) {
    case UnaryOp::kNegate: {
      if (expr.operand->kind == ExprKind::kInt && !expr.operand->converted) {
        auto bits = static_cast<std::uint64_t>(as<IntExpr>(*expr.operand).value);
        return integer(static_cast<std::int64_t>(0 - bits));
      }
      const Type* type = type_of(*expr.operand);
      Js operand = value(*expr.operand);
      if (is_tag(type, TypeTag::kNumber)) return {'-' + at(operand, Level::kCall), Level::kUnary};
      return call_of(is_int(type) ? "neg_int" : "neg", {at(operand, Level::kAssign)});
    }
    case UnaryOp::kNot: return {'!' + at(value(*expr.operand), Level::kUnary), Level::kUnary};
    case UnaryOp::kTry:
      return call_of("attempt", {"() => " + at(value(*expr.operand), Level::kAssign)});
    case UnaryOp::kTypeof: return call_of("type_of", {argument(*expr.operand)});
    case UnaryOp::kAwait: return value(*expr.operand);
  }
  return {"null", Level::kCall};
}

Js Writer::binary(const BinaryExpr& expr) {
  if (expr.op == BinaryOp::kAnd || expr.op == BinaryOp::kOr || expr.op == BinaryOp::kCoalesce) {
    Js left = value(*expr.left), right = value(*expr.right);
    if (expr.op == BinaryOp::kAnd) return infix(left, "&&", right, Level::kAnd);
    if (expr.op == BinaryOp::kOr) return infix(left, "||", right, Level::kOr);
    return {at(left, Level::kEquality) + " ?? " + at(right, Level::kEquality), Level::kCoalesce};
  }
  bool is_equality = expr.op == BinaryOp::kEq || expr.op == BinaryOp::kNe;
  if (is_equality && (expr.left->kind == ExprKind::kNone || expr.right->kind == ExprKind::kNone)) {
    Js side = value(expr.right->kind == ExprKind::kNone ? *expr.left : *expr.right);
    return infix(side, expr.op == BinaryOp::kEq ? "==" : "!=", {"null"}, Level::kEquality);
  }
  Js left = value(*expr.left), right = value(*expr.right);
  return operation(expr.op, left, type_of(*expr.left), right, type_of(*expr.right), expr.type);
}

Js Writer::operation(BinaryOp op, Js left, const Type* lt, Js right, const Type* rt,
                     const Type* result) {
  std::string a = at(left, Level::kAssign), b = at(right, Level::kAssign);
  switch (op) {
    case BinaryOp::kConcat:
      if (is_text(lt) && is_text(rt)) return infix(left, "+", right, Level::kAdditive);
      return call_of("concat", {a, b});
    case BinaryOp::kIn: return call_of("is_in", {a, b});
    case BinaryOp::kNotIn: return {'!' + call_of("is_in", {a, b}).text, Level::kUnary};
    case BinaryOp::kRange: return call_of("range", {a, b});
    case BinaryOp::kRangeExclusive: return call_of("int_range", {a, b});
    case BinaryOp::kEq:
    case BinaryOp::kNe:
    case BinaryOp::kLt:
    case BinaryOp::kLe:
    case BinaryOp::kGt:
    case BinaryOp::kGe: return comparison(op, left, lt, right, rt);
    default: return arithmetic(op, left, lt, right, rt, result);
  }
}

Js Writer::arithmetic(BinaryOp op, const Js& left, const Type* lt, const Js& right, const Type* rt,
                      const Type* result) {
  bool ints = is_int(lt) && is_int(rt), numbers = is_numeric(lt) && is_numeric(rt);
  std::string a = at(left, Level::kAssign), b = at(right, Level::kAssign);
  auto typed = [&](std::string_view for_ints, std::string_view sign, Level level,
                   std::string_view otherwise) {
    if (ints) return call_of(for_ints, {a, b});
    return numbers ? infix(left, sign, right, level) : call_of(otherwise, {a, b});
  };
  switch (op) {
    case BinaryOp::kAdd:
      if (is_text(lt) && is_text(rt)) return infix(left, "+", right, Level::kAdditive);
      return typed("add_int", "+", Level::kAdditive, "add");
    case BinaryOp::kSub: return typed("sub_int", "-", Level::kAdditive, "sub");
    case BinaryOp::kMul: return typed("mul_int", "*", Level::kMultiplicative, "mul");
    case BinaryOp::kDiv:
      return numbers ? infix(left, "/", right, Level::kMultiplicative) : call_of("div", {a, b});
    case BinaryOp::kMod: return typed("mod_int", "%", Level::kMultiplicative, "mod");
    default: return call_of(ints && is_int(result) ? "pow_int" : "pow", {a, b});
  }
}

Js Writer::comparison(BinaryOp op, const Js& left, const Type* lt, const Js& right,
                      const Type* rt) {
  struct Row {
    BinaryOp op;
    std::string_view sign, name;
  };
  constexpr Row kRows[] = {{BinaryOp::kEq, "===", "eq"}, {BinaryOp::kNe, "!==", "ne"},
                           {BinaryOp::kLt, "<", "lt"},   {BinaryOp::kLe, "<=", "le"},
                           {BinaryOp::kGt, ">", "gt"},   {BinaryOp::kGe, ">=", "ge"}};
  const Row& row =
      *std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return r.op == op; });
  bool is_equality = op == BinaryOp::kEq || op == BinaryOp::kNe;
  bool native = is_equality ? is_plain(lt) && is_plain(rt) : is_numeric(lt) && is_numeric(rt);
  if (native)
    return infix(left, row.sign, right, is_equality ? Level::kEquality : Level::kRelational);
  return call_of(row.name, {at(left, Level::kAssign), at(right, Level::kAssign)});
}

Js Writer::conditional(const ConditionalExpr& expr) {
  std::string condition = at(value(*expr.condition), Level::kCoalesce);
  std::string then = argument(*expr.then);
  std::string otherwise = expr.otherwise ? argument(*expr.otherwise) : "null";
  return {condition + " ? " + then + " : " + otherwise, Level::kConditional};
}

// ---- Types at run time ----

Js Writer::is_expression(const IsExpr& expr) {
  Js subject = value(*expr.operand);
  bool is_simple = is_identifier(subject.text) || !getter_of(subject.text).empty();
  Js name = is_simple ? subject : Js{"v"};
  Js test = expr.enumeration
                ? is_variant(name, type_of(*expr.operand), *expr.enumeration, expr.variant)
                : is_type(name, expr.tested);
  if (!is_simple)
    test = {"((v) => " + at(test, Level::kAssign) + ")(" + at(subject, Level::kAssign) + ')',
            Level::kCall};
  return expr.negated ? Js{'!' + at(test, Level::kUnary), Level::kUnary} : test;
}

Js Writer::is_type(const Js& subject, const Type* type) {
  std::string s = at(subject, Level::kCall);
  auto kind = [&](std::string_view name) {
    return infix({"typeof " + s, Level::kUnary}, "===", {quoted(name)}, Level::kEquality);
  };
  auto instance = [&](std::string_view name) {
    return infix(subject, "instanceof", {module_.imports.use(name)}, Level::kRelational);
  };
  if (!type) return {"true"};
  switch (type->tag) {
    case TypeTag::kText: return kind("string");
    case TypeTag::kNumber: return kind("number");
    case TypeTag::kBool: return kind("boolean");
    case TypeTag::kFunction: return kind("function");
    case TypeTag::kInt: return {"Number.isSafeInteger(" + s + ')'};
    case TypeTag::kNone: return infix(subject, "==", {"null"}, Level::kEquality);
    case TypeTag::kList: return {"Array.isArray(" + s + ')'};
    case TypeTag::kMap: return instance("FlinMap");
    case TypeTag::kTuple: return instance("Tuple");
    case TypeTag::kTime: return instance("Time");
    case TypeTag::kDuration: return instance("Duration");
    case TypeTag::kMoney: return instance("Money");
    case TypeTag::kRegex: return instance("Regex");
    case TypeTag::kFile: return instance("FlinFile");
    case TypeTag::kView: return instance("View");
    case TypeTag::kError: return instance("FlinError");
    case TypeTag::kEntity:
      return infix(call_of("type_of", {s}), "===", {quoted(type->entity->name)}, Level::kEquality);
    case TypeTag::kEnum:
      return infix(call_of("type_of", {s}), "===", {quoted(type->enumeration->name)},
                   Level::kEquality);
    case TypeTag::kOptional:
      return infix(infix(subject, "==", {"null"}, Level::kEquality), "||",
                   is_type(subject, type->items[0]), Level::kOr);
    case TypeTag::kUnion: {
      Js any = is_type(subject, type->items[0]);
      for (std::size_t n = 1; n < type->items.size(); ++n)
        any = infix(any, "||", is_type(subject, type->items[n]), Level::kOr);
      return any;
    }
    default: return {"true"};
  }
}

Js Writer::is_variant(const Js& subject, const Type* type, const check::Enum& of,
                      std::uint32_t variant) {
  std::string s = at(subject, Level::kCall);
  Js named = infix({s + (is_tag(type, TypeTag::kEnum) ? ".name" : "?.name")},
                   "===", {quoted(of.variants[variant].name)}, Level::kEquality);
  if (is_tag(type, TypeTag::kEnum) ||
      (is_tag(type, TypeTag::kOptional) && is_tag(type->items[0], TypeTag::kEnum)))
    return named;
  return infix(infix(call_of("type_of", {s}), "===", {quoted(of.name)}, Level::kEquality), "&&",
               named, Level::kAnd);
}

Js Writer::variant(const check::Enum& of, std::uint32_t variant,
                   const std::vector<std::string>& values) {
  return call_of("Variant", {quoted(of.name), quoted(of.variants[variant].name),
                             '[' + joined(values, ", ") + ']', std::to_string(variant)});
}

// Forms of the browser tier: `new X(..)`.
Js Writer::form(const FormExpr& form) {
  if (form.form != "new" || form.operands.empty()) return {"null"};
  std::vector<std::string> arguments;
  for (std::size_t n = 1; n < form.operands.size(); ++n)
    arguments.push_back(argument(*form.operands[n]));
  return {new_object(std::string(as<NameExpr>(*form.operands[0]).name), arguments), Level::kCall};
}

}  // namespace flin::browser
