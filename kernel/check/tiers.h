// From checked code to views, tiers and live values (L 8, L 10, L 11). One step per file:
//   views.cpp     rows of the view table, handlers found on the way
//   setup.cpp     setup statements: once, derived, live, browser (L 8.2, L 8.3)
//   live.cpp         live values of bindings and setup groups (L 11.9)
//   live_inputs.cpp  what they depend on
//   live_places.cpp  where scopes open and close: rows, components, slots (W 4.2)
//   live_fields.cpp  the fields of their rows that code in the browser reads
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
  friend class PlaceMaker;
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
  void find_live(ViewOwner& owner);  // live.cpp
  void make_places();                // live_places.cpp
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
  // Inputs of what the live value consists of: root, prop, group, guards.
  void add_inputs(LiveValue& live);
  // Gives its inputs their loops; false: one belongs to no live list.
  bool place_inputs(LiveValue& live);
  bool touches_server(const syntax::Expr* e) const;
  bool can_change(const Symbol* symbol) const;

  Tables& t_;
  CheckedProgram& p_;
  Touches touches_;
  std::vector<ViewOwner> owners_;
  std::unordered_map<const Handler*, syntax::Span> handler_at_;
  std::unordered_map<const Handler*, Touched> handler_touched_;
  std::unordered_map<const Symbol*, const syntax::ForNode*> loops_;  // of loop variables in views
  // A use of a component, or a slot, and what is around it.
  struct Shown {
    ViewOwner* owner;
    const syntax::Node* node;
    LivePlace* place;  // null: in a loop over data of the browser
    bool is_hidden;    // a condition of the server hides it
    std::vector<LiveGuard> guards;
    const syntax::ComponentNode* content_of;  // the use whose content it is in
    std::string_view slot;                    // of that content
  };
  std::vector<Shown> shown_;
  std::unordered_map<const syntax::ForNode*, LivePlace*> rows_;
  std::vector<LivePlace*> places_;
  std::vector<LiveValue*> hidden_live_;
  std::unordered_set<const Symbol*> derived_;  // variables that are computed again
};

}  // namespace flin::check
