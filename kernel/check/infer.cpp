#include "check/infer.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;
namespace {

constexpr int kMostRounds = 8;  // a type can widen only a few times: int, number, optional

// Notes which unit assigns which variable, for narrowing (L 3.6).
class Writers : public Walker {
 public:
  explicit Writers(std::unordered_map<const Symbol*, std::unordered_set<const Unit*>>& out)
      : out_(out) {}
  void in(const Unit* unit, const std::vector<Stmt*>& statements) {
    unit_ = unit;
    for (Stmt* s : statements) stmt(s);
  }
  void stmt(Stmt* s) override {
    if (s->kind == StmtKind::kAssign) note(as<AssignStmt>(*s).target);
    if (s->kind == StmtKind::kIncrement) note(as<IncrementStmt>(*s).target);
    if (s->kind != StmtKind::kHook) return Walker::stmt(s);
    const Unit* outer = unit_;
    unit_ = reinterpret_cast<Unit*>(s);  // runs at a time of its own
    block(as<HookStmt>(*s).body);
    unit_ = outer;
  }
  void pattern(Pattern* p) override {
    if (p != nullptr && p->symbol != nullptr) out_[p->symbol].insert(unit_);
    Walker::pattern(p);
  }
  void attribute(Attribute* a) override {
    // A handler runs at a time of its own, as does what is typed into a bound element.
    const Unit* outer = unit_;
    Unit* other = reinterpret_cast<Unit*>(a);
    if (a->handler_body != nullptr || a->kind == AttributeKind::kBind) unit_ = other;
    if (a->kind == AttributeKind::kBind && a->value != nullptr) note(a->value);
    Walker::attribute(a);
    unit_ = outer;
  }
  void lambda(LambdaExpr& l) override {
    const Unit* outer = unit_;
    unit_ = l.unit;
    Walker::lambda(l);
    unit_ = outer;
  }

 private:
  void note(const Expr* target) {
    if (target->kind == ExprKind::kName && as<NameExpr>(*target).symbol != nullptr)
      out_[as<NameExpr>(*target).symbol].insert(unit_);
  }
  std::unordered_map<const Symbol*, std::unordered_set<const Unit*>>& out_;
  const Unit* unit_ = nullptr;
};

}  // namespace

Inference::Inference(Tables& tables)
    : t_(tables),
      p_(tables.program),
      types_(*tables.program.types),
      u_(types_),
      signatures_(tables) {}

void Inference::run() {
  Writers writers(writers_);
  for (Function* f : p_.functions)
    if (f->declaration->body != nullptr) writers.in(f->unit, f->declaration->body->statements);
  for (const FileFacts& file : t_.files)
    if (file.frame != nullptr) writers.in(file.frame->unit, file.file->statements);
  for (Component* c : p_.components) writers.in(c->unit, c->declaration->body->statements);
  for (Route* r : p_.routes) writers.in(r->unit, r->declaration->body->statements);
  for (Declaration* d : p_.declarations)
    for (LambdaExpr* body : d->bodies)
      if (body != nullptr) writers.in(body->unit, body->body->statements);
  make_groups();
  for (rounds_ = 0; rounds_ < kMostRounds; ++rounds_) {
    round();
    if (widened_.empty()) break;
    for (auto& [symbol, type] : widened_) floors_[symbol] = u_.closed(type);
  }
  finish();
}

// ---- Order: strongly connected groups of functions and setups, callees first (Tarjan) ----

void Inference::make_groups() {
  struct Vertex {
    Function* function;
    Frame* frame;
    std::vector<std::size_t> uses;
    std::size_t index = 0, low = 0;
    bool on_stack = false;
  };
  std::vector<Vertex> all;
  std::unordered_map<const void*, std::size_t> number;
  auto add = [&](Function* f, Frame* frame) {
    const void* key = f != nullptr ? static_cast<const void*>(f) : frame;
    if (number.try_emplace(key, all.size()).second) all.push_back({f, frame, {}});
  };
  for (const FileFacts& file : t_.files)
    if (file.frame != nullptr) add(nullptr, file.frame);
  for (Component* c : p_.components) add(nullptr, t_.component_frames[c]);
  for (Function* f : p_.functions) add(f, nullptr);
  for (Vertex& v : all) {
    const auto& uses = v.function != nullptr ? t_.facts[v.function].uses : v.frame->uses;
    if (v.function != nullptr && t_.facts[v.function].reads_frame)
      v.uses.push_back(number[t_.facts[v.function].frame]);
    for (Function* used : uses) v.uses.push_back(number[used]);
  }
  std::vector<std::size_t> stack;
  struct Step {
    std::size_t vertex, next;
  };
  std::vector<Step> steps;
  std::size_t count = 0;
  for (std::size_t start = 0; start < all.size(); ++start) {
    if (all[start].index != 0) continue;
    steps.push_back({start, 0});
    while (!steps.empty()) {
      auto [at, next] = steps.back();
      Vertex& v = all[at];
      if (next == 0) {
        v.index = v.low = ++count;
        v.on_stack = true;
        stack.push_back(at);
      }
      if (next < v.uses.size()) {
        ++steps.back().next;
        Vertex& used = all[v.uses[next]];
        if (used.index == 0)
          steps.push_back({v.uses[next], 0});
        else if (used.on_stack)
          v.low = std::min(v.low, used.index);
        continue;
      }
      steps.pop_back();
      if (!steps.empty())
        all[steps.back().vertex].low = std::min(all[steps.back().vertex].low, v.low);
      if (v.low != v.index) continue;
      Group group;
      for (std::size_t member = all.size(); member != at;) {
        member = stack.back();
        stack.pop_back();
        all[member].on_stack = false;
        if (all[member].function != nullptr)
          group.functions.push_back(all[member].function);
        else
          group.setups.push_back(all[member].frame);
      }
      groups_.push_back(std::move(group));
    }
  }
}

// ---- One round ----

void Inference::round() {
  reports_.clear();
  for (Symbol* symbol : typed_) symbol->type = nullptr;
  typed_.clear();
  widened_.clear();
  early_.clear();
  annotated_.clear();
  exprs_.clear();
  patterns_.clear();
  deferred_.clear();
  functions_.clear();
  for (auto& [text, symbol] : t_.constants)
    create_symbol(symbol, infer(const_cast<Expr*>(symbol->constant)));
  for (Component* c : p_.components)
    for (Param& param : c->declaration->params) {
      Type_ type = param.type != nullptr ? type_of(t_, param.type) : any();
      if (param.fallback != nullptr) {
        Type_ given = param.type != nullptr ? expect(param.fallback, type) : infer(param.fallback);
        if (param.type == nullptr && !is(given, TypeTag::kNone)) type = given;
      }
      annotated_.insert(param.symbol);
      create_symbol(param.symbol, type);
    }
  for (Entity* entity : p_.entities) entity_declaration(*entity);
  for (const File* file : p_.files) unsupported(*file);
  for (const Group& group : groups_) {
    level_ = 1;
    for (Function* f : group.functions) open_function(*f);
    level_ = 0;
    for (Frame* frame : group.setups) setup(*frame);
    level_ = 1;
    for (Function* f : group.functions) function_body(*f);
    solve_deferred(true);
    generalise(group);
    level_ = 0;
  }
  for (FileFacts& file : t_.files)
    if (file.page != nullptr) page(*file.page);
  for (Component* c : p_.components) component(*c);
  for (Route* r : p_.routes) route(*r);
  for (Declaration* d : p_.declarations) declaration(*d);
  for (HookStmt* hook : p_.process_hooks) {
    Body body;
    body.unit = hook->handler->unit;
    body_ = &body;
    block(hook->body);
    body_ = nullptr;
  }
  solve_deferred(true);
}

class Inference::TypeScope {
 public:
  TypeScope(Tables& tables, const FunctionType& type) : tables_(tables) {
    for (const auto& [name, parameter] : type.named) tables_.type_parameters[name] = parameter;
  }
  ~TypeScope() { tables_.type_parameters.clear(); }
  TypeScope(const TypeScope&) = delete;
  TypeScope& operator=(const TypeScope&) = delete;

 private:
  Tables& tables_;
};

void Inference::open_function(Function& f) {
  FunctionType& type = functions_[&f];
  for (const Word& generic : f.declaration->generics) type.named.push_back({generic.text, fresh()});
  if (f.self_type != nullptr) type.named.push_back({"Self", f.self_type});
  TypeScope scope(t_, type);
  for (const TypeBound& bound : f.declaration->bounds)
    for (const Word& trait : bound.traits)
      if (t_.traits.count(trait.text) == 0)
        report(Code::E0005, trait.span, {trait.text}, "no trait of this name");
  for (Param& param : f.declaration->params) {
    bool is_self = f.self_type != nullptr && type.parameters.empty();
    Type_ t = is_self ? f.self_type : param.type != nullptr ? type_of(t_, param.type) : fresh();
    if (param.type != nullptr || is_self) annotated_.insert(param.symbol);
    create_symbol(param.symbol, t);
    type.parameters.push_back(t);
  }
  type.result_given = f.declaration->result != nullptr;
  type.result = type.result_given ? type_of(t_, f.declaration->result) : fresh();
  if (f.implements != nullptr) open_method(f, type);
}

void Inference::function_body(Function& f) {
  FunctionType type = functions_[&f];
  TypeScope scope(t_, type);
  Body body;
  body.unit = f.unit;
  body.expected = type.result_given ? type.result : nullptr;
  Body* outer = body_;
  body_ = &body;
  std::size_t mark = narrow_mark();
  for (std::size_t i = 0; i < f.declaration->params.size(); ++i) {
    Param& param = f.declaration->params[i];
    if (param.fallback != nullptr) {
      if (param.type != nullptr) {
        expect(param.fallback, type.parameters[i]);
      } else {
        Type_ given = infer(param.fallback);
        if (!is(given, TypeTag::kNone)) coerce(param.fallback, type.parameters[i]);
      }
    }
    if (param.pattern != nullptr) destructure(*param.pattern, type.parameters[i], nullptr);
  }
  Type_ last = block(f.declaration->body, body.expected);
  narrow_back(mark);
  body_ = outer;
  bool falls = !is(last, TypeTag::kNever);
  if (type.result_given) {
    const Block* b = f.declaration->body;
    Expr* value = b->statements.empty() || b->statements.back()->kind != StmtKind::kExpr
                      ? nullptr
                      : as<ExprStmt>(*b->statements.back()).value;
    bool fits = !falls || (value != nullptr ? coerce(value, type.result)
                                            : u_.fit(none(), type.result) != Fit::kNo);
    if (!fits)
      report(Code::E0301, value != nullptr ? value->span : f.declaration->name.span,
             {shown(type.result), shown(last)},
             "the value of '" + std::string(f.declaration->name.text) + "'");
    return;
  }
  Type_ result = body.joined == nullptr ? last : falls ? u_.join(body.joined, last) : body.joined;
  if (is(result, TypeTag::kQuery)) result = types_.list(types_.entity(u_.resolve(result)->entity));
  if (!u_.unify(type.result, result) && u_.fit(result, type.result) == Fit::kNo)
    report(Code::E0310, f.declaration->name.span, {f.declaration->name.text},
           "its value holds itself");
  for (Expr* e : body.returns) coerce(e, result);
  coerce_value(f.declaration->body, result);
}

void Inference::generalise(const Group& group) {
  for (Function* f : group.functions) {
    FunctionType& type = functions_[f];
    for (Type_ parameter : type.parameters) u_.open_variables(parameter, type.generics);
    u_.open_variables(type.result, type.generics);
  }
}

void Inference::setup(Frame& frame) {
  Body body;
  body.unit = frame.unit;
  body_ = &body;
  std::size_t mark = narrow_mark();
  in_setup_ = true;
  for (Stmt* s : frame.setup) statement(s);
  in_setup_ = false;
  narrow_back(mark);
  body_ = nullptr;
}

void Inference::page(Page& page) {
  Body body;
  body.unit = page.unit;
  body_ = &body;
  for (File* file : p_.files)
    if (file->number == page.file) hooks(file->statements);
  body_ = nullptr;
}

void Inference::component(Component& c) {
  Body body;
  body.unit = c.unit;
  body_ = &body;
  hooks(c.declaration->body->statements);
  body_ = nullptr;
}

// What this version has not.
void Inference::unsupported(const File& file) {
  for (Stmt* s : file.statements)
    if (s->kind == StmtKind::kUnsupported) statement(s);
}

// Forms of plugins beside routes and pages.
void Inference::declaration(Declaration& d) {
  const Span at = d.statement->span;
  const bool is_bound = plugin_bound(d.form, d.form, at);
  if (is_bound && d.form == "agent")
    report(Code::E0217, at, {"'" + std::string(d.form) + "'"}, "not yet");
  if (d.check != nullptr) guard(d);
  for (LambdaExpr* body : d.bodies)
    if (body != nullptr) declared_body(*body);
}

// guard role("admin"): a call of the opcode that a plugin declared for it, which gives a bool.
void Inference::guard(Declaration& d) {
  Body body;
  body.unit = d.unit;
  body_ = &body;
  CallExpr& c = *d.check;
  const auto& callee = as<NameExpr>(*c.callee);
  d.guard = t_.bindings.guard(callee.name);
  if (d.guard == nullptr) {
    for (Argument& argument : c.arguments) infer(argument.value);
    // Without the form's plugin E1001 has told what is missing.
    if (t_.bindings.form("guard") != nullptr) {
      Report& r = report(Code::E0903, callee.span, {callee.name}, "no loaded plugin has it");
      const std::vector<std::string> names = t_.bindings.guard_names();
      suggest(r, callee.name, {names.begin(), names.end()});
    }
  } else {
    const Signature& s = signatures_.of(d.guard->check);
    c.target = CallTarget::kBuiltin;
    c.builtin = &d.guard->check;
    BuiltinCall call{callee.name, &s, {}, {}, {}};
    for (const SignatureParameter& p : s.parameters) call.types.push_back(p.type);
    builtin_arguments(c, call);
    set(&c, simple(TypeTag::kBool));
  }
  body_ = nullptr;
}

// Its parameters come from outside: any, if no type is given.
void Inference::declared_body(LambdaExpr& lambda) {
  Body body;
  body.unit = lambda.unit;
  body_ = &body;
  const std::size_t mark = narrow_mark();
  for (Param& param : lambda.params) {
    if (param.symbol != nullptr) param.symbol->type = nullptr;
    Type_ type = param.type != nullptr ? type_of(t_, param.type) : any();
    annotated_.insert(param.symbol);
    create_symbol(param.symbol, type);
    if (param.pattern != nullptr) destructure(*param.pattern, type, nullptr);
  }
  Type_ value = block(lambda.body);
  narrow_back(mark);
  const auto& statements = lambda.body->statements;
  if (!statements.empty() && statements.back()->kind == StmtKind::kExpr &&
      is(value, TypeTag::kQuery))
    coerce(as<ExprStmt>(*statements.back()).value, any());
  body_ = nullptr;
}

// Views and hooks, after all functions.
void Inference::hooks(const std::vector<Stmt*>& statements) {
  for (Stmt* s : statements) {
    if (s->kind == StmtKind::kView) nodes(as<ViewStmt>(*s).nodes);
    if (s->kind == StmtKind::kHook && as<HookStmt>(*s).hook <= Hook::kUnmount)
      handler(as<HookStmt>(*s).body);
  }
}

void Inference::route(Route& route) {
  plugin_bound("route", "route", route.declaration->method.span);
  Body body;
  body.unit = route.unit;
  body_ = &body;
  std::size_t mark = narrow_mark();
  Type_ value = block(route.declaration->body);
  narrow_back(mark);
  bool has_value = !route.declaration->body->statements.empty() &&
                   route.declaration->body->statements.back()->kind == StmtKind::kExpr;
  if (has_value && is(value, TypeTag::kQuery))
    coerce(as<ExprStmt>(*route.declaration->body->statements.back()).value, any());
  body_ = nullptr;
}

// Closes all types and hands the messages of the last round on.
void Inference::finish() {
  for (Expr* e : exprs_) {
    e->type = u_.closed(e->type);
    if (e->converted != nullptr) e->converted = u_.closed(e->converted);
    if (e->converted == e->type) e->converted = nullptr;
  }
  for (Pattern* p : patterns_)
    if (p->tested != nullptr) p->tested = u_.closed(p->tested);
  for (Symbol* symbol : typed_) symbol->type = u_.closed(symbol->type);
  for (Function* f : p_.functions) {
    auto it = functions_.find(f);
    if (it == functions_.end()) continue;
    f->parameters.clear();
    for (Type_ parameter : it->second.parameters) f->parameters.push_back(u_.closed(parameter));
    f->result = u_.closed(it->second.result);
  }
  t_.reports.take(reports_);
}

// ---- Basics ----

const Type* Inference::set(Expr* e, Type_ type) {
  e->type = type;
  e->converted = nullptr;
  exprs_.push_back(e);
  return type;
}
void Inference::convert(Expr* e, Type_ type) {
  e->converted = type;
  if (e->type == nullptr) set(e, any());
}

const Type* Inference::plain(Type_ type) {
  type = u_.resolve(type);
  return type->is(TypeTag::kOptional) ? u_.resolve(type->items[0]) : type;
}
bool Inference::is_optional(Type_ type) {
  type = u_.resolve(type);
  return type->is(TypeTag::kOptional) || type->is(TypeTag::kNone);
}
bool Inference::is_numeric(Type_ type) {
  return is(type, TypeTag::kInt) || is(type, TypeTag::kNumber);
}

bool Inference::coerce(Expr* e, Type_ to) {
  Type_ from = e->type;
  Fit fit = u_.fit(from, to);
  if (fit == Fit::kNo) return false;
  if (fit == Fit::kSame) {
    e->converted = nullptr;
    return true;
  }
  Type_ source = u_.resolve(from), target = u_.resolve(to);
  if (source->is(TypeTag::kQuery))
    target = types_.list(types_.entity(source->entity));
  else if (!source->is(TypeTag::kAny))
    target = simple(TypeTag::kNumber);
  e->converted = target;
  return true;
}

const Type* Inference::expect(Expr* e, Type_ to) {
  Type_ type = infer(e, to);
  if (coerce(e, to)) return to;
  Type_ p = plain(type);
  bool only_none =
      is_optional(type) && !is_optional(to) && u_.fit(p, to) != Fit::kNo && !p->is(TypeTag::kNone);
  if (only_none) {
    report(Code::E0305, e->span, {text(e)}, "may be none");
  } else {
    Report& r = report(Code::E0301, e->span, {shown(to), shown(type)}, "this is " + shown(type));
    bool convertible = is(to, TypeTag::kText) || is_numeric(to);
    if (convertible) r.helps = {"convert with " + shown(to) + "(..)"};
  }
  return to;
}

const Type* Inference::run_query(Expr* e, Type_ type) {
  type = u_.resolve(type);
  if (!type->is(TypeTag::kQuery)) return type;
  Type_ list = types_.list(types_.entity(type->entity));
  e->converted = list;
  return list;
}

const Type* Inference::type_of_symbol(Symbol* symbol) {
  if (auto it = narrow_.find(symbol); it != narrow_.end() && it->second != nullptr)
    return it->second;
  if (symbol->type != nullptr) return symbol->type;
  if (auto it = floors_.find(symbol); it != floors_.end()) {
    create_symbol(symbol, it->second);
    return symbol->type;
  }
  early_.insert(symbol);
  create_symbol(symbol, u_.fresh(0));
  return symbol->type;
}

void Inference::create_symbol(Symbol* symbol, Type_ type) {
  if (symbol == nullptr) return;
  if (symbol->type == nullptr) typed_.push_back(symbol);
  symbol->type = type;
}

// A value goes into a variable without declared type: `given` is the value's type.
void Inference::assign_symbol(Symbol* symbol, Type_ given, Expr* value, Span at) {
  auto floor = floors_.find(symbol);
  if (symbol->type == nullptr)
    create_symbol(symbol, floor != floors_.end() ? floor->second : given);
  forget(symbol);
  bool reached_first = early_.erase(symbol) > 0;
  if (reached_first) {
    bool known = !u_.is_open(symbol->type);
    if (!u_.unify(symbol->type, given) && known && floor == floors_.end()) {
      widened_[symbol] = given;  // it was guessed too early: the next round knows
      symbol->type = given;
    }
  }
  Type_ both = u_.widen(symbol->type, given);
  if (annotated_.count(symbol) > 0 || both == nullptr) {
    bool fits =
        value != nullptr ? coerce(value, symbol->type) : u_.fit(given, symbol->type) != Fit::kNo;
    if (fits) return;
    Report& r = report(Code::E0301, at, {shown(symbol->type), shown(given)},
                       "'" + std::string(symbol->name) + "' is " + shown(symbol->type));
    std::string wanted = shown(symbol->type);
    r.helps = {"declare " + std::string(symbol->name) + ": " + wanted + " | " + shown(given)};
    if (wanted == "int" || wanted == "number" || wanted == "text")
      r.helps[0] = "convert with " + wanted + "(..) / " + r.helps[0];
    return;
  }
  if (u_.zonk(both) != u_.zonk(symbol->type)) {
    symbol->type = both;
    widened_[symbol] = both;
  }
  if (value != nullptr) coerce(value, symbol->type);
}

// E1001 in the form of A 6.6; false if no loaded plugin binds the form.
bool Inference::plugin_bound(std::string_view form, std::string_view word, Span span) {
  if (t_.bindings.form(form) != nullptr) return true;
  std::string plugin = t_.bindings.plugin_for(form);
  if (plugin.empty()) {
#define FORM(name, kind, operands, called, home) \
  if (form == #name) plugin = home;
#include "syntax/forms.def"
#undef FORM
  }
  std::string all;
  for (const std::string& loaded : t_.bindings.loaded_plugins()) all += loaded + ",";
  report(Code::E1001, span, {word, plugin, all + plugin}, "no loaded plugin gives it a meaning");
  return false;
}

}  // namespace flin::check
