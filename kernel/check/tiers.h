// From checked code to views, tiers and live values (L 8, L 10, L 11). One step per file:
//   views.cpp     rows of the view table, handlers found on the way
//   setup.cpp     setup statements: once, derived, live, browser (L 8.2, L 8.3)
//   live.cpp      live values of bindings and setup groups, their inputs and fields (L 11.9)
//   handlers.cpp  tiers of handlers, inputs and outputs of actions, functions of the browser
//   (L 11.3, L 11.4) explain.cpp   the text of `flin check --tiers`
#pragma once

#include "check/touches.h"

#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace flin::check {

struct SetupFact;

// A page or component, by what both have.
struct ViewOwner {
  Unit* unit = nullptr;
  Page* page = nullptr;
  Component* component = nullptr;
  std::vector<syntax::Stmt*> setup_statements;
  std::vector<Symbol*>* variables = nullptr;
  std::vector<SetupStatement>* setup = nullptr;
  std::vector<const syntax::ViewStmt*>* views = nullptr;
  std::vector<syntax::HookStmt*>* hooks = nullptr;
  std::vector<Binding*>* bindings = nullptr;
  std::vector<Handler*>* handlers = nullptr;
  std::vector<LiveValue*>* live = nullptr;
};

class Tiers {
 public:
  explicit Tiers(Tables& tables) : t_(tables), p_(tables.program), touches_(tables) {}
  void run();

 private:
  friend class RowMaker;
  friend class LiveFinder;
  friend class ActionWalker;

  void collect_owners();
  void number_rows(ViewOwner& owner);  // views.cpp
  Handler* make_handler(ViewOwner& owner, HandlerKind kind, const syntax::Block* body,
                        syntax::Span at);
  void place_setup(ViewOwner& owner);  // setup.cpp
  void group_setup(ViewOwner& owner, std::vector<SetupFact>& facts);
  void place_group(ViewOwner& owner, std::vector<SetupFact>& facts,
                   const std::vector<std::size_t>& members);
  LiveValue* live_group(ViewOwner& owner, const std::vector<Symbol*>& outputs);
  void group_inputs(LiveValue& live, const syntax::Stmt* s);
  void find_live(ViewOwner& owner);  // live.cpp
  void number_live();
  void live_fields();
  void place_handlers();  // handlers.cpp
  void number_handlers();
  void mark_browser_reads(ViewOwner& owner);
  void action_values(ViewOwner& owner, Handler& handler);
  void browser_functions();
  void check_functions();
  void check_server_units();
  void mark_static(ViewOwner& owner);
  void uses_both(const Touched& touched, syntax::Span at, std::string_view name);
  LiveValue* make_live(ViewOwner& owner);
  void add_input(LiveValue& live, const syntax::Expr* root);
  bool can_change(const Symbol* symbol) const;

  Tables& t_;
  CheckedProgram& p_;
  Touches touches_;
  std::vector<ViewOwner> owners_;
  std::unordered_map<const Handler*, syntax::Span> handler_at_;
  std::unordered_map<const Handler*, Touched> handler_touched_;
  std::unordered_map<const Symbol*, const syntax::ForNode*> loops_;  // of loop variables in views
  std::unordered_set<const Symbol*> derived_;  // variables that are computed again
};

}  // namespace flin::check
