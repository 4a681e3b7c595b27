// Compiles one function: its frame, its expressions and statements. Views are written by
// ViewCompiler on top of it. A function written inside another has that one as parent and captures
// its locals.
#pragma once

#include "check/program.h"
#include "compile/emit.h"
#include "compile/program_compiler.h"
#include "compile/scope.h"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flin::compile {

using Operands = std::span<syntax::Expr* const>;

class FunctionCompiler {
 public:
  FunctionCompiler(ProgramCompiler& program, FunctionCompiler* parent, std::uint32_t row);

  ProgramCompiler& program;
  Emitter code;
  Scope scope;

  bytecode::SlotKind result_kind = bytecode::SlotKind::kAny;  // how its value is given

  std::uint32_t row() const { return row_; }

  // ---- Functions (functions.cpp) ----
  // Parameters, their defaults, and the body's value; ends with Return.
  void compile_body(const std::vector<syntax::Param>& params, const syntax::Block& body);
  void finish(std::string_view name, std::uint32_t arity, std::uint32_t least, std::uint32_t flags);
  void closure(const syntax::LambdaExpr& lambda);
  // A function without parameters that runs `body` where it is written (a handler as a prop,
  // L 9.3).
  void block_closure(const syntax::Block& body);
  // `builtin` as a value: a function that calls it.
  void builtin_closure(const check::Builtin& builtin, std::uint32_t arity);

  // ---- Expressions (expressions.cpp) ----
  void value(const syntax::Expr& expr);    // pushes it, as its consumer gets it
  void discard(const syntax::Expr& expr);  // runs it for its effects
  void convert(const check::Type* from, const check::Type* to);
  void integer(std::int64_t value);
  void text(std::string_view text);
  void binary(syntax::BinaryOp op, const check::Type* left, const check::Type* right,
              const check::Type* result);  // on two values on the stack
  // Jumps to `target` if the truth of `condition` is `when`, else goes on.
  void jump_if(const syntax::Expr& condition, bool when, Label target);

  // ---- Names (names.cpp) ----
  void load(const check::Symbol& symbol);
  void store(const check::Symbol& symbol);  // pops; a local is created with its first store
  void load_prop(std::string_view name);
  void load_path(std::string_view path);  // "params.id"
  void load_input(const check::Input& input);
  void live_value(const check::LiveValue& live);
  // Within the function of a live value: symbols and paths that are parameters.
  void substitute(const check::Input& input, std::uint32_t slot);
  // Where a handler finds the symbol.
  struct Place {
    bool is_upvalue;
    std::uint32_t index;
  };
  Place place_of(const check::Symbol& symbol);
  // Calls `part` with a view row around its code.
  void bound(const check::Binding* binding, const std::function<void()>& part);
  bool wrote_state = false;  // since it was last cleared: something reactive was assigned

  // ---- Calls and forms (calls.cpp, builtins.cpp, forms.cpp) ----
  void call(const syntax::CallExpr& call,
            bool optional);  // optional: none as receiver ends the chain
  void call_builtin(const check::Builtin& builtin, Operands operands);
  void native(std::string_view name, std::uint32_t args);
  void ext(std::string_view form, std::uint32_t args);
  void run_query(const std::vector<std::string>& fields);
  void query_call(const syntax::CallExpr& call);
  void form_call(const syntax::CallExpr& call);
  void form_expression(const syntax::FormExpr& form);
  void entity_literal(const syntax::EntityExpr& expr);

  // ---- Statements and control (statements.cpp, control.cpp) ----
  void statement(const syntax::Stmt& statement);
  void block(const syntax::Block& block, bool wants_value);  // in a scope of its own
  void statements(const syntax::Block& block, bool wants_value);
  void control(const syntax::Expr& expr, bool wants_value);  // if, for, while, match, block
  void open_scope() { scope.open(); }
  void close_scope();

  // ---- Patterns (patterns.cpp) ----
  void bind(const syntax::Pattern& pattern,
            const check::Type* type);  // pops a value; fails as L 5.2 says
  // Goes on if the value in `slot` fits, with names bound; else to `fail`.
  void test(const syntax::Pattern& pattern, std::uint32_t slot, const check::Type* type,
            Label fail);
  void condition(const syntax::Condition& condition, Label fail);
  // The condition as a bool on the stack, for StartIf.
  void condition_value(const syntax::Condition& condition);
  static bool always_fits(const syntax::Pattern& pattern);

  // ---- Setup (pages.cpp) ----
  void live_group(const check::LiveValue& live);
  void live_inputs(const check::LiveValue& live);
  void live_guard(const check::LiveGuard& guard, Label hidden);
  // Steps of addresses (W 4.2) around what `part` writes, and the cells of the instance.
  void step(std::string_view native_name, const std::vector<std::int64_t>& numbers);
  void leave_step();
  void component_cells(const check::Component& component, std::uint32_t function);

  // ---- Handlers (handlers.cpp) ----
  void handler(const check::Handler& handler, std::string_view event);

 private:
  friend class ViewCompiler;

  // names.cpp
  void note_read(bytecode::ReadKind kind, std::uint32_t index);
  std::uint32_t upvalue(const check::Symbol& symbol);
  bool owns(const check::Symbol& symbol) const { return scope.has(&symbol); }
  bool place_exists(const check::Symbol& symbol) const;

  // expressions.cpp
  bool is_delivered(const syntax::Expr& expr) const;
  void raw_value(const syntax::Expr& expr);  // without conversion
  void simple_value(const syntax::Expr& expr);
  void apart(const std::function<void()>& part);
  void literal(const syntax::Expr& expr);
  void name(const syntax::NameExpr& expr);
  void interpolation(const std::vector<syntax::Expr*>& parts);
  void list(const std::vector<syntax::Expr*>& items);
  void map(const std::vector<syntax::MapEntry>& entries);
  void map_entry(const syntax::MapEntry& entry, const std::function<void()>& prepare_spread);
  void unary(const syntax::UnaryExpr& expr);
  void binary_expression(const syntax::BinaryExpr& expr);
  void logical(const syntax::BinaryExpr& expr, Op jump);
  void is_expression(const syntax::IsExpr& expr);
  void conditional(const syntax::ConditionalExpr& expr);
  void chain(const syntax::Expr& expr);  // member, index, call, with `?.` somewhere
  void link(const syntax::Expr& expr);
  void member(const syntax::MemberExpr& expr);
  void member_by_name(const syntax::MemberExpr& expr);
  void index(const syntax::IndexExpr& expr);
  void slice(const syntax::SliceExpr& expr);
  void variant(const check::Enum& enumeration, std::uint32_t variant);
  std::uint32_t variant_k(const check::Enum& enumeration, std::uint32_t variant);
  void receiver(const syntax::Expr& object, bool optional);  // object, `?.` check, reference read
  void markup(const syntax::MarkupExpr& expr);

  // calls.cpp
  void receiver_operand(const syntax::Expr& expr);
  void call_function(const syntax::CallExpr& call);
  void call_value(const syntax::CallExpr& call);
  void call_variant(const syntax::CallExpr& call);
  void call_named(const syntax::CallExpr& call);
  void call_spread(const syntax::CallExpr& call);
  void variants_of(const check::Enum& enumeration);
  void variant_from(const check::Enum& enumeration, const syntax::Expr& text);
  void closure_of(const check::Function& function);

  // builtins.cpp
  bool by_opcode(const check::Builtin& builtin, Operands operands);
  bool by_function(const check::Builtin& builtin, Operands operands);
  void operand(const check::Builtin& builtin, Operands operands, std::size_t n);
  void operands_in_order(const check::Builtin& builtin, Operands operands);
  void default_value(std::string_view text);

  // forms.cpp
  void predicate(const check::Predicate& predicate, const check::Entity& entity);
  void transaction(const syntax::LambdaExpr& body);
  void system(const syntax::LambdaExpr& body);
  void defaults(const syntax::EntityExpr& expr, bool has_spread);

  // statements.cpp
  void assign(const syntax::AssignStmt& statement);
  void update(const syntax::AssignStmt& statement, const std::function<void()>& load,
              const std::function<void()>& store);
  void assign_member(const syntax::AssignStmt& statement);
  void assign_index(const syntax::AssignStmt& statement);
  void assign_item(const syntax::AssignStmt& statement, const syntax::Expr& object,
                   const std::function<void()>& push_key);
  void assign_place(const syntax::AssignStmt& statement, const std::function<void()>& load,
                    const std::function<void()>& store, std::uint32_t beneath);
  bool is_map_member(const syntax::MemberExpr& target) const;
  void member_object(const syntax::MemberExpr& target);
  void increment(const syntax::IncrementStmt& statement);
  void set_member(const syntax::MemberExpr& target);
  void try_statement(const syntax::TryStmt& statement);
  void assert_comparison(const syntax::BinaryExpr& expr, std::string_view sign);
  void assertion(const syntax::AssertStmt& statement);

  // control.cpp
  struct Frame {  // what surrounds the code, innermost last
    enum Kind : std::uint8_t { kLoop, kForLoop, kTry, kTransaction, kSystem } kind;
    std::string_view label;
    Label exit = 0, next = 0;
    std::uint32_t depth = 0;       // of the stack inside
    std::uint32_t first_slot = 0;  // of its scope
    std::uint32_t result = 0;      // slot of a loop's value; of a transaction's count of repeats
    bool has_result = false;
  };
  // Head of a loop around `body`, for code and for views, in a scope of its own.
  void loop_over(const syntax::ForHead& head, Frame frame, const std::function<void()>& body);
  void counting_loop(const syntax::ForHead& head, Frame frame, const std::function<void()>& body);
  void while_loop(const syntax::Condition& condition, Frame frame,
                  const std::function<void()>& body);
  void end_round(Label next, std::uint32_t first_slot);
  void if_expression(const syntax::IfExpr& expr, bool wants_value);
  void for_expression(const syntax::ForExpr& expr, bool wants_value);
  void while_expression(const syntax::WhileExpr& expr, bool wants_value);
  void match_expression(const syntax::MatchExpr& expr, bool wants_value);
  void break_statement(const syntax::BreakStmt& statement);
  void continue_statement(const syntax::ContinueStmt& statement);
  void return_statement(const syntax::ReturnStmt& statement);
  std::size_t loop_index(std::string_view label) const;
  void unwind(std::size_t to);
  void loop_value(const Frame& frame, bool wants_value);
  Frame loop_frame(std::string_view label, bool wants_value);
  void leave_transaction(const Frame& frame);

  // patterns.cpp
  void bind_list(const syntax::Pattern& pattern, const check::Type* type);
  void bind_tuple(const syntax::Pattern& pattern, const check::Type* type);
  void bind_map(const syntax::Pattern& pattern, const check::Type* type);
  void map_item(const syntax::MapPatternItem& item, const check::Type* type);
  void test_literal(const syntax::Pattern& pattern, std::uint32_t slot, Label fail);
  void test_range(const syntax::Pattern& pattern, std::uint32_t slot, const check::Type* type,
                  Label fail);
  void test_type(const syntax::Pattern& pattern, std::uint32_t slot, Label fail);
  void test_variant(const syntax::Pattern& pattern, std::uint32_t slot, Label fail);
  void test_list(const syntax::Pattern& pattern, std::uint32_t slot, const check::Type* type,
                 Label fail);
  void test_tuple(const syntax::Pattern& pattern, std::uint32_t slot, const check::Type* type,
                  Label fail);
  void test_map(const syntax::Pattern& pattern, std::uint32_t slot, const check::Type* type,
                Label fail);
  void test_alternatives(const syntax::Pattern& pattern, std::uint32_t slot,
                         const check::Type* type, Label fail);
  void test_is(const check::Type* type, std::uint32_t slot, Label fail);
  void test_top(const syntax::Pattern& pattern, const check::Type* type, Label fail);

  // functions.cpp
  void parameters(const std::vector<syntax::Param>& params);
  void close_over(FunctionCompiler& inner);

  // handlers.cpp
  void last_value(const syntax::Expr& expr);
  bytecode::InputRow input_row(const check::Input& input);
  void fill_inputs(const std::vector<check::Input>& from, std::vector<bytecode::InputRow>& to);

  FunctionCompiler* parent_;
  std::uint32_t row_;
  std::vector<bytecode::UpvalueRow> upvalues_;
  std::map<std::pair<bool, std::uint32_t>, std::uint32_t> upvalue_rows_;
  std::vector<Frame> frames_;
  Label chain_end_ = 0;  // where a `?.` that found none goes
  bool in_chain_ = false;
  bool optional_receiver_ =
      false;  // of the call being compiled, until its receiver is on the stack
  const check::LiveValue* live_ = nullptr;  // whose function this is
  bool in_view_ = false;  // setup and view of a page or component: live values come from the page
  std::vector<std::vector<bytecode::ViewRow::Read>*> watchers_;  // bindings being compiled
  std::unordered_map<const check::Symbol*, std::uint32_t> given_symbols_;
  std::map<std::string, std::uint32_t, std::less<>> given_paths_;

  friend class ProgramCompiler;
};

// Types with `?` taken off.
const check::Type* without_none(const check::Type* type);
bool is_tag(const check::Type* type, check::TypeTag tag);
// What the consumer of the expression gets.
const check::Type* type_of(const syntax::Expr& expr);
// "a.b.c" for a name or a path of names; empty for anything else.
std::string path_of(const syntax::Expr& expr);

}  // namespace flin::compile
