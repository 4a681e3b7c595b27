// Writes the JavaScript of one section of a page or component (`view`, `setup`, ..) or of a
// function: the twin of kernel/compile's FunctionCompiler, case by case.
#pragma once

#include "browser/js_text.h"
#include "browser/module.h"
#include "browser/template.h"
#include "check/program.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flin::browser {

// Where a symbol's value is.
struct Place {
  enum Kind : std::uint8_t {
    kValue,       // a variable of JavaScript
    kGetter,      // read by calling it
    kCell,        // a getter with `set`
    kExpression,  // stands for an expression, read only
  } kind = kValue;
  Js js;
};

// What becomes of the value of a block.
struct Sink {
  enum Kind : std::uint8_t { kDrop, kReturn, kAssign } kind = kDrop;
  std::string name;  // kAssign
};

class Writer {
 public:
  // `part` is null for functions at the top of the module: they see no variables of a page.
  Writer(Module& module, const Part* part, Used* used)
      : module_(module), part_(part), used_(used) {}

  // `(p) => ..`: runs `body`, which may add lines, and returns what it gives ("": nothing).
  std::string section(const std::function<std::string()>& body);

  // ---- Sections (sections.cpp) ----
  std::string view_section(const std::vector<syntax::Node*>& nodes);
  std::string head_section(const std::vector<syntax::Node*>& nodes);
  std::string init_section();   // setup that runs once, of instances made in the browser
  std::string setup_section();  // browser setup and hooks
  std::string function_text(const std::string& name, const check::Function& function);

  // ---- Expressions (expressions.cpp) ----
  Js value(const syntax::Expr& expr);
  std::string argument(const syntax::Expr& expr) { return at(value(expr), Level::kAssign); }

 private:
  // ---- Names (names.cpp) ----
  std::string declare(const check::Symbol& symbol);
  std::string fresh(std::string_view wanted);
  void place(const check::Symbol& symbol, Place place);
  const Place* find(const check::Symbol& symbol) const;
  Place place_of(const check::Symbol& symbol);
  Js read(const check::Symbol& symbol);
  Js read(const Place& place) const;
  std::string store(const check::Symbol& symbol, const std::string& value);  // a statement
  Place variable(const check::Symbol& symbol);
  Place prop(std::string_view name, const check::Symbol* symbol);
  Js context(const check::Symbol& symbol);
  Js live(const check::LiveValue& live);
  Js live_output(const check::Symbol& symbol);
  Js shown();
  std::string page_function(const check::Function& function);
  const DerivedGroup* group_of(const check::Symbol& symbol);
  std::string derived(const DerivedGroup& group);
  std::string group_value(const DerivedGroup& group);
  void open_scope() { scopes_.emplace_back(); }
  void close_scope() { scopes_.pop_back(); }

  // ---- Frames: functions that may declare what their content needs ----
  struct Frame {
    std::vector<std::string> constants, lines;
    const check::Binding* loop = nullptr;
    std::map<std::string, std::string> known;
  };
  void constant(Frame& frame, const std::string& name, const std::string& value);
  // "=> result" with the frame's declarations in front.
  static std::string arrow(const std::string& params, const Frame& frame,
                           const std::string& result);

  // ---- Expressions ----
  Js raw_value(const syntax::Expr& expr);
  Js convert(Js js, const check::Type* from, const check::Type* to);
  Js literal(const syntax::Expr& expr);
  Js integer(std::int64_t value);
  Js time_word(syntax::TimeWord word);
  Js name(const syntax::NameExpr& expr);
  Js interpolation(const std::vector<syntax::Expr*>& parts);
  Js list(const std::vector<syntax::Expr*>& items);
  std::string item(const syntax::Expr& expr);
  Js map(const std::vector<syntax::MapEntry>& entries);
  Js entity_literal(const syntax::EntityExpr& expr);
  Js unary(const syntax::UnaryExpr& expr);
  Js binary(const syntax::BinaryExpr& expr);
  Js operation(syntax::BinaryOp op, Js left, const check::Type* lt, Js right, const check::Type* rt,
               const check::Type* result);
  Js arithmetic(syntax::BinaryOp op, const Js& left, const check::Type* lt, const Js& right,
                const check::Type* rt, const check::Type* result);
  Js comparison(syntax::BinaryOp op, const Js& left, const check::Type* lt, const Js& right,
                const check::Type* rt);
  Js infix(const Js& left, std::string_view op, const Js& right, Level level);
  Js call_of(std::string_view name, const std::vector<std::string>& arguments);  // imports it
  std::string text_form(const Js& js, const check::Type* type);
  Js is_expression(const syntax::IsExpr& expr);
  Js is_type(const Js& subject, const check::Type* type);
  Js is_variant(const Js& subject, const check::Type* type, const check::Enum& of,
                std::uint32_t variant);
  Js variant(const check::Enum& of, std::uint32_t variant, const std::vector<std::string>& values);
  Js conditional(const syntax::ConditionalExpr& expr);
  Js form(const syntax::FormExpr& form);

  // ---- Chains (chains.cpp) ----
  Js chain(const syntax::Expr& expr);
  Js link(const syntax::Expr& expr);
  Js receiver(const syntax::Expr& object, bool optional);
  Js apart(const syntax::Expr& expr);  // outside the chain around it
  Js member(const syntax::MemberExpr& expr);
  Js member_of(const Js& object, const syntax::MemberExpr& expr);
  Js index_of(const Js& object, const check::Type* type, const std::string& index);

  // ---- Calls (calls.cpp) ----
  Js call(const syntax::CallExpr& call, bool optional);
  Js call_function(const syntax::CallExpr& call);
  Js call_value(const syntax::CallExpr& call, bool optional);
  Js call_variant(const syntax::CallExpr& call);
  std::vector<std::string> arguments(const syntax::CallExpr& call);
  Js builtin(const check::Builtin& builtin, const std::vector<syntax::Expr*>& operands,
             bool optional);
  Js builtin_value(const syntax::NameExpr& expr);
  Js builtin_call(const check::Builtin& builtin, const std::vector<std::string>& arguments,
                  const check::Type* first);
  std::string operand(const std::vector<syntax::Expr*>& operands, std::size_t n, bool optional);
  Js async_state(std::string_view name, const syntax::Expr& variable);

  // ---- Functions and handlers (functions.cpp) ----
  Js lambda(const syntax::LambdaExpr& lambda);
  std::string parameters(const std::vector<syntax::Param>& params, std::vector<std::string>& lines);
  std::string body(const std::vector<std::string>& lines, const syntax::Block& block);
  std::string handler(const check::Handler& handler);
  std::string handler_body(const syntax::Block& block);
  std::string server_call(const check::Handler& handler, bool passes_event);

  // ---- Statements (statements.cpp, control.cpp) ----
  void line(std::string text) { lines_->push_back(std::move(text)); }
  std::vector<std::string> collect(
      const std::function<void()>& part);                           // the lines it adds, in a scope
  std::string block(const syntax::Block& block, const Sink& sink);  // in braces
  void statements(const syntax::Block& block, const Sink& sink);
  void statement(const syntax::Stmt& statement);
  void sink_value(const syntax::Expr& expr, const Sink& sink);
  void give(const std::string& value, const Sink& sink);
  void discard(const syntax::Expr& expr);
  void assign(const syntax::AssignStmt& statement);
  void assign_name(const syntax::AssignStmt& statement, const check::Symbol& symbol);
  void assign_place(const syntax::AssignStmt& statement);
  std::string updated(const syntax::AssignStmt& statement, const Js& old);
  void increment(const syntax::IncrementStmt& statement);
  // A field or item that statements read and write.
  struct Target {
    Js read;
    std::function<std::string(const std::string&)> write;
  };
  Target target(const syntax::Expr& expr, bool reads);
  std::string stable(const syntax::Expr& expr, bool needed);
  void destructure(const syntax::Pattern& pattern, const Js& value, const check::Type* type);
  void try_statement(const syntax::TryStmt& statement);
  bool assert_comparison(const syntax::Expr& expr);
  void return_statement(const syntax::ReturnStmt& statement);
  void break_statement(const syntax::BreakStmt& statement);
  void delete_key(const syntax::IndexExpr& target);

  void control(const syntax::Expr& expr, const Sink& sink);
  void if_expression(const syntax::IfExpr& expr, std::size_t n, const Sink& sink);
  void match_expression(const syntax::MatchExpr& expr, const Sink& sink);
  void for_expression(const syntax::ForExpr& expr, const Sink& sink);
  void while_expression(const syntax::WhileExpr& expr, const Sink& sink);
  void loop(std::string_view label, const std::string& head, const Sink& sink,
            const std::function<void()>& body);
  std::string for_head(const syntax::ForHead& head);
  std::string counting_head(const syntax::ForHead& head);
  Js inline_control(const syntax::Expr& expr);
  std::string inline_if(const syntax::IfExpr& expr);

  // ---- Jumps out of expressions (jumps.cpp) ----
  // Writes what jumps in `expr` as statements; value() then gives what they left.
  void hoist(const syntax::Expr& expr);
  void hoist_choice(const syntax::Expr& expr);

  // ---- Patterns (patterns.cpp) ----
  // Whether `subject` fits; "" if it always does. Its names then stand for expressions on
  // `subject`.
  std::string test(const syntax::Pattern& pattern, const Js& subject, const check::Type* type);
  void test_into(const syntax::Pattern& pattern, const Js& subject, const check::Type* type,
                 std::vector<std::string>& tests);
  void test_alternatives(const syntax::Pattern& pattern, const Js& subject, const check::Type* type,
                         std::vector<std::string>& tests);
  Js part_of(const syntax::MapPatternItem& item, const Js& subject, const check::Type* type);
  // Makes variables of the names of a pattern that a test has bound to expressions.
  void declare_names(const syntax::Pattern& pattern);

  // ---- Views (views.cpp, elements.cpp, markup.cpp) ----
  std::vector<std::string> nodes(const std::vector<syntax::Node*>& nodes);
  std::string node_list(const std::vector<syntax::Node*>& nodes);
  // `() => [..]` with what its content needs declared in it.
  std::string node_function(const std::string& params, const check::Binding* loop,
                            const std::vector<syntax::Node*>& nodes);
  std::string node(const syntax::Node& node);
  std::string interpolation_node(const syntax::InterpolationNode& node);
  std::string if_node(const syntax::IfNode& node);
  std::string match_node(const syntax::MatchNode& node);
  std::string for_node(const syntax::ForNode& node);
  std::string loop_list(const syntax::ForHead& head, bool is_map);
  std::string loop_key(const syntax::ForNode& node, bool is_map);
  std::string slot_node(const syntax::SlotNode& node);
  std::string component_node(const syntax::ComponentNode& node);
  std::string component_props(const syntax::ComponentNode& node);
  std::string given_props(const syntax::ComponentNode& node);
  std::string prop_value(const syntax::Attribute& attribute);
  // `() => e`, or after the first show only.
  std::string binding(const check::Binding* binding, const Js& js);

  std::string element(const syntax::ElementNode& node);
  std::vector<std::string> attributes(const syntax::ElementNode& node);
  std::string attribute(const syntax::Attribute& attribute);
  Js mixed(const syntax::Attribute& attribute);
  std::string bind_attribute(const syntax::ElementNode& node, const syntax::Attribute& attribute);
  std::string event(const syntax::ElementNode& node, const syntax::Attribute& attribute);
  std::string one_text(const std::vector<syntax::Node*>& nodes);
  Js joined_text(const std::vector<syntax::Node*>& nodes);
  Js markup_html(const std::vector<syntax::Node*>& nodes);
  std::string html_of(const syntax::Node& node);
  std::string html_of_element(const syntax::ElementNode& node);
  std::string html_of_branches(const syntax::IfNode& node, std::size_t n, bool as_html);
  std::string html_of_items(const syntax::ForNode& node, bool as_html);
  std::string html_of_arms(const syntax::MatchNode& node, bool as_html);
  std::string text_of_nodes(const std::vector<syntax::Node*>& nodes, bool as_html);

  Module& module_;
  const Part* part_;
  Used* used_;
  std::vector<std::set<std::string, std::less<>>> scopes_;
  std::unordered_map<const check::Symbol*, Place> places_;
  std::vector<Frame*> frames_;
  std::vector<std::string>* lines_ = nullptr;
  struct Loop {
    std::string label;
    Sink sink;
  };
  std::vector<Loop> loops_;
  struct Guard {
    std::string name, object;
  };
  std::vector<Guard>* guards_ = nullptr;  // of the chain being written
  std::vector<DerivedGroup> groups_;
  bool has_groups_ = false;
  std::set<const check::Symbol*> inside_;   // variables that are locals here: outputs of the group
  std::set<std::string>* reads_ = nullptr;  // names of getters read, while an `onUpdate` is written
  std::unordered_map<const syntax::Expr*, Js> hoisted_;
  bool in_form_ = false;  // a form that works without scripts
};

}  // namespace flin::browser
