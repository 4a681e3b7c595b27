// Resolves names to symbols (names.cpp: the parts of a file; names_lookup.cpp: looking up;
// names_code.cpp: statements, control and views; page_bound.cpp: functions that belong to a page).
// Inside kernel/check only.
#pragma once

#include "check/tables.h"
#include "check/walk.h"

#include <unordered_set>

namespace flin::check {

class Resolver : public Walker {
 public:
  explicit Resolver(Tables& tables) : t_(tables), p_(tables.program) {}
  void run();
  void expr(syntax::Expr* e) override;
  void stmt(syntax::Stmt* s) override;
  void lambda(syntax::LambdaExpr& l) override;
  void call(syntax::CallExpr& c) override;
  void pattern(syntax::Pattern* p) override;
  void node(syntax::Node* n) override;
  void attribute(syntax::Attribute* a) override;

 private:
  template <class F>
  void in_scope(F&& body) {
    std::size_t mark = log_.size();
    ++depth_;
    body();
    --depth_;
    while (log_.size() > mark) {
      visible_[log_.back()].pop_back();
      log_.pop_back();
    }
  }
  template <class F>
  void in_unit(Unit* unit, F&& body) {
    Unit* outer = unit_;
    unit_ = unit;
    in_scope(body);
    unit_ = outer;
  }
  void handler(const syntax::Block* body);
  static std::string_view word_of(syntax::StmtKind kind);

  // ---- Making symbols ----
  Symbol* make(SymbolKind kind, const syntax::Word& word);
  Symbol* show(Symbol* symbol);
  Symbol* declare_local(const syntax::Word& word);
  Symbol* frame_variable(Frame& frame, const syntax::Word& word);
  void constants(const syntax::File& file);
  static bool is_literal(const syntax::Expr* e);
  static bool is_constant(const syntax::Stmt& s);
  void collect(Frame& frame, const std::vector<syntax::Stmt*>& statements);
  void collect_pattern(Frame& frame, syntax::Pattern* p);
  void enter_props(Component& c);

  // ---- The parts of a file ----
  void resolve_file(FileFacts& file);
  void constants_of(const syntax::File& file);
  void resolve_top(const std::vector<syntax::Stmt*>& statements);
  static bool is_process_hook(const syntax::HookStmt& h);
  void hook(syntax::HookStmt& h);
  void resolve_process_hook(syntax::HookStmt& h);
  void resolve_function(Function& f);
  void resolve_methods(const std::vector<syntax::FunctionStmt*>& methods);
  void resolve_component(Component& c);
  void resolve_route(syntax::RouteStmt& s);
  void resolve_declaration(Declaration& d);
  void resolve_entity(syntax::EntityStmt& s);
  void parameters(std::vector<syntax::Param>& params);

  // ---- Looking up ----
  Symbol* local(std::string_view text);
  Symbol* variable(std::string_view text);
  void use(Symbol* symbol);
  Function* function(std::string_view text);
  void use(Function* f, const syntax::Span& span);
  bool resolve(syntax::NameExpr& n);
  static bool is_alias_object(std::string_view name);
  bool variant(syntax::NameExpr& n);
  bool context(syntax::NameExpr& n);
  Unit* unit_of_frame() const;
  void mark_event();
  void name(syntax::NameExpr& n);
  syntax::MemberExpr* field_of_self(const syntax::NameExpr& n);
  bool is_method_of_self(std::string_view name);
  void uses_methods(std::string_view name, const syntax::Span& span);
  bool form_call(const syntax::NameExpr& n);
  void callee(syntax::NameExpr& n);
  void unknown_variant(syntax::NameExpr& n);
  bool needs_plugin(const syntax::NameExpr& n);
  void missing_plugin(const syntax::Span& span, std::string_view what, const std::string& plugin);
  std::vector<std::string_view> visible_names();
  Report undefined_report(const syntax::Span& span, std::string_view text);
  void undefined(const syntax::Span& span, std::string_view text);

  // ---- Statements that make or change variables ----
  void assign(syntax::AssignStmt& a);
  void declared_again(const syntax::Word& word, const Symbol& first);
  void changed(syntax::Expr* target);
  void destructure(syntax::DestructureStmt& d);
  Symbol* bind_target(const syntax::Word& word);
  void bind_pattern_name(syntax::Pattern& p);
  void alternatives(syntax::Pattern& p);
  void share(syntax::Pattern* p);
  void try_stmt(syntax::TryStmt& s);

  // ---- Control ----
  void if_expr(syntax::IfExpr& e);
  void loop_head(syntax::ForHead& h);
  void for_expr(syntax::ForExpr& e);
  void while_expr(syntax::WhileExpr& e);
  void match_expr(syntax::MatchExpr& e);
  void entity_literal(syntax::EntityExpr& e);

  // ---- Views ----
  void if_node(syntax::IfNode& n);
  void for_node(syntax::ForNode& n);
  void match_node(syntax::MatchNode& n);
  void component_use(syntax::ComponentNode& n);

  // ---- Page-bound functions (L 1.5) ----
  struct FunctionUse {
    Function* function;
    syntax::Span span;
    Function* by;
    Frame* frame;  // of the place
  };
  void bind_functions();
  void check_page_bound();
  void check_twice(const std::vector<Function*>& all);
  enum Request { kNoRequest, kPageRequest, kFullRequest };
  struct PairHash {
    std::size_t operator()(const std::pair<Function*, Function*>& p) const {
      return std::hash<Function*>()(p.first) * 31 + std::hash<Function*>()(p.second);
    }
  };
  Tables& t_;
  CheckedProgram& p_;
  Frame* frame_ = nullptr;
  Unit* unit_ = nullptr;
  Function* function_ = nullptr;
  Request request_ = kNoRequest;
  bool socket_ = false;  // in a ws declaration: `socket` is there
  bool setup_ = false;   // in setup itself, not in functions or lambdas
  bool view_ = false;
  Function* method_ =
      nullptr;             // a method of an impl or trait: fields and methods of `self` by name
  bool lenient_ = false;   // names may turn out to be fields
  bool binding_ = false;   // bind={..}: infer_view.cpp has the message for constants
  bool creating_ = false;  // a destructuring with let, or parameters
  bool destructuring_ = false;
  int depth_ = 0;  // of blocks
  std::unordered_map<std::string_view, std::vector<Symbol*>> visible_;
  std::vector<std::string_view> log_;  // names shown, innermost last
  std::unordered_set<Symbol*> created_;
  std::unordered_set<std::pair<Function*, Function*>, PairHash> seen_;
  std::vector<FunctionUse> uses_;
};

}  // namespace flin::check
