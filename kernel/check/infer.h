// Types of everything (L 3): unification over the groups of functions, callees first, then over
// pages, components and routes. The type of a variable is the join of all that is assigned to it
// (L 3.4); when a later assignment widens it, what was found before no longer holds. So checking
// goes in rounds: each starts with what the last one widened, and the first one that widens nothing
// counts.
#pragma once

#include "check/signature.h"
#include "check/tables.h"
#include "check/unify.h"
#include "check/walk.h"

#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace flin::check {

class Inference {
 public:
  explicit Inference(Tables& tables);
  void run();

 private:
  using Type_ = const Type*;

  // ---- Rounds and groups (infer.cpp) ----
  struct FunctionType {
    std::vector<Type_> parameters;
    Type_ result = nullptr;
    std::vector<Type_> generics;
    std::vector<std::pair<std::string_view, Type_>> named;  // type parameters as written
    bool result_given = false;
  };
  void open_method(Function& f, FunctionType& type);
  // While it lives, types are read with the type parameters of a function in scope.
  class TypeScope;
  struct Group {
    std::vector<Function*> functions;
    std::vector<Frame*> setups;
  };
  void make_groups();
  void round();
  void open_function(Function& f);
  void function_body(Function& f);
  void generalise(const Group& group);
  void setup(Frame& frame);
  void page(Page& page);
  void component(Component& c);
  void hooks(const std::vector<syntax::Stmt*>& statements);
  void unsupported(const syntax::File& file);
  void declaration(Declaration& d);
  void guard(Declaration& d);
  void declared_body(syntax::LambdaExpr& body);
  void route(Route& route);
  void finish();

  // A piece of code whose `return` gives a value.
  struct Body {
    Unit* unit = nullptr;
    std::vector<syntax::Expr*> returns;
    Type_ joined = nullptr;    // of the returns so far
    Type_ expected = nullptr;  // declared result
    bool is_view = false;      // code of a binding: must not change anything
  };

  // ---- Basics (infer.cpp) ----
  Type_ simple(TypeTag tag) { return t_.simple(tag); }
  Type_ any() { return simple(TypeTag::kAny); }
  Type_ none() { return simple(TypeTag::kNone); }
  Type_ fresh() { return u_.fresh(level_); }
  Type_ set(syntax::Expr* e, Type_ type);
  void convert(syntax::Expr* e, Type_ type);
  Type_ plain(Type_ type);  // without the optional, resolved
  bool is_optional(Type_ type);
  bool is_numeric(Type_ type);
  bool is(Type_ type, TypeTag tag) { return u_.resolve(type)->is(tag); }
  std::string shown(Type_ type) { return text_of(u_.zonk(type)); }
  std::string text(const syntax::Expr* e) { return std::string(t_.sources.text(e->span)); }
  Report& report(syntax::Code code, syntax::Span span,
                 std::initializer_list<std::string_view> arguments = {}, std::string label = {}) {
    return reports_.add(code, span, arguments, std::move(label));
  }
  // The value as consumed: a conversion is noted. False: it does not fit.
  bool coerce(syntax::Expr* e, Type_ to);
  // Infers and coerces; E0301 if it does not fit.
  Type_ expect(syntax::Expr* e, Type_ to);
  // A query that is used as a list, iterated or counted.
  Type_ run_query(syntax::Expr* e, Type_ type);
  Type_ type_of_symbol(Symbol* symbol);
  void assign_symbol(Symbol* symbol, Type_ given, syntax::Expr* value, syntax::Span at);
  void create_symbol(Symbol* symbol, Type_ type);
  bool plugin_bound(std::string_view form, std::string_view word, syntax::Span span);

  // ---- Narrowing (narrow.cpp) ----
  using Facts = std::vector<std::pair<Symbol*, Type_>>;
  Facts facts(const syntax::Expr* condition, bool holds);
  void assume(const Facts& facts);
  std::size_t narrow_mark() const { return narrow_log_.size(); }
  void narrow_back(std::size_t mark);
  void forget(Symbol* symbol);
  void forget_changed_by(const syntax::Block* loop);
  void forget_after_call();
  static Symbol* narrowable(const syntax::Expr* e);
  Type_ without(Type_ type, Type_ part);
  Type_ only(Type_ type, Type_ part);

  // ---- Expressions (infer_expr.cpp, infer_ops.cpp) ----
  Type_ infer(syntax::Expr* e, Type_ hint = nullptr);
  Type_ value_of(syntax::Expr* e, Type_ hint);
  Type_ name(syntax::NameExpr& n, Type_ hint);
  Type_ builtin_value(syntax::NameExpr& n, Type_ hint);
  Type_ list(syntax::ListExpr& e, Type_ hint);
  Type_ map(syntax::MapExpr& e, Type_ hint);
  Type_ tuple(syntax::TupleExpr& e, Type_ hint);
  Type_ entity(syntax::EntityExpr& e);
  void entity_entry(syntax::EntityExpr& e, syntax::MapEntry& entry,
                    std::unordered_set<std::string_view>& given);
  Type_ lambda(syntax::LambdaExpr& e, Type_ hint);
  Type_ unary(syntax::UnaryExpr& e);
  Type_ is_test(syntax::IsExpr& e);
  Type_ conditional(syntax::ConditionalExpr& e, Type_ hint);
  Type_ form(syntax::FormExpr& e);
  Type_ store_operand(syntax::Expr* operand, std::string_view word);
  Type_ binary(syntax::BinaryExpr& e, Type_ hint);
  Type_ logical(syntax::BinaryExpr& e, Type_ hint);
  Type_ membership(syntax::BinaryExpr& e, Type_ left, Type_ right);
  Type_ equality(syntax::BinaryExpr& e, Type_ left, Type_ right);
  Type_ ordering(syntax::BinaryExpr& e, Type_ left, Type_ right);
  Type_ concat(syntax::BinaryExpr& e, Type_ left, Type_ right);
  // Result of an arithmetic operator, null: it does not work on these.
  Type_ arithmetic(syntax::BinaryOp op, Type_ left, Type_ right, const syntax::Expr* right_expr);
  Type_ arithmetic_or_report(syntax::BinaryExpr& e, Type_ left, Type_ right);
  void convert_ints(syntax::BinaryExpr& e, Type_ result);
  bool may_be_equal(Type_ a, Type_ b);
  bool ordered(Type_ a, Type_ b);
  void operand_none(const syntax::Expr* e, Type_& type);
  struct Deferred {
    syntax::BinaryExpr* e;
    Type_ left, right, result;
    bool in_predicate;
  };
  void solve_deferred(bool force);
  bool solve(Deferred& d);

  // ---- Postfix chains (infer_member.cpp, infer_call.cpp) ----
  Type_ postfix(syntax::Expr* e, bool& skips, Type_ hint);
  Type_ receiver(syntax::Expr* e, bool& skips);
  Type_ object_type(syntax::Expr* object, bool optional, bool& skips);
  Type_ member(syntax::MemberExpr& e, bool& skips);
  bool static_member(syntax::MemberExpr& e, Type_& result);
  bool coerces_to_key(Type_ map);
  Type_ enum_member(syntax::MemberExpr& e, const Enum& en);
  Type_ entity_member(syntax::MemberExpr& e, const Entity& entity);
  Type_ property(Type_ object, std::string_view name);
  Type_ method_member(syntax::MemberExpr& e, Type_ object);
  Type_ no_member(syntax::MemberExpr& e, Type_ object);
  Type_ index(syntax::IndexExpr& e, bool& skips);
  Type_ slice(syntax::SliceExpr& e, bool& skips);
  Type_ call(syntax::CallExpr& c, bool& skips, Type_ hint);
  Type_ name_call(syntax::CallExpr& c, syntax::NameExpr& n, Type_ hint);
  Type_ member_call(syntax::CallExpr& c, syntax::MemberExpr& m, bool& skips);
  bool static_call(syntax::CallExpr& c, syntax::MemberExpr& m, Type_& result);
  Type_ value_call(syntax::CallExpr& c, Type_ callee);
  Type_ dynamic_call(syntax::CallExpr& c);
  Type_ function_call(syntax::CallExpr& c, const Function& f);
  Type_ variant_call(syntax::CallExpr& c, const Enum& e, std::uint32_t variant, Type_ hint);
  Type_ variant_value(const Enum& e, Type_ hint);
  Type_ form_call(syntax::CallExpr& c, std::string_view form);
  // `first`: the receiver of a method call, already inferred; null: none.
  Type_ builtin_call(syntax::CallExpr& c, std::string_view name, syntax::Expr* first);
  const Builtin* choose(std::string_view name, const std::vector<Type_>& given, bool& open);
  struct BuiltinCall {
    std::string_view name;
    const Signature* signature;
    std::vector<Type_> types;                          // of the parameters, for this call
    std::unordered_set<const syntax::Expr*> inferred;  // arguments whose types are known already
    Unifier::Substitution by;                          // what stands for its type parameters
  };
  void join_numbers(BuiltinCall& call, const std::vector<syntax::Expr*>& given);
  bool widen_generic(BuiltinCall& call, syntax::CallExpr& c, syntax::Expr* function, Type_ wanted);
  Type_ closed_generics(const Signature& s, Type_ type);
  void note_change(syntax::Expr* receiver);
  bool fits_argument(syntax::Expr* value, Type_ wanted, bool is_receiver);
  syntax::Expr* receiver_of(const syntax::CallExpr& c);
  void builtin_arguments(syntax::CallExpr& c, BuiltinCall& call);
  bool accepts(const SignatureParameter& p, const Signature& s, Type_ type);
  bool has_builtin_method(std::string_view name, Type_ object);
  void surplus(syntax::CallExpr& c, std::string_view name, std::string takes, std::size_t got,
               std::string help);
  void all_arguments(syntax::CallExpr& c);
  bool has_spread(const syntax::CallExpr& c);
  void wrong_argument(syntax::Expr* e, std::string_view parameter, std::string_view function,
                      Type_ expected);
  // Methods of traits (infer_trait.cpp). Null: no trait gives `object` a method of that name.
  Type_ trait_call(syntax::CallExpr& c, syntax::Expr* receiver, Type_ object,
                   std::string_view name);
  bool find_method(Type_ object, std::string_view name, const Function*& target,
                   const TraitMethod*& method);
  void method_arguments(syntax::CallExpr& c, const Function& f,
                        const std::vector<Type_>& parameters);
  void check_bounds(const syntax::CallExpr& c, const Function& f, const FunctionType& type);
  FunctionType instance(const Function& f);
  Type_ function_value(const Function& f);
  Type_ payload_type(Type_ type, const Enum& e, const std::vector<Type_>& arguments);

  // ---- Queries (infer_query.cpp) ----
  static bool is_query_method(std::string_view name);
  // `query`: the receiver's expression; null: the entity itself.
  Type_ query_method(syntax::CallExpr& c, std::string_view name, syntax::Expr* query,
                     const Entity& entity, syntax::Span at);
  syntax::Expr* query_all(const Entity& entity, syntax::Span span);
  Type_ where(syntax::CallExpr& c, const Entity& entity);
  Type_ aggregate(syntax::CallExpr& c, std::string_view name, const Entity& entity);
  void order(syntax::CallExpr& c, const Entity& entity);
  const Field* field_argument(syntax::CallExpr& c, std::size_t n, const Entity& entity,
                              Type_& type);
  std::string_view field_text(syntax::Expr* e, std::string_view& direction);
  void no_field(syntax::Span span, const Entity& entity, std::string_view name);

  // ---- Statements and control (infer_stmt.cpp, infer_match.cpp) ----
  Type_ block(const syntax::Block* b, Type_ hint = nullptr);
  Type_ scoped_block(const syntax::Block* b, const Facts& assumed, Type_ hint);
  bool statement(syntax::Stmt* s);  // true: what follows is never reached
  void assign(syntax::AssignStmt& s);
  void assign_name(syntax::AssignStmt& s, Symbol* symbol);
  Type_ updated(syntax::AssignStmt& s, Type_ old);
  void changed(syntax::Expr* target);
  void only_shows(const syntax::Expr* target, syntax::Span at);
  Type_ target_type(syntax::Expr* target);
  void increment(syntax::IncrementStmt& s);
  void destructure(syntax::Pattern& p, Type_ type, syntax::Expr* value);
  void return_value(syntax::ReturnStmt& s);
  bool leaves(const syntax::Block* b);
  Type_ map_item(syntax::MapPatternItem& entry, Type_ type);
  void coerce_value(const syntax::Block* b, Type_ to);
  Type_ if_expr(syntax::IfExpr& e, Type_ hint);
  Type_ for_expr(syntax::ForExpr& e);
  Type_ while_expr(syntax::WhileExpr& e);
  void loop_head(syntax::ForHead& head);
  void loop_items(syntax::Expr* subject, Type_ type, Type_& first, Type_& second, bool two);
  Facts condition(syntax::Condition& c, bool warn = true);
  Type_ match_expr(syntax::MatchExpr& e, Type_ hint);
  struct Cover {
    bool all = false;
    bool none = false, yes = false, no = false;
    std::unordered_set<std::string_view> variants;
    std::vector<Type_> types;
    std::unordered_set<std::size_t> lengths;  // of lists
    std::size_t rest_from = SIZE_MAX;         // and all from this length on
  };
  void pattern(syntax::Pattern* p, Type_ type, bool whole);
  void literal_pattern(syntax::Pattern* p, Type_ type);
  void variant_pattern(syntax::Pattern* p, Type_ type);
  void type_pattern(syntax::Pattern* p, Type_ type);
  void list_pattern(syntax::Pattern* p, Type_ type);
  void tuple_pattern(syntax::Pattern* p, Type_ type);
  void map_pattern(syntax::Pattern* p, Type_ type);
  bool find_variant(syntax::Pattern* p, Type_ type);
  void never_fits(syntax::Pattern* p, Type_ type);
  bool irrefutable(const syntax::Pattern* p);
  void cover(Cover& c, const syntax::Pattern* p, Type_ type);
  bool covers(const Cover& c, Type_ type, std::vector<std::string>& missing);
  bool needs_cover(Type_ type);
  bool already_covered(const Cover& c, const syntax::Pattern* p, Type_ type);
  void match_arm(Cover& c, syntax::Expr* subject, Type_ type, syntax::Pattern* p,
                 syntax::Expr* guard, syntax::Span span);
  void check_cover(const Cover& c, Type_ type, syntax::Span span, Type_& joined);
  Facts rest_facts(const syntax::Expr* subject, const syntax::Pattern* p);
  Facts arm_facts(const syntax::Expr* subject, const syntax::Pattern* p, Type_ type);

  // ---- Views (infer_view.cpp) ----
  void nodes(const std::vector<syntax::Node*>& list);
  void node(syntax::Node* n);
  template <class F>
  void in_view(F&& code);
  void shown_value(syntax::Expr* e);
  void check_slots(const syntax::ComponentNode& n);
  void element(syntax::ElementNode& n);
  void attribute(syntax::ElementNode& n, syntax::Attribute& a,
                 std::unordered_set<std::string_view>& given);
  void check_url(const syntax::Attribute& a);
  void bind_attribute(syntax::Attribute& a);
  void handler(const syntax::Block* body);
  void component_use(syntax::ComponentNode& n);
  void prop(syntax::ComponentNode& n, syntax::Attribute& a,
            std::unordered_set<std::string_view>& given);
  void if_node(syntax::IfNode& n);
  void for_node(syntax::ForNode& n);
  void match_node(syntax::MatchNode& n);
  void slots_of(const std::vector<syntax::Node*>& nodes,
                std::unordered_set<std::string_view>& names);

  // ---- Entities (infer_entity.cpp) ----
  void entity_declaration(Entity& entity);
  void validator(Entity& entity, Field& field, const syntax::ValidatorNode& v);
  void plugin_validator_arguments(const syntax::ValidatorNode& v, const BoundValidator& known);
  bool fits_validator(std::string_view fits, Type_ type);

  Tables& t_;
  CheckedProgram& p_;
  Types& types_;
  Unifier u_;
  Signatures signatures_;
  std::map<std::string, Builtin, std::less<>> validator_signatures_;  // of plugins, by name
  Reports reports_;
  std::vector<Group> groups_;
  std::unordered_map<const Function*, FunctionType> functions_;
  std::unordered_map<Symbol*, Type_> floors_;   // what earlier rounds widened variables to
  std::unordered_map<Symbol*, Type_> widened_;  // in this round
  std::unordered_set<Symbol*> early_;      // used before the statement that makes them was reached
  std::unordered_set<Symbol*> annotated_;  // declared with a type
  std::vector<Symbol*> typed_;             // symbols with a type of this round
  std::vector<syntax::Expr*> exprs_;
  std::vector<syntax::Pattern*> patterns_;
  std::vector<Deferred> deferred_;
  std::unordered_map<Symbol*, Type_> narrow_;
  std::vector<std::pair<Symbol*, Type_>> narrow_log_;
  std::unordered_map<const Symbol*, std::unordered_set<const Unit*>>
      writers_;  // units that assign it
  bool in_setup_ = false;
  Body* body_ = nullptr;
  std::vector<Type_>* breaks_ = nullptr;
  const Entity* asked_ = nullptr;  // inside the argument of a where
  bool bare_fields_ = false;       // and names are fields first
  int level_ = 0;
  int rounds_ = 0;
};

}  // namespace flin::check
