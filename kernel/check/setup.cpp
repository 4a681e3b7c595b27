// Setup statements (L 8.2, L 8.3): which are pure, which belong together, where they run again.
#include "check/setup_facts.h"
#include "check/tiers.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace flin::check {
using namespace syntax;
namespace {

bool is_frame_variable(const Symbol* symbol) {
  return symbol->kind == SymbolKind::kPageVariable ||
         symbol->kind == SymbolKind::kComponentVariable;
}

// A variable that one pure statement sets to a query stands for it (L 11.9).
bool stands_for_query(const Stmt* s, const std::map<Symbol*, int>& writers) {
  if (s->kind != StmtKind::kAssign) return false;
  auto& a = as<AssignStmt>(*s);
  if (a.target->kind != ExprKind::kName || a.value->type == nullptr) return false;
  Symbol* symbol = as<NameExpr>(*a.target).symbol;
  bool query = a.value->type->is(TypeTag::kQuery) && a.value->converted == nullptr;
  return query && symbol != nullptr && is_frame_variable(symbol) && !symbol->is_state &&
         writers.at(symbol) == 1;
}

}  // namespace

void Tiers::uses_both(const Touched& touched, Span at, std::string_view name) {
  Report& r = t_.reports.add(Code::E0601, at, {name}, "needs both at once");
  r.others.push_back({touched.browser_at, touched.browser_what});
  r.others.push_back({touched.server_at, touched.server_what});
}

void Tiers::place_setup(ViewOwner& owner) {
  std::vector<SetupFact> facts(owner.setup->size());
  std::map<Symbol*, int> writers;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    Stmt* s = const_cast<Stmt*>((*owner.setup)[i].statement);
    facts[i].values.stmt(s);
    for (Symbol* symbol : facts[i].values.writes) ++writers[symbol];
  }
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Stmt* s = (*owner.setup)[i].statement;
    SetupFact& f = facts[i];
    f.touched = touches_.of(s);
    bool derived_only =
        std::all_of(f.values.writes.begin(), f.values.writes.end(), [](const Symbol* symbol) {
          return !symbol->is_state && symbol->kind != SymbolKind::kContext;
        });
    f.pure = f.touched.pure && !f.values.impure && derived_only &&
             (f.touched.mask & kTouchesSession) == 0;
    if (f.pure && stands_for_query(s, writers)) {
      as<NameExpr>(*as<AssignStmt>(*s).target).symbol->stands_for = as<AssignStmt>(*s).value;
    }
    if (f.touched.browser() && f.touched.server()) uses_both(f.touched, s->span, "setup");
  }
  group_setup(owner, facts);
}

// Pure statements that write one variable are a group; each group has one tier.
void Tiers::group_setup(ViewOwner& owner, std::vector<SetupFact>& facts) {
  std::vector<std::size_t> group(facts.size());
  std::iota(group.begin(), group.end(), std::size_t{0});
  std::unordered_map<Symbol*, std::size_t> first;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (!facts[i].pure) continue;
    for (Symbol* symbol : facts[i].values.writes) {
      if (!is_frame_variable(symbol)) continue;
      auto [it, is_new] = first.try_emplace(symbol, group[i]);
      if (is_new || it->second == group[i]) continue;
      std::size_t from = group[i], to = it->second;
      for (std::size_t& g : group)
        if (g == from) g = to;
      for (auto& [s, g] : first)
        if (g == from) g = to;
    }
  }
  std::map<std::size_t, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < facts.size(); ++i) groups[group[i]].push_back(i);
  std::vector<std::pair<std::size_t, const std::vector<std::size_t>*>> in_order;
  for (auto& [number, members] : groups) in_order.push_back({members.front(), &members});
  std::sort(in_order.begin(), in_order.end());
  for (auto& [at, members] : in_order) place_group(owner, facts, *members);
}

void Tiers::place_group(ViewOwner& owner, std::vector<SetupFact>& facts,
                        const std::vector<std::size_t>& members) {
  bool browser = false, server = false, pure = true, changes = false, stands = false;
  std::vector<Symbol*> outputs;
  for (std::size_t i : members) {
    const SetupFact& f = facts[i];
    browser = browser || f.touched.browser();
    server = server || f.touched.server();
    pure = pure && f.pure;
    for (Symbol* symbol : f.values.reads) changes = changes || can_change(symbol);
    for (const Function* called : f.touched.calls) changes = changes || called->page_bound;
    for (Symbol* symbol : f.values.writes) {
      stands = stands || symbol->stands_for != nullptr;
      bool is_new = is_frame_variable(symbol) &&
                    std::find(outputs.begin(), outputs.end(), symbol) == outputs.end();
      if (is_new) outputs.push_back(symbol);
    }
  }
  SetupTier tier = SetupTier::kOnce;
  if (browser)
    tier = SetupTier::kBrowser;
  else if (pure && server && !stands && !outputs.empty())
    tier = SetupTier::kLive;
  else if (pure && !server && changes && !outputs.empty())
    tier = SetupTier::kDerived;
  LiveValue* live = tier == SetupTier::kLive ? live_group(owner, outputs) : nullptr;
  for (std::size_t i : members) {
    SetupStatement& setup = (*owner.setup)[i];
    setup.tier = tier;
    setup.live = live;
    setup.binding->browser_only = tier == SetupTier::kBrowser;
    if (live != nullptr) live->group.push_back(setup.statement);
  }
  if (tier == SetupTier::kDerived || tier == SetupTier::kLive)
    derived_.insert(outputs.begin(), outputs.end());
}

LiveValue* Tiers::live_group(ViewOwner& owner, const std::vector<Symbol*>& outputs) {
  LiveValue* live = make_live(owner);
  live->outputs = outputs;
  std::vector<const Type*> types;
  for (Symbol* symbol : outputs) {
    symbol->live_output = live;
    types.push_back(symbol->type);
  }
  live->type = types.size() == 1 ? types[0] : p_.types->tuple(types);
  live->is_entity_list =
      types.size() == 1 && types[0]->is(TypeTag::kList) && types[0]->items[0]->is(TypeTag::kEntity);
  return live;
}

// Whether what reads it has to be computed again at some time.
bool Tiers::can_change(const Symbol* symbol) const {
  switch (symbol->kind) {
    case SymbolKind::kPageVariable:
    case SymbolKind::kComponentVariable:
      return symbol->is_state || derived_.count(symbol) > 0 || symbol->stands_for != nullptr;
    case SymbolKind::kProp:
    case SymbolKind::kBrowserObject: return true;
    case SymbolKind::kLocal:
    case SymbolKind::kParameter: return loops_.count(symbol) > 0;
    case SymbolKind::kContext: return symbol->name == "props" || symbol->name == "session";
    case SymbolKind::kConstant: return false;
  }
  return true;
}

}  // namespace flin::check
