#include "check/touches.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;

namespace {

// Built-ins of lists and maps that are not pure change the one they are given.
bool changes_in_place(const Builtin& b) {
  const bool takes_group = b.signature.starts_with("(xs: [") || b.signature.starts_with("(m: [");
  return takes_group && (b.flags & kBuiltinPure) == 0;
}

}  // namespace

void TouchFinder::server(Span span, std::string what) {
  if (!(out_.mask & kTouchesServer)) {
    out_.server_at = span;
    out_.server_what = std::move(what);
  }
  out_.mask |= kTouchesServer;
}
void TouchFinder::browser(Span span, std::string what) {
  if (!(out_.mask & kTouchesBrowser)) {
    out_.browser_at = span;
    out_.browser_what = std::move(what);
  }
  out_.mask |= kTouchesBrowser;
}
void TouchFinder::uses(const Function* f) {
  if (std::find(out_.calls.begin(), out_.calls.end(), f) == out_.calls.end())
    out_.calls.push_back(f);
}

void TouchFinder::expr(Expr* e) {
  if (e == nullptr) return;
  switch (e->kind) {
    case ExprKind::kName: {
      auto& n = as<NameExpr>(*e);
      if (n.function != nullptr && handler_) uses(n.function);
      if (n.symbol == nullptr) return Walker::expr(e);
      std::string name(n.name);
      if (n.symbol->kind == SymbolKind::kBrowserObject) browser(n.span, "uses " + name);
      if (n.symbol->kind == SymbolKind::kContext && n.name == "session")
        server(n.span, "uses the session");
      if (n.symbol->kind == SymbolKind::kContext && n.name == "event") out_.uses_event = true;
      if (n.symbol->stands_for != nullptr) server(n.span, "asks for " + name);
      return;
    }
    case ExprKind::kForm: {
      auto& f = as<FormExpr>(*e);
      Walker::expr(e);
      if (f.body != nullptr) block(f.body->body);
      std::string what = std::string(f.form) + "s";
      bool has_entity = !f.operands.empty() && f.operands[0]->type != nullptr &&
                        f.operands[0]->type->is(TypeTag::kEntity);
      if (has_entity) what += " a " + text_of(f.operands[0]->type);
      if (f.form == "destroy") what.replace(0, 8, "destroys");
      return form(f.form, f.word, std::move(what));
    }
    case ExprKind::kEntity: Walker::expr(e); return defaults(as<EntityExpr>(*e));
    default: Walker::expr(e);
  }
}

void TouchFinder::form(std::string_view form, Span span, std::string what) {
  out_.pure = false;
  if (form != "background") server(span, std::move(what));
}

// Defaults that the literal leaves to the store's declaration are evaluated here.
void TouchFinder::defaults(const EntityExpr& e) {
  if (e.entity == nullptr) return;
  for (const Field& field : e.entity->fields)
    if (field.node->fallback != nullptr) expr(field.node->fallback);
}

void TouchFinder::builtin(const Builtin& b, Span span) {
  if (b.tier == Tier::kBrowser) browser(span, "calls " + b.name);
  if (b.tier == Tier::kServer || (b.flags & kBuiltinServer) != 0) server(span, "calls " + b.name);
  if ((b.flags & kBuiltinPure) == 0 && (b.flags & kBuiltinWrites) == 0) out_.pure = false;
  if (b.name == "set_cookie" || b.name == "delete_cookie") out_.mask |= kTouchesSession;
}

void TouchFinder::call(CallExpr& c) {
  switch (c.target) {
    case CallTarget::kFunction: uses(c.function); break;
    case CallTarget::kBuiltin:
      builtin(*c.builtin, c.span);
      if (changes_in_place(*c.builtin) && !c.operands.empty()) session_target(c.operands[0]);
      for (Expr* operand : c.operands) {
        if (operand == nullptr) continue;
        // A function handed directly to a built-in is called by it, or at least may be.
        if (operand->kind == ExprKind::kLambda)
          block(as<LambdaExpr>(*operand).body);
        else if (operand->kind == ExprKind::kName && as<NameExpr>(*operand).function != nullptr)
          uses(as<NameExpr>(*operand).function);
      }
      break;
    case CallTarget::kForm: {
      bool query = c.form.starts_with("query_");
      std::string type = c.entity != nullptr ? std::string(c.entity->name) : std::string();
      if (query)
        server(c.span, "asks for " + type);
      else
        form(c.form, c.span, std::string(c.form) + "s");
      break;
    }
    case CallTarget::kValue:
      out_.pure = false;
      if (c.callee->kind == ExprKind::kMember) session_target(c.callee);
      break;
    default: break;
  }
  Walker::call(c);
}

void TouchFinder::session_target(const Expr* target) {
  const Symbol* root = root_symbol(target);
  bool session = root != nullptr && root->kind == SymbolKind::kContext && root->name == "session";
  if (session) out_.mask |= kTouchesSession;
}

void TouchFinder::stmt(Stmt* s) {
  const Expr* target = nullptr;
  if (s->kind == StmtKind::kAssign) target = as<AssignStmt>(*s).target;
  if (s->kind == StmtKind::kIncrement) target = as<IncrementStmt>(*s).target;
  if (s->kind == StmtKind::kDeleteKey) target = as<DeleteKeyStmt>(*s).target;
  if (target != nullptr) {
    session_target(target);
    const Symbol* root = root_symbol(target);
    bool state = root != nullptr && (root->kind == SymbolKind::kPageVariable ||
                                     root->kind == SymbolKind::kComponentVariable);
    if (state) out_.mask |= kWritesState;
  }
  Walker::stmt(s);
}

// Creating a function touches nothing.
void TouchFinder::lambda(LambdaExpr&) {}

void TouchFinder::attribute(Attribute* a) {
  const Block* body = a->handler_body;
  a->handler_body = nullptr;  // runs on its own
  Walker::attribute(a);
  a->handler_body = const_cast<Block*>(body);
}

Touches::Touches(Tables& tables) {
  std::unordered_map<const Function*, std::vector<const Function*>> users;
  for (const Function* f : tables.program.functions) {
    Touched& t = functions_[f];
    TouchFinder finder(t, false);
    finder.block(f->declaration->body);
    if (f->declaration->server && !t.server()) {
      t.mask |= kTouchesServer;
      t.server_at = f->declaration->name.span;
      t.server_what = "is a server fn";
    }
    if (f->declaration->client && !t.browser()) {
      t.mask |= kTouchesBrowser;
      t.browser_at = f->declaration->name.span;
      t.browser_what = "is a client fn";
    }
    for (const Function* used : t.calls) users[used].push_back(f);
  }
  std::vector<const Function*> work(tables.program.functions.begin(),
                                    tables.program.functions.end());
  while (!work.empty()) {
    const Function* f = work.back();
    work.pop_back();
    const Touched& t = functions_[f];
    for (const Function* user : users[f]) {
      Touched& u = functions_[user];
      std::uint32_t before = u.mask;
      bool pure = u.pure, event = u.uses_event;
      u.mask |= t.mask;
      u.pure = u.pure && t.pure;
      u.uses_event = u.uses_event || t.uses_event;
      std::string through = "calls " + std::string(f->declaration->name.text);
      if ((u.mask & ~before & kTouchesServer) != 0) {
        u.server_at = user->declaration->name.span;
        u.server_what = through;
      }
      if ((u.mask & ~before & kTouchesBrowser) != 0) {
        u.browser_at = user->declaration->name.span;
        u.browser_what = through;
      }
      bool changed = before != u.mask || pure != u.pure || event != u.uses_event;
      if (changed) work.push_back(user);
    }
  }
  for (const Function* f : tables.program.functions) {
    f->unit->touches = functions_[f].mask;
    f->unit->uses_event = functions_[f].uses_event;
  }
}

void Touches::add_calls(Touched& t) const {
  for (const Function* f : t.calls) {
    const Touched& of_function = functions_.at(f);
    std::string through =
        "calls " + std::string(f->declaration->name.text) + ", which " +
        (of_function.server() ? of_function.server_what : of_function.browser_what);
    if (of_function.server() && !t.server())
      t.server_what = through, t.server_at = f->declaration->name.span;
    if (of_function.browser() && !t.browser())
      t.browser_what = through, t.browser_at = f->declaration->name.span;
    t.mask |= of_function.mask;
    t.pure = t.pure && of_function.pure && (of_function.mask & kWritesState) == 0;
    t.uses_event = t.uses_event || of_function.uses_event;
  }
}

Touched Touches::of(const Block* b, bool handler) const {
  Touched t;
  TouchFinder finder(t, handler);
  finder.block(b);
  add_calls(t);
  return t;
}
Touched Touches::of(const Stmt* s) const {
  Touched t;
  TouchFinder finder(t, false);
  finder.stmt(const_cast<Stmt*>(s));
  add_calls(t);
  return t;
}
Touched Touches::of(const Expr* e) const {
  Touched t;
  TouchFinder finder(t, false);
  finder.expr(const_cast<Expr*>(e));
  add_calls(t);
  return t;
}

}  // namespace flin::check
