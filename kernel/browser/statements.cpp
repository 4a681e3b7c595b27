// Statements that are no control flow.
#include "browser/writer.h"

#include <algorithm>

namespace flin::browser {

using namespace syntax;
using check::Type;
using check::TypeTag;

namespace {

bool is_control(const Expr& expr) {
  return expr.kind == ExprKind::kIf || expr.kind == ExprKind::kFor ||
         expr.kind == ExprKind::kWhile || expr.kind == ExprKind::kMatch ||
         expr.kind == ExprKind::kBlock;
}

}  // namespace

std::vector<std::string> Writer::collect(const std::function<void()>& part) {
  std::vector<std::string> lines;
  std::vector<std::string>* outer = lines_;
  auto before = places_;
  lines_ = &lines;
  open_scope();
  part();
  close_scope();
  lines_ = outer;
  places_ = std::move(before);
  return lines;
}

std::string Writer::block(const Block& from, const Sink& sink) {
  return braces(collect([&] { statements(from, sink); }));
}

void Writer::statements(const Block& block, const Sink& sink) {
  for (std::size_t n = 0; n < block.statements.size(); ++n) {
    const Stmt& next = *block.statements[n];
    bool is_value = sink.kind != Sink::kDrop && n + 1 == block.statements.size() &&
                    next.kind == StmtKind::kExpr;
    if (is_value) return sink_value(*as<ExprStmt>(next).value, sink);
    statement(next);
  }
}

void Writer::give(const std::string& value, const Sink& sink) {
  switch (sink.kind) {
    case Sink::kDrop: return line(value + ';');
    case Sink::kReturn: return line("return " + value + ';');
    case Sink::kAssign: return line(sink.name + " = " + value + ';');
  }
}

// Control is written as statements, with its values going where the whole goes.
void Writer::sink_value(const Expr& expr, const Sink& sink) {
  if (is_control(expr) && !expr.live) {
    std::string inline_text =
        expr.kind == ExprKind::kIf && sink.kind != Sink::kDrop ? inline_if(as<IfExpr>(expr)) : "";
    return inline_text.empty() ? control(expr, sink) : give(inline_text, sink);
  }
  if (sink.kind == Sink::kDrop) return discard(expr);
  hoist(expr);
  give(argument(expr), sink);
}

void Writer::discard(const Expr& expr) {
  if (is_control(expr) && !expr.live) return control(expr, {});
  hoist(expr);
  std::string text = argument(expr);
  bool is_quiet = is_identifier(text) || text[0] == '"';
  if (is_quiet) return;
  line((text[0] == '{' || text.rfind("function", 0) == 0 ? '(' + text + ')' : text) + ';');
}

void Writer::statement(const Stmt& statement) {
  switch (statement.kind) {
    case StmtKind::kExpr: return discard(*as<ExprStmt>(statement).value);
    case StmtKind::kAssign: return assign(as<AssignStmt>(statement));
    case StmtKind::kIncrement: return increment(as<IncrementStmt>(statement));
    case StmtKind::kDestructure: {
      const auto& from = as<DestructureStmt>(statement);
      hoist(*from.value);
      std::string name = fresh("from");
      line("const " + name + " = " + argument(*from.value) + ';');
      return destructure(*from.pattern, {name}, type_of(*from.value));
    }
    case StmtKind::kReturn: return return_statement(as<ReturnStmt>(statement));
    case StmtKind::kBreak: return break_statement(as<BreakStmt>(statement));
    case StmtKind::kContinue: {
      std::string_view label = as<ContinueStmt>(statement).label;
      return line(label.empty() ? "continue;" : "continue " + std::string(label) + ';');
    }
    case StmtKind::kTry: return try_statement(as<TryStmt>(statement));
    case StmtKind::kAssert: {
      if (assert_comparison(*as<AssertStmt>(statement).value)) return;
      hoist(*as<AssertStmt>(statement).value);
      std::string test = at(value(*as<AssertStmt>(statement).value), Level::kUnary);
      return line("if (!" + test + ") " +
                  call_of("fail", {"\"R0015\"", "\"assertion failed\""}).text + ';');
    }
    case StmtKind::kDeleteKey: return delete_key(*as<DeleteKeyStmt>(statement).target);
    default: return;  // declarations: nothing to do where they stand
  }
}

// A comparison keeps its sides, to tell them if it does not hold.
bool Writer::assert_comparison(const Expr& expr) {
  if (expr.kind != ExprKind::kBinary) return false;
  const auto& e = as<BinaryExpr>(expr);
  std::string_view sign = comparison_sign(e.op);
  if (sign.empty()) return false;
  hoist(*e.left);
  std::string left = fresh("left"), right = fresh("right");
  line("const " + left + " = " + argument(*e.left) + ';');
  hoist(*e.right);
  line("const " + right + " = " + argument(*e.right) + ';');
  std::string test = at(
      operation(e.op, {left}, type_of(*e.left), {right}, type_of(*e.right), e.type), Level::kUnary);
  std::string inspect = module_.imports.use("inner_text");
  std::string message = "\"assertion failed: \" + " + inspect + '(' + left + ") + \" " +
                        std::string(sign) + " \" + " + inspect + '(' + right + ')';
  line("if (!" + test + ") " + call_of("fail", {"\"R0015\"", message}).text + ';');
  return true;
}

void Writer::return_statement(const ReturnStmt& statement) {
  if (!statement.value) return line("return null;");
  sink_value(*statement.value, {Sink::kReturn, {}});
}

void Writer::break_statement(const BreakStmt& statement) {
  std::size_t n = loops_.size();
  while (n > 0 && !statement.label.empty() && loops_[n - 1].label != statement.label) --n;
  bool wants = n > 0 && loops_[n - 1].sink.kind != Sink::kDrop;
  if (statement.value && wants)
    sink_value(*statement.value, loops_[n - 1].sink);
  else if (statement.value)
    discard(*statement.value);
  if (wants && loops_[n - 1].sink.kind == Sink::kReturn && statement.value) return;
  line(statement.label.empty() ? "break;" : "break " + std::string(statement.label) + ';');
}

void Writer::delete_key(const IndexExpr& target) {
  std::string object = at(value(*target.object), Level::kCall);
  line(object + ".delete(" + argument(*target.index) + ");");
}

void Writer::try_statement(const TryStmt& statement) {
  std::string text = "try " + block(*statement.body, {});
  bool is_named = statement.symbol && !statement.name.text.empty();
  std::string thrown;
  std::vector<std::string> handler = collect([&] {
    thrown = fresh("thrown");
    if (is_named) {
      line("const " + declare(*statement.symbol) + " = " +
           call_of("attempt", {"() => { throw " + thrown + "; }"}).text + ';');
    }
    statements(*statement.handler, {});
  });
  line(text + (is_named ? " catch (" + thrown + ") " : " catch ") + braces(handler));
}

// ---- Assignments ----

namespace {

BinaryOp operator_of(AssignOp op) {
  switch (op) {
    case AssignOp::kSub: return BinaryOp::kSub;
    case AssignOp::kMul: return BinaryOp::kMul;
    case AssignOp::kDiv: return BinaryOp::kDiv;
    case AssignOp::kMod: return BinaryOp::kMod;
    case AssignOp::kPow: return BinaryOp::kPow;
    case AssignOp::kConcat: return BinaryOp::kConcat;
    default: return BinaryOp::kAdd;
  }
}

bool is_conditional(AssignOp op) { return op == AssignOp::kOr || op == AssignOp::kCoalesce; }

}  // namespace

// What `target op= value` stores; `old` is what it holds.
std::string Writer::updated(const AssignStmt& statement, const Js& old) {
  if (statement.op == AssignOp::kSet) return argument(*statement.value);
  Js right = value(*statement.value);
  if (statement.op == AssignOp::kOr) return infix(old, "||", right, Level::kOr).text;
  if (statement.op == AssignOp::kCoalesce)
    return at(old, Level::kEquality) + " ?? " + at(right, Level::kEquality);
  const Type* type = type_of(*statement.target);
  return at(operation(operator_of(statement.op), old, type, right, type_of(*statement.value), type),
            Level::kAssign);
}

void Writer::assign(const AssignStmt& statement) {
  if (statement.target->kind != ExprKind::kName) return assign_place(statement);
  const check::Symbol* symbol = as<NameExpr>(*statement.target).symbol;
  if (!symbol) return discard(*statement.value);
  if (symbol->stands_for || symbol->kind == check::SymbolKind::kConstant) return;
  assign_name(statement, *symbol);
}

void Writer::assign_name(const AssignStmt& statement, const check::Symbol& symbol) {
  bool is_block =
      statement.op == AssignOp::kSet && is_control(*statement.value) && !statement.value->live;
  std::string simple = is_block && statement.value->kind == ExprKind::kIf
                           ? inline_if(as<IfExpr>(*statement.value))
                           : "";
  if (!is_block) {
    hoist(*statement.value);
    std::string next = statement.op == AssignOp::kSet ? argument(*statement.value)
                                                      : updated(statement, read(symbol));
    return line(store(symbol, next));
  }
  if (!simple.empty()) return line(store(symbol, simple));
  std::string name = fresh(symbol.name);
  line("let " + name + " = null;");
  control(*statement.value, {Sink::kAssign, name});
  line(store(symbol, name));
}

// A name or a constant stays what it is; anything else that is read twice gets a name.
std::string Writer::stable(const Expr& expr, bool needed) {
  std::string text = argument(expr);
  bool is_stable = !needed || is_identifier(text) || !getter_of(text).empty() ||
                   expr.kind == ExprKind::kText || expr.kind == ExprKind::kInt;
  if (is_stable) return text;
  std::string name = fresh("to");
  line("const " + name + " = " + text + ';');
  return name;
}

Writer::Target Writer::target(const Expr& expr, bool reads) {
  if (expr.kind == ExprKind::kIndex) {
    const auto& index = as<IndexExpr>(expr);
    std::string object = stable(*index.object, reads), key = stable(*index.index, reads);
    bool is_map = is_tag(without_none(type_of(*index.object)), TypeTag::kMap);
    Js old = reads ? index_of({object, Level::kAssign}, without_none(type_of(*index.object)), key)
                   : Js{};
    if (is_map) {
      std::string receiver =
          at({object, is_identifier(object) ? Level::kCall : value(*index.object).level},
             Level::kCall);
      return {old, [receiver, key](const std::string& next) {
                return receiver + ".set(" + key + ", " + next + ");";
              }};
    }
    return {old, [this, object, key](const std::string& next) {
              return call_of("set_index", {object, key, next}).text + ';';
            }};
  }
  const auto& member = as<MemberExpr>(expr);
  std::string object = stable(*member.object, reads);
  Js holder{object, Level::kCall};
  Js old = reads ? member_of(holder, member) : Js{};
  std::string name(member.name.text), place = member_of(holder, member).text;
  bool is_map = is_tag(without_none(type_of(*member.object)), TypeTag::kMap);
  if (is_map)
    return {old, [object, name](const std::string& next) {
              return object + ".set(" + quoted(name) + ", " + next + ");";
            }};
  bool is_property = member.target == MemberTarget::kField || place.rfind("member(", 0) != 0;
  if (is_property)
    return {old, [place](const std::string& next) { return place + " = " + next + ';'; }};
  return {old, [this, object, name](const std::string& next) {
            return call_of("set_member", {object, quoted(name), next}).text + ';';
          }};
}

void Writer::assign_place(const AssignStmt& statement) {
  bool reads = statement.op != AssignOp::kSet;
  hoist(*statement.value);
  Target place = target(*statement.target, reads);
  if (!is_conditional(statement.op)) return line(place.write(updated(statement, place.read)));
  std::string test = statement.op == AssignOp::kOr
                         ? '!' + at(place.read, Level::kUnary)
                         : infix(place.read, "==", {"null"}, Level::kEquality).text;
  line("if (" + test + ") " + place.write(argument(*statement.value)));
}

void Writer::increment(const IncrementStmt& statement) {
  const Type* type = type_of(*statement.target);
  BinaryOp op = statement.decrement ? BinaryOp::kSub : BinaryOp::kAdd;
  const Type* one = module_.program.types->simple(TypeTag::kInt);
  if (statement.target->kind == ExprKind::kName) {
    const check::Symbol* symbol = as<NameExpr>(*statement.target).symbol;
    if (!symbol) return;
    return line(store(*symbol, operation(op, read(*symbol), type, {"1"}, one, type).text));
  }
  Target place = target(*statement.target, true);
  line(place.write(operation(op, place.read, type, {"1"}, one, type).text));
}

// ---- Taking apart (L 5.2) ----

void Writer::destructure(const Pattern& pattern, const Js& from, const Type* type) {
  auto item_type = [&](std::size_t n) -> const Type* {
    const Type* of = without_none(type);
    if (is_tag(of, TypeTag::kList)) return of->items[0];
    if (is_tag(of, TypeTag::kMap)) return of->items[1];
    return is_tag(of, TypeTag::kTuple) && n < of->items.size() ? of->items[n] : nullptr;
  };
  std::string s = at(from, Level::kCall);
  switch (pattern.kind) {
    case PatternKind::kName:
      if (pattern.symbol) line(store(*pattern.symbol, at(from, Level::kAssign)));
      return;
    case PatternKind::kList: {
      if (!pattern.items.empty()) {  // too few items fail before anything is stored
        std::string last = std::to_string(pattern.items.size() - 1);
        line(call_of("get_index", {s, last}).text + ';');
      }
      for (std::size_t n = 0; n < pattern.items.size(); ++n)
        destructure(*pattern.items[n], {s + '[' + std::to_string(n) + ']'}, item_type(n));
      if (pattern.has_rest && pattern.symbol)
        line(store(*pattern.symbol,
                   call_of("slice", {s, std::to_string(pattern.items.size())}).text));
      return;
    }
    case PatternKind::kTuple:
      for (std::size_t n = 0; n < pattern.items.size(); ++n)
        destructure(*pattern.items[n], {s + ".items[" + std::to_string(n) + ']'}, item_type(n));
      return;
    case PatternKind::kMap: {
      std::vector<std::string> keys;
      for (const MapPatternItem& item : pattern.entries) {
        keys.push_back(quoted(item.key.text));
        destructure(*item.pattern, part_of(item, from, type), item_type(0));
      }
      if (pattern.has_rest && pattern.symbol)
        line(store(*pattern.symbol, call_of("b_omit", {s, '[' + joined(keys, ", ") + ']'}).text));
      return;
    }
    default: return;
  }
}

}  // namespace flin::browser
