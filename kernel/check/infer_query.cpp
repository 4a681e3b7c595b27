// Queries (L 14.6, L 14.7): their methods, field arguments and predicates.
#include "check/infer.h"
#include "check/predicate.h"

namespace flin::check {
using namespace syntax;

bool Inference::is_query_method(std::string_view name) {
  for (std::string_view m :
       {"all", "where", "order", "order_by", "limit", "offset", "find", "first", "last", "count",
        "exists", "sum", "avg", "min", "max", "distinct", "group_by"})
    if (m == name) return true;
  return false;
}

// The made call that stands for `Todo` at the start of a chain.
Expr* Inference::query_all(const Entity& entity, Span span) {
  CallExpr* c = p_.arena.make<CallExpr>(span, nullptr);
  c->target = CallTarget::kForm;
  c->form = "query_all";
  c->entity = &entity;
  set(c, types_.query(&entity));
  return c;
}

const Type* Inference::query_method(CallExpr& c, std::string_view name, Expr* query,
                                    const Entity& entity, Span at) {
  if (c.callee != nullptr && c.callee->kind == ExprKind::kMember)
    as<MemberExpr>(*c.callee).target = MemberTarget::kCall;
  c.target = CallTarget::kForm;
  c.entity = &entity;
  c.operands.clear();
  Type_ type = types_.entity(&entity), of_query = types_.query(&entity);
  std::string form = "query_" + std::string(name);
  if (name == "order_by") form = "query_order";
  if (name == "group_by") form = "query_group";
  bool aggregates = name == "sum" || name == "avg" || name == "min" || name == "max";
  if (aggregates) form = "query_aggregate";
  c.form = p_.arena.text(form);
  plugin_bound(c.form, name, at);
  auto wants = [&](std::size_t least, std::size_t most) {
    if (c.arguments.size() >= least && c.arguments.size() <= most) return true;
    std::string takes = std::to_string(least) +
                        (most != least ? " to " + std::to_string(most) : "") +
                        (least == 1 && most == 1 ? " argument" : " arguments");
    all_arguments(c);
    surplus(c, name, takes, c.arguments.size(), {});
    return false;
  };
  auto argument = [&](Type_ wanted, std::string_view parameter) {
    Expr* e = c.arguments[0].value;
    infer(e, wanted);
    if (!coerce(e, wanted)) wrong_argument(e, parameter, name, wanted);
    c.operands.push_back(e);
  };
  if (name == "all" && query == nullptr) {
    wants(0, 0);
    return of_query;
  }
  if (name == "find") {
    if (wants(1, 1))
      argument(simple(TypeTag::kInt), "id");
    else
      c.operands.push_back(query_all(entity, c.span));
    forget_after_call();
    return types_.optional(type);
  }
  c.operands.push_back(query != nullptr ? query : query_all(entity, c.span));
  if (query != nullptr) query->converted = nullptr;  // it goes on as a query
  if (name == "all") {
    c.form = "query_offset";  // `q.all`: the query as it is
    IntExpr* zero = p_.arena.make<IntExpr>(c.span, 0);
    set(zero, simple(TypeTag::kInt));
    c.operands.push_back(zero);
    return of_query;
  }
  if (name == "where") return wants(1, 1) ? where(c, entity) : of_query;
  if (name == "limit" || name == "offset") {
    if (wants(1, 1)) argument(simple(TypeTag::kInt), "n");
    return of_query;
  }
  if (name == "order" || name == "order_by") {
    if (!wants(1, 2)) return of_query;
    order(c, entity);
    return of_query;
  }
  if (aggregates) return wants(1, 1) ? aggregate(c, name, entity) : any();
  if (name == "distinct" || name == "group_by") {
    Type_ field = any();
    if (wants(1, 1)) field_argument(c, 0, entity, field);
    return name == "distinct" ? types_.list(field) : types_.map(field, types_.list(type));
  }
  wants(0, 0);
  forget_after_call();
  if (name == "count") return simple(TypeTag::kInt);
  if (name == "exists") return simple(TypeTag::kBool);
  return types_.optional(type);  // first, last
}

void Inference::order(CallExpr& c, const Entity& entity) {
  Type_ type = any();
  std::string_view direction = "asc";
  field_text(c.arguments[0].value, direction);
  field_argument(c, 0, entity, type);
  c.detail = direction;
  if (c.arguments.size() < 2) return;
  Expr* e = c.arguments[1].value;
  bool bare = e->kind == ExprKind::kName &&
              (as<NameExpr>(*e).name == "asc" || as<NameExpr>(*e).name == "desc") &&
              as<NameExpr>(*e).symbol == nullptr;
  if (bare) {
    set(e, simple(TypeTag::kText));
    c.detail = as<NameExpr>(*e).name;
    return;
  }
  infer(e);
  if (!coerce(e, simple(TypeTag::kText)))
    wrong_argument(e, "direction", "order", simple(TypeTag::kText));
  if (e->kind == ExprKind::kText) {
    c.detail = as<TextExpr>(*e).value;
    if (c.detail != "asc" && c.detail != "desc")
      report(Code::E0301, e->span, {"\"asc\" or \"desc\"", "\"" + std::string(c.detail) + "\""},
             "no direction");
    return;
  }
  c.detail = {};
  c.operands.push_back(e);
}

// A field argument is a bare name or a text, in order_by with the direction behind it.
std::string_view Inference::field_text(Expr* e, std::string_view& direction) {
  if (e->kind == ExprKind::kName) return as<NameExpr>(*e).name;
  if (e->kind != ExprKind::kText) return {};
  std::string_view text = as<TextExpr>(*e).value;
  if (auto blank = text.find(' '); blank != text.npos) {
    direction = text.substr(blank + 1);
    text = text.substr(0, blank);
  }
  return text;
}

const Field* Inference::field_argument(CallExpr& c, std::size_t n, const Entity& entity,
                                       Type_& type) {
  Expr* e = c.arguments[n].value;
  std::string_view direction;
  std::string_view name = field_text(e, direction);
  set(e, simple(TypeTag::kText));
  if (name.empty()) {
    infer(e);
    report(Code::E0301, e->span, {"the name of a field", text(e)}, "a bare name or a text");
    return nullptr;
  }
  std::uint32_t number = field_number(entity, name);
  if (number == kNoField) {
    no_field(e->span, entity, name);
    return nullptr;
  }
  if (e->kind == ExprKind::kName) as<NameExpr>(*e).symbol = nullptr;
  c.field = name;
  type = field_type(t_, entity, number);
  return number < kAutomaticFields ? &entity.fields[number] : nullptr;
}

const Type* Inference::aggregate(CallExpr& c, std::string_view name, const Entity& entity) {
  c.detail = name;
  Type_ type = nullptr;
  field_argument(c, 0, entity, type);
  if (type == nullptr) return any();
  Type_ item = plain(type);
  bool time = item->is(TypeTag::kTime) && (name == "min" || name == "max");
  bool works =
      is_numeric(item) || item->is(TypeTag::kMoney) || item->is(TypeTag::kDuration) || time;
  if (!works) report(Code::E0407, c.arguments[0].value->span, {name}, "this is " + shown(item));
  forget_after_call();
  bool of_numbers = name == "avg" && item->is(TypeTag::kInt);
  if (of_numbers) item = simple(TypeTag::kNumber);
  if (name != "sum") return types_.optional(item);
  return item->is(TypeTag::kMoney) ? types_.optional(item) : item;
}

void Inference::no_field(Span span, const Entity& entity, std::string_view name) {
  Report& r = report(Code::E0009, span, {entity.name, name}, "no such field");
  suggest(r, name, field_names(entity));
}

const Type* Inference::where(CallExpr& c, const Entity& entity) {
  const Entity* outer = asked_;
  bool outer_bare = bare_fields_;
  Expr* condition = c.arguments[0].value;
  asked_ = &entity;
  const Symbol* row = nullptr;
  Expr* body = condition;
  if (condition->kind == ExprKind::kLambda) {
    auto& l = as<LambdaExpr>(*condition);
    bare_fields_ = false;
    infer(condition, types_.function({types_.entity(&entity)}, any()));
    bool simple_body = l.params.size() == 1 && l.params[0].pattern == nullptr &&
                       l.body->statements.size() == 1 &&
                       l.body->statements[0]->kind == StmtKind::kExpr;
    row = l.params.empty() ? nullptr : l.params[0].symbol;
    body = simple_body ? as<ExprStmt>(*l.body->statements[0]).value : nullptr;
  } else {
    bare_fields_ = true;
    infer(condition);
  }
  asked_ = outer;
  bare_fields_ = outer_bare;
  Predicate* predicate = p_.arena.make<Predicate>();
  c.predicate = predicate;
  PredicateWriter writer(entity, row, *predicate);
  const Expr* bad = body == nullptr ? condition : writer.write(body);
  if (bad != nullptr) {
    report(Code::E0404, bad->span, {}, "only code can do this");
    predicate->code.clear();
  }
  return types_.query(&entity);
}

}  // namespace flin::check
