// Traits and impls (L 7.8). A method becomes a function whose first parameter is `self`. For each
// name of a method one more function is made, its dispatcher, for values whose type only the run
// tells:
//
//   fn area(self: any, a1: any = none) {
//     if self is Circle { Circle.area(self, a1) } else if self is int { int.area(self, a1) }
//     else { self.area(a1) }    // whatever `any` has under that name: R0008 if nothing
//   }
#include "check/tables.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;
namespace {

class TraitDeclarer {
 public:
  explicit TraitDeclarer(Tables& tables) : t_(tables), p_(tables.program) {}

  void run() {
    for (Trait* trait : p_.traits) enter_methods(*trait);
    for (File* file : p_.files)
      for (Stmt* s : file->statements)
        if (s->kind == StmtKind::kImpl) enter_impl(as<ImplStmt>(*s));
    for (Trait* trait : p_.traits)
      for (TraitMethod& method : trait->methods) {
        type_method(method);
        if (t_.dispatchers.count(method.declaration->name.text) == 0)
          make_dispatcher(method.declaration->name);
      }
  }

 private:
  Function* make_function(FunctionStmt& s, const Type* self, const TraitMethod* implements) {
    Function* f = p_.arena.make<Function>();
    Unit* unit = p_.arena.make<Unit>();
    unit->kind = UnitKind::kFunction;
    unit->params = &s.params;
    unit->body = s.body;
    s.params.insert(s.params.begin(), Param{Word{"self", s.name.span}});
    for (std::size_t i = 0; i < s.params.size(); ++i)
      if (s.params[i].fallback == nullptr) f->least_arguments = i + 1;
    f->declaration = &s;
    f->unit = unit;
    f->self_type = self;
    f->implements = implements;
    s.function = f;
    t_.facts[f].frame = nullptr;
    p_.functions.push_back(f);
    return f;
  }

  void enter_methods(Trait& trait) {
    for (FunctionStmt* s : trait.declaration->methods) {
      for (const TraitMethod& other : trait.methods)
        if (other.declaration->name.text == s->name.text)
          t_.reports.add(Code::E0004, s->name.span, {s->name.text}, "declared again here");
      TraitMethod method;
      method.declaration = s;
      trait.methods.push_back(method);
    }
    for (TraitMethod& method : trait.methods)
      if (method.declaration->body != nullptr)
        method.fallback = make_function(*method.declaration, t_.types().trait(&trait), &method);
  }

  // Types of the parameters without self, which a default body has in front.
  void type_method(TraitMethod& method) {
    const FunctionStmt& s = *method.declaration;
    t_.type_parameters = {{"Self", t_.types().variable(kGenericBase)}};
    for (const Word& generic : s.generics)
      t_.type_parameters[generic.text] = t_.simple(TypeTag::kAny);
    for (std::size_t i = method.fallback != nullptr ? 1 : 0; i < s.params.size(); ++i)
      method.parameters.push_back(type_of(t_, s.params[i].type));
    method.result = s.result == nullptr && method.fallback == nullptr ? t_.simple(TypeTag::kNone)
                                                                      : type_of(t_, s.result);
    t_.type_parameters.clear();
  }

  void enter_impl(ImplStmt& s) {
    auto it = t_.traits.find(s.trait.text);
    if (it == t_.traits.end()) {
      std::vector<std::string_view> names;
      for (const Trait* trait : p_.traits) names.push_back(trait->name);
      suggest(t_.reports.add(Code::E0005, s.trait.span, {s.trait.text}, "no trait of this name"),
              s.trait.text, names);
      return;
    }
    if (s.type == nullptr) return;  // broken, and said so
    Trait& trait = *it->second;
    const Type* type = type_of(t_, s.type);
    for (const Impl& other : t_.impls)
      if (other.trait == &trait && other.type == type) {
        Report& r = t_.reports.add(Code::E0004, s.span,
                                   {"impl " + trait_name(trait) + " for " + text_of(type)},
                                   "declared again here");
        r.others.push_back({other.declaration->trait.span, "first declared here"});
        return;
      }
    trait.types.push_back(type);
    Impl impl{&trait, type, &s, {}};
    for (TraitMethod& method : trait.methods) impl.methods.push_back(method_of(s, method, impl));
    for (const FunctionStmt* given : s.methods)
      if (given->function == nullptr)
        t_.reports.add(Code::E0003, given->name.span, {trait.name, given->name.text},
                       "the trait has no such method");
    t_.impls.push_back(std::move(impl));
  }
  static std::string trait_name(const Trait& trait) { return std::string(trait.name); }

  Function* method_of(ImplStmt& s, TraitMethod& method, const Impl& impl) {
    const FunctionStmt& wanted = *method.declaration;
    for (FunctionStmt* given : s.methods) {
      if (given->name.text != wanted.name.text || given->function != nullptr) continue;
      std::size_t count = wanted.params.size() - (method.fallback != nullptr ? 1 : 0);
      if (given->params.size() != count)
        t_.reports.add(Code::E0312, given->name.span,
                       {text_of(impl.type), impl.trait->name,
                        std::string(wanted.name.text) + " with " + std::to_string(count) +
                            (count == 1 ? " parameter" : " parameters")},
                       "has " + std::to_string(given->params.size()));
      return make_function(*given, impl.type, &method);
    }
    if (method.fallback != nullptr) return method.fallback;
    Report& r =
        t_.reports.add(Code::E0312, s.trait.span,
                       {text_of(impl.type), impl.trait->name, wanted.name.text}, "not whole");
    r.helps = {"add " + std::string(t_.sources.text(wanted.span))};
    r.others.push_back({wanted.name.span, "wanted here"});
    return nullptr;
  }

  // ---- Dispatchers ----

  template <class T, class... A>
  T* make(A&&... arguments) {
    return p_.arena.make<T>(std::forward<A>(arguments)...);
  }
  static std::size_t rank(const Type* type) { return type->is(TypeTag::kNumber) ? 1 : 0; }

  void make_dispatcher(const Word& name) {
    auto* s = make<FunctionStmt>(name.span);
    s->name = name;
    s->body = make<Block>();
    std::vector<std::pair<const Impl*, Function*>> all;
    std::size_t most = 0;
    for (const Trait* trait : p_.traits)
      for (const TraitMethod& method : trait->methods)
        if (method.declaration->name.text == name.text)
          most = std::max(most,
                          method.declaration->params.size() - (method.fallback != nullptr ? 1 : 0));
    for (const Impl& impl : t_.impls)
      for (std::size_t i = 0; i < impl.methods.size(); ++i)
        if (impl.trait->methods[i].declaration->name.text == name.text &&
            impl.methods[i] != nullptr)
          all.push_back({&impl, impl.methods[i]});
    // An int is a number too: its own impl goes first.
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return rank(a.first->type) < rank(b.first->type);
    });
    for (std::size_t i = 0; i < most; ++i) {
      Param param;
      param.name = {p_.arena.text("a" + std::to_string(i + 1)), name.span};
      param.fallback = make<NoneExpr>(name.span);
      param.type = any_node(name.span);
      s->params.push_back(param);
    }
    s->result = any_node(name.span);
    s->body->statements.push_back(make<ExprStmt>(name.span, choice(name, all, most)));
    t_.dispatchers[name.text] = make_function(*s, t_.simple(TypeTag::kAny), nullptr);
  }

  TypeNode* any_node(Span span) {
    return make<TypeNode>(TypeNode{TypeKind::kName, span, "any", {}});
  }

  Expr* choice(const Word& name, const std::vector<std::pair<const Impl*, Function*>>& all,
               std::size_t most) {
    auto self = [&] { return make<NameExpr>(name.span, "self"); };
    auto pass = [&](CallExpr* call, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i)
        call->arguments.push_back(
            {{}, make<NameExpr>(name.span, p_.arena.text("a" + std::to_string(i + 1)))});
      return call;
    };
    auto only = [&](Expr* value) {
      Block* block = make<Block>();
      block->span = name.span;
      block->statements.push_back(make<ExprStmt>(name.span, value));
      return block;
    };
    auto* member = make<MemberExpr>(name.span, self(), name, false);
    member->past_traits = true;
    Expr* other =
        most == 0 ? static_cast<Expr*>(member) : pass(make<CallExpr>(name.span, member), most);
    if (all.empty()) return other;
    auto* out = make<IfExpr>(name.span);
    for (const auto& [impl, function] : all) {
      auto* callee = make<NameExpr>(name.span, function->declaration->name.text);
      callee->function = function;
      auto* call = make<CallExpr>(name.span, callee);
      call->arguments.push_back({{}, self()});
      pass(call, function->declaration->params.size() - 1);
      auto* test = make<IsExpr>(name.span, self(), impl->declaration->type, false);
      out->branches.push_back({{nullptr, test}, only(call)});
    }
    out->otherwise = only(other);
    return out;
  }

  Tables& t_;
  CheckedProgram& p_;
};

}  // namespace

void declare_traits(Tables& tables) { TraitDeclarer(tables).run(); }

}  // namespace flin::check
