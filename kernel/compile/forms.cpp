// Forms whose meaning a plugin gives (L 20.9), queries, entity literals.
#include "compile/function_compiler.h"

#include "base/assert.h"

namespace flin::compile {

using namespace syntax;

void FunctionCompiler::run_query(const std::vector<std::string>& fields) {
  for (const std::string& field : fields) text(field);
  ext("query_run", static_cast<std::uint32_t>(fields.size()) + 1);
}

void FunctionCompiler::form_call(const CallExpr& call) {
  if (call.form.rfind("query_", 0) == 0) return query_call(call);
  wrote_state = true;
  for (const Expr* operand : call.operands) {
    if (!operand) break;
    apart([&] { value(*operand); });
  }
  std::uint32_t count = 0;
  while (count < call.operands.size() && call.operands[count]) ++count;
  code.at(call.span);
  ext(call.form, count);
}

void FunctionCompiler::query_call(const CallExpr& call) {
  if (call.form == "query_all") {
    text(call.entity->name);
    return ext(call.form, 1);
  }
  if (call.form == "query_find") {
    text(call.entity->name);
    apart([&] { value(*call.operands[0]); });
    return ext(call.form, 2);
  }
  std::uint32_t count = 1;
  receiver_operand(*call.operands[0]);
  if (call.form == "query_where") {
    predicate(*call.predicate, *call.entity);
    return;
  }
  if (call.form == "query_aggregate") text(call.detail), ++count;
  if (!call.field.empty()) text(call.field), ++count;
  bool computed = call.operands.size() > 1 && call.operands[1] &&
                  !(call.form == "query_order" && !call.detail.empty());
  if (call.form == "query_order" && !computed)
    text(call.detail.empty() ? "asc" : call.detail), ++count;
  if (computed) apart([&] { value(*call.operands[1]); }), ++count;
  code.at(call.span);
  ext(call.form, count);
}

namespace {

void put_u32(std::string& out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

}  // namespace

// where(query, predicate, p1..pn). Literals without a constant form (true, none, lists) are passed
// as parameters behind the others.
void FunctionCompiler::predicate(const check::Predicate& from, const check::Entity& entity) {
  bytecode::Constant constant;
  constant.tag = bytecode::Tag::kPredicate;
  constant.i = entity.number;
  for (const std::string& name : from.names) constant.items.push_back(program.builder.text(name));
  std::vector<const Expr*> parameters(from.parameters.begin(), from.parameters.end());
  auto position_of = [&](std::uint8_t index) -> std::pair<bool, std::uint32_t> {
    const Expr* literal = from.constants[index];
    std::uint32_t k = program.literal_constant(literal);
    if (k == bytecode::kNoIndex) {
      parameters.push_back(literal);
      return {false, static_cast<std::uint32_t>(parameters.size() - 1)};
    }
    constant.items.push_back(k);
    return {true, static_cast<std::uint32_t>(constant.items.size() - 1)};
  };
  for (std::size_t at = 0; at < from.code.size();) {
    std::uint8_t op = from.code[at++];
    if (op == 0x01) {
      std::uint8_t count = from.code[at++];
      constant.text += {static_cast<char>(op), static_cast<char>(count)};
      while (count-- > 0) put_u32(constant.text, from.code[at++]);
    } else if (op == 0x02) {
      constant.text += {static_cast<char>(op), static_cast<char>(from.code[at++])};
    } else if (op == 0x03) {
      auto [is_constant, position] = position_of(from.code[at++]);
      constant.text += static_cast<char>(is_constant ? 0x03 : 0x02);
      if (is_constant)
        put_u32(constant.text, position);
      else
        constant.text += static_cast<char>(position);
    } else {
      constant.text += static_cast<char>(op);
    }
  }
  code.op(Op::LoadConst, program.builder.constant(std::move(constant)));
  for (const Expr* parameter : parameters) apart([&] { value(*parameter); });
  ext("query_where", static_cast<std::uint32_t>(parameters.size()) + 2);
}

void FunctionCompiler::form_expression(const FormExpr& form) {
  wrote_state = true;
  if (form.form == "transaction") return transaction(*form.body);
  if (form.form == "system") return system(*form.body);
  for (const Expr* operand : form.operands) value(*operand);
  if (form.body) closure(*form.body);
  code.at(form.span);
  ext(form.form, static_cast<std::uint32_t>(form.operands.size() + (form.body ? 1 : 0)));
}

// begin; Try b EndTry; commit(repeats): true, or false to begin again (L 20.9).
void FunctionCompiler::transaction(const LambdaExpr& body) {
  scope.open();
  std::uint32_t repeats = scope.add_temporary(), result = scope.add_temporary();
  code.op(Op::LoadInt0);
  code.op(Op::StoreLocal, repeats);
  Label again = code.here(), failed = code.label(), done = code.label();
  ext("transaction_begin", 0);
  code.op(Op::Pop);
  std::uint32_t depth = code.depth();
  code.jump(Op::Try, failed);
  frames_.push_back(
      {Frame::kTransaction, {}, 0, again, code.depth(), scope.next(), repeats, false});
  block(*body.body, true);
  frames_.pop_back();
  code.op(Op::EndTry);
  code.op(Op::StoreLocal, result);
  code.op(Op::LoadLocal, repeats);
  ext("transaction_commit", 1);
  code.jump(Op::JumpIfTrue, done);
  code.op(Op::LoadLocal, repeats);
  code.op(Op::Incr);
  code.op(Op::StoreLocal, repeats);
  code.jump(Op::Loop, again);
  code.place(failed);
  code.set_depth(depth + 1);
  ext("transaction_rollback", 0);
  code.op(Op::Pop);
  code.op(Op::Throw);
  code.place(done);
  code.set_depth(depth);
  code.op(Op::LoadLocal, result);
  close_scope();
}

// Without access rules, also on an error's way out.
void FunctionCompiler::system(const LambdaExpr& body) {
  Label failed = code.label(), done = code.label();
  native("system.enter", 0);
  code.op(Op::Pop);
  std::uint32_t depth = code.depth();
  code.jump(Op::Try, failed);
  frames_.push_back({Frame::kSystem, {}, 0, 0, code.depth(), scope.next(), 0, false});
  block(*body.body, true);
  frames_.pop_back();
  code.op(Op::EndTry);
  native("system.leave", 0);
  code.op(Op::Pop);
  code.jump(Op::Jump, done);
  code.place(failed);
  code.set_depth(depth + 1);
  native("system.leave", 0);
  code.op(Op::Pop);
  code.op(Op::Throw);
  code.place(done);
  code.set_depth(depth + 1);
}

void FunctionCompiler::entity_literal(const EntityExpr& expr) {
  std::string_view type = expr.entity->name;
  text(type);
  std::size_t n = 0;
  bool has_spread = false;
  for (; n < expr.entries.size() && expr.entries[n].key; ++n) {
    value(*expr.entries[n].key);
    value(*expr.entries[n].value);
  }
  code.op(Op::CreateMap, static_cast<std::int64_t>(n));
  for (; n < expr.entries.size(); ++n) {
    has_spread = has_spread || !expr.entries[n].key;
    map_entry(expr.entries[n], [&] { text(type); });
  }
  defaults(expr, has_spread);
  code.at(expr.span);
  native("record.new", 2);
}

// Defaults that are no constants: evaluated here, for fields that were not given.
void FunctionCompiler::defaults(const EntityExpr& expr, bool has_spread) {
  for (const check::Field& field : expr.entity->fields) {
    const Expr* fallback = program.default_of(field);
    if (!fallback || program.has_constant_default(field)) continue;
    bool given = false;
    for (const MapEntry& entry : expr.entries)
      given = given || (entry.key && entry.key->kind == ExprKind::kText &&
                        as<TextExpr>(*entry.key).value == field.name);
    if (given) continue;
    Label next = code.label();
    if (has_spread) {
      code.op(Op::Dup);
      code.op(Op::HasKey, program.builder.text(field.name));
      code.jump(Op::JumpIfTrue, next);
    }
    text(field.name);
    value(*fallback);
    code.op(Op::MapPut);
    code.place(next);
  }
}

}  // namespace flin::compile
