// Types of expressions that are no operators and no calls.
#include "check/infer.h"

namespace flin::check {
using namespace syntax;

const Type* Inference::infer(Expr* e, Type_ hint) {
  if (e == nullptr) return none();
  if (hint != nullptr) hint = u_.resolve(hint);
  return set(e, value_of(e, hint));
}

const Type* Inference::value_of(Expr* e, Type_ hint) {
  switch (e->kind) {
    case ExprKind::kInt: return simple(TypeTag::kInt);
    case ExprKind::kNumber: return simple(TypeTag::kNumber);
    case ExprKind::kText: return simple(TypeTag::kText);
    case ExprKind::kBool: return simple(TypeTag::kBool);
    case ExprKind::kNone: return none();
    case ExprKind::kMoney: return simple(TypeTag::kMoney);
    case ExprKind::kRegex: return simple(TypeTag::kRegex);
    case ExprKind::kTimeWord: return simple(TypeTag::kTime);
    case ExprKind::kInterpolation:
      for (Expr* part : as<InterpolationExpr>(*e).parts) run_query(part, infer(part));
      return simple(TypeTag::kText);
    case ExprKind::kName: return name(as<NameExpr>(*e), hint);
    case ExprKind::kList: return list(as<ListExpr>(*e), hint);
    case ExprKind::kMap: return map(as<MapExpr>(*e), hint);
    case ExprKind::kTuple: return tuple(as<TupleExpr>(*e), hint);
    case ExprKind::kSpread:
      return run_query(as<SpreadExpr>(*e).operand, infer(as<SpreadExpr>(*e).operand, hint));
    case ExprKind::kEntity: return entity(as<EntityExpr>(*e));
    case ExprKind::kUnary: return unary(as<UnaryExpr>(*e));
    case ExprKind::kBinary: return binary(as<BinaryExpr>(*e), hint);
    case ExprKind::kIs: return is_test(as<IsExpr>(*e));
    case ExprKind::kConditional: return conditional(as<ConditionalExpr>(*e), hint);
    case ExprKind::kCall:
    case ExprKind::kMember:
    case ExprKind::kIndex:
    case ExprKind::kSlice: {
      bool skips = false;
      Type_ type = postfix(e, skips, hint);
      return skips ? types_.optional(u_.resolve(type)) : type;
    }
    case ExprKind::kLambda: return lambda(as<LambdaExpr>(*e), hint);
    case ExprKind::kForm: return form(as<FormExpr>(*e));
    case ExprKind::kMarkup: nodes(as<MarkupExpr>(*e).nodes); return simple(TypeTag::kView);
    case ExprKind::kBlock: return scoped_block(as<BlockExpr>(*e).block, {}, hint);
    case ExprKind::kIf: return if_expr(as<IfExpr>(*e), hint);
    case ExprKind::kFor: return for_expr(as<ForExpr>(*e));
    case ExprKind::kWhile: return while_expr(as<WhileExpr>(*e));
    case ExprKind::kMatch: return match_expr(as<MatchExpr>(*e), hint);
    case ExprKind::kError: return any();
  }
  return any();
}

const Type* Inference::name(NameExpr& n, Type_ hint) {
  if (n.of_self != nullptr) return infer(n.of_self, hint);
  if (asked_ != nullptr && bare_fields_) {
    std::uint32_t field = field_number(*asked_, n.name);
    if (field != kNoField) {
      if (n.symbol != nullptr && n.symbol->kind != SymbolKind::kContext) {
        Report& r = report(Code::W0413, n.span, {n.name}, "reads the field");
        r.others.push_back({n.symbol->declared, "the variable"});
      }
      n.symbol = nullptr;
      n.function = nullptr;
      n.builtin = nullptr;
      n.enumeration = nullptr;
      return field_type(t_, *asked_, field);
    }
  }
  if (n.symbol != nullptr) return type_of_symbol(n.symbol);
  if (n.function != nullptr) return function_value(*n.function);
  if (n.enumeration != nullptr) {
    const Variant& variant = n.enumeration->variants[n.variant];
    if (variant.payload.empty()) return variant_value(*n.enumeration, hint);
    report(Code::E0303, n.span,
           {n.name, std::to_string(variant.payload.size()) + " arguments", "0"},
           "needs its payload");
    return any();
  }
  if (n.builtin != nullptr) return builtin_value(n, hint);
  if (auto it = t_.open_names.find(&n); it != t_.open_names.end())
    reports_.add(it->second.code, n.span) = it->second;
  else if (n.entity != nullptr || t_.enums.count(n.name) > 0)
    report(Code::E0201, n.span, {"a value", "the type '" + std::string(n.name) + "'"},
           "a type is no value");
  return any();
}

// A built-in as a value. Of several the first that fits what is wanted.
const Type* Inference::builtin_value(NameExpr& n, Type_ hint) {
  const auto& all = t_.bindings.builtins(n.name);
  Type_ first = nullptr;
  for (const Builtin* builtin : all) {
    const Signature& s = signatures_.of(*builtin);
    if (s.parameters.empty() && n.name == "pi") return n.builtin = builtin, s.result;
    Unifier::Substitution by;
    for (Type_ generic : s.generics) by[generic] = fresh();
    std::vector<Type_> parameters;
    for (std::size_t i = 0; i < std::max<std::size_t>(s.least, s.parameters.empty() ? 0 : 1); ++i)
      parameters.push_back(u_.substitute(s.parameters[i].type, by));
    Type_ type = types_.function(std::move(parameters), u_.substitute(s.result, by));
    if (first == nullptr) {
      first = type;
      n.builtin = builtin;
    }
    if (hint == nullptr || u_.fit(type, hint) == Fit::kNo) continue;
    n.builtin = builtin;
    return type;
  }
  return first == nullptr ? any() : first;
}

const Type* Inference::list(ListExpr& e, Type_ hint) {
  Type_ wanted = hint != nullptr && plain(hint)->is(TypeTag::kList)
                     ? u_.resolve(plain(hint)->items[0])
                     : nullptr;
  if (wanted != nullptr && wanted->is(TypeTag::kVariable)) wanted = nullptr;
  Type_ joined = nullptr;
  bool all_fit = true;
  for (Expr* item : e.items) {
    bool spread = item->kind == ExprKind::kSpread;
    Type_ type = infer(item, spread ? (wanted == nullptr ? nullptr : types_.list(wanted)) : wanted);
    if (spread) {
      type = plain(type);
      if (type->is(TypeTag::kVariable)) u_.unify(type, types_.list(fresh()));
      type = u_.resolve(type);
      bool is_list = type->is(TypeTag::kList);
      if (!is_list && !type->is(TypeTag::kAny))
        report(Code::E0301, item->span, {"a list", shown(type)}, "only a list can be spread here");
      type = is_list ? type->items[0] : any();
    }
    if (wanted != nullptr && !spread) all_fit = coerce(item, wanted) && all_fit;
    if (wanted != nullptr && spread) all_fit = u_.fit(type, wanted) == Fit::kSame && all_fit;
    if (u_.resolve(type)->is(TypeTag::kQuery)) type = run_query(item, type);
    joined = joined == nullptr ? type : u_.join(joined, type);
  }
  if (wanted != nullptr && all_fit) return types_.list(wanted);
  if (joined == nullptr) return types_.list(fresh());
  for (Expr* item : e.items)
    if (item->kind != ExprKind::kSpread) coerce(item, joined);
  return types_.list(joined);
}

const Type* Inference::map(MapExpr& e, Type_ hint) {
  Type_ wanted = hint != nullptr && plain(hint)->is(TypeTag::kMap) ? plain(hint) : nullptr;
  Type_ key = nullptr, value = nullptr;
  Type_ wanted_key = wanted == nullptr ? nullptr : u_.resolve(wanted->items[0]);
  Type_ wanted_value = wanted == nullptr ? nullptr : u_.resolve(wanted->items[1]);
  bool open = wanted == nullptr || wanted_key->is(TypeTag::kVariable) ||
              wanted_value->is(TypeTag::kVariable);
  bool all_fit = !open;
  for (MapEntry& entry : e.entries) {
    Type_ k, v;
    if (entry.key == nullptr) {
      Type_ spread = plain(infer(entry.value, wanted));
      bool is_map = spread->is(TypeTag::kMap);
      k = is_map ? spread->items[0] : simple(TypeTag::kText);
      v = is_map ? spread->items[1] : any();
      bool fits = is_map || spread->is(TypeTag::kAny) || spread->is(TypeTag::kVariable) ||
                  spread->is(TypeTag::kEntity);
      if (!fits)
        report(Code::E0301, entry.value->span, {"a map", shown(spread)},
               "only a map can be spread here");
      all_fit = all_fit && is_map && u_.unify(spread, wanted);
    } else {
      k = infer(entry.key);
      v = infer(entry.value, open ? nullptr : wanted_value);
      if (u_.resolve(v)->is(TypeTag::kQuery)) v = run_query(entry.value, v);
      if (!open)
        all_fit = coerce(entry.key, wanted_key) && coerce(entry.value, wanted_value) && all_fit;
    }
    key = key == nullptr ? k : u_.join(key, k);
    Type_ both = value == nullptr ? v : u_.widen(value, v);
    value = both == nullptr ? any() : both;
  }
  if (all_fit && !open) return wanted;
  if (key == nullptr) return types_.map(fresh(), fresh());
  for (MapEntry& entry : e.entries)
    if (entry.key != nullptr) coerce(entry.value, value);
  return types_.map(key, value);
}

const Type* Inference::tuple(TupleExpr& e, Type_ hint) {
  Type_ wanted = hint != nullptr && plain(hint)->is(TypeTag::kTuple) ? plain(hint) : nullptr;
  std::vector<Type_> items;
  for (std::size_t i = 0; i < e.items.size(); ++i) {
    bool known = wanted != nullptr && i < wanted->items.size() && !u_.is_open(wanted->items[i]);
    Type_ type = infer(e.items[i], known ? wanted->items[i] : nullptr);
    if (known && coerce(e.items[i], wanted->items[i])) type = wanted->items[i];
    items.push_back(run_query(e.items[i], type));
  }
  return types_.tuple(std::move(items));
}

const Type* Inference::entity(EntityExpr& e) {
  if (e.entity == nullptr) {
    Report& r = report(Code::E0005, e.name.span, {e.name.text}, "no entity of this name");
    std::vector<std::string_view> names;
    for (const Entity* known : p_.entities) names.push_back(known->name);
    suggest(r, e.name.text, names);
    for (MapEntry& entry : e.entries) infer(entry.value);
    return any();
  }
  std::unordered_set<std::string_view> given;
  bool spread = false;
  for (MapEntry& entry : e.entries) {
    spread = spread || entry.key == nullptr;
    entity_entry(e, entry, given);
  }
  for (const Field& field : e.entity->fields) {
    if (spread || given.count(field.name) > 0) continue;
    Type_ type = u_.resolve(field.type);
    bool has_default = field.node->fallback != nullptr || type->is(TypeTag::kOptional) ||
                       type->is(TypeTag::kList) || type->is(TypeTag::kMap) ||
                       type->is(TypeTag::kAny);
    for (const ValidatorNode& v : field.node->validators)
      has_default = has_default || v.name.text == "default";
    if (has_default) continue;
    Report& r =
        report(Code::E0403, e.name.span, {field.name}, "has no '" + std::string(field.name) + "'");
    r.others.push_back({field.node->name.span, "declared here"});
  }
  return types_.entity(e.entity);
}

void Inference::entity_entry(EntityExpr& e, MapEntry& entry,
                             std::unordered_set<std::string_view>& given) {
  if (entry.key == nullptr) {
    Type_ type = plain(infer(entry.value));
    bool fits = type->is(TypeTag::kMap) || type->is(TypeTag::kAny) ||
                type->is(TypeTag::kVariable) || type->is(TypeTag::kEntity);
    if (!fits)
      report(Code::E0301, entry.value->span, {"a map", shown(type)},
             "only a map can be spread here");
    return;
  }
  infer(entry.key);
  if (entry.key->kind != ExprKind::kText) return;
  std::string_view name = as<TextExpr>(*entry.key).value;
  given.insert(name);
  std::uint32_t number = field_number(*e.entity, name);
  if (number == kNoField) {
    infer(entry.value);
    return no_field(entry.key->span, *e.entity, name);
  }
  if (number >= kAutomaticFields) {
    infer(entry.value);
    report(Code::E0409, entry.key->span, {name}, "the store sets it").helps = {"it is automatic"};
    return;
  }
  expect(entry.value, e.entity->fields[number].type);
}

const Type* Inference::lambda(LambdaExpr& e, Type_ hint) {
  Type_ wanted = hint != nullptr && plain(hint)->is(TypeTag::kFunction) ? plain(hint) : nullptr;
  std::size_t mark = narrow_mark();
  // It runs later: what may be assigned until then is not narrowed any more.
  std::vector<Symbol*> captured;
  for (auto& [symbol, type] : narrow_)
    if (type != nullptr && symbol->is_reassigned && asked_ == nullptr) captured.push_back(symbol);
  for (Symbol* symbol : captured) forget(symbol);
  std::vector<Type_> parameters;
  for (std::size_t i = 0; i < e.params.size(); ++i) {
    Param& param = e.params[i];
    bool known = wanted != nullptr && i + 1 < wanted->items.size();
    Type_ type = param.type != nullptr ? type_of(t_, param.type)
                 : known               ? u_.resolve(wanted->items[i])
                                       : fresh();
    if (param.type != nullptr) annotated_.insert(param.symbol);
    if (param.symbol != nullptr) param.symbol->type = nullptr;
    create_symbol(param.symbol, type);
    if (param.fallback != nullptr) expect(param.fallback, type);
    if (param.pattern != nullptr) destructure(*param.pattern, type, nullptr);
    parameters.push_back(type);
  }
  Body body;
  body.unit = e.unit;
  body.expected = e.result != nullptr ? type_of(t_, e.result) : nullptr;
  Body* outer = body_;
  auto* breaks = breaks_;
  breaks_ = nullptr;
  body_ = &body;
  Type_ result_hint = body.expected != nullptr ? body.expected
                      : wanted != nullptr      ? u_.resolve(wanted->items.back())
                                               : nullptr;
  Type_ last = block(e.body, result_hint);
  body_ = outer;
  breaks_ = breaks;
  narrow_back(mark);
  Type_ result = body.joined == nullptr      ? last
                 : is(last, TypeTag::kNever) ? body.joined
                                             : u_.join(body.joined, last);
  if (body.expected != nullptr) {
    if (u_.fit(result, body.expected) == Fit::kNo)
      report(Code::E0301, e.body->span, {shown(body.expected), shown(result)},
             "the value of this function");
    result = body.expected;
  }
  bool runs = is(result, TypeTag::kQuery) &&
              (wanted == nullptr || !is(wanted->items.back(), TypeTag::kQuery));
  if (runs) result = types_.list(types_.entity(u_.resolve(result)->entity));
  Type_ consumed =
      result_hint != nullptr && is(result_hint, TypeTag::kNumber) ? result_hint : result;
  for (Expr* value : body.returns) coerce(value, consumed);
  coerce_value(e.body, consumed);
  return types_.function(std::move(parameters), consumed);
}

const Type* Inference::unary(UnaryExpr& e) {
  Type_ type = infer(e.operand);
  switch (e.op) {
    case UnaryOp::kNot: return simple(TypeTag::kBool);
    case UnaryOp::kTypeof: run_query(e.operand, type); return simple(TypeTag::kText);
    case UnaryOp::kAwait: return type;
    case UnaryOp::kTry:
      return types_.union_of({u_.zonk(run_query(e.operand, type)), simple(TypeTag::kError)});
    case UnaryOp::kNegate: break;
  }
  operand_none(e.operand, type);
  type = u_.resolve(type);
  bool open = type->is(TypeTag::kVariable);
  if (open) u_.unify(type, any());
  bool works = open || is_numeric(type) || type->is(TypeTag::kDuration) ||
               type->is(TypeTag::kMoney) || type->is(TypeTag::kAny);
  if (works) return u_.resolve(type);
  report(Code::E0302, e.span, {"-", shown(type), "nothing"}, "not a number");
  return any();
}

const Type* Inference::is_test(IsExpr& e) {
  Type_ type = infer(e.operand);
  run_query(e.operand, type);
  if (e.type_node == nullptr) return simple(TypeTag::kBool);  // broken, and said so
  TypeNode& node = *e.type_node;
  if (node.kind == TypeKind::kName) {
    auto variant = t_.variants.find(node.name);
    if (variant != t_.variants.end()) {
      Type_ subject = plain(type);
      for (auto& [owner, number] : variant->second) {
        bool fits = subject->enumeration == owner || e.enumeration == nullptr;
        if (!fits) continue;
        e.enumeration = owner;
        e.variant = number;
      }
      return simple(TypeTag::kBool);
    }
    if (auto dot = node.name.find('.'); dot != node.name.npos)
      if (auto en = t_.enums.find(node.name.substr(0, dot)); en != t_.enums.end()) {
        e.enumeration = en->second;
        for (std::uint32_t i = 0; i < en->second->variants.size(); ++i)
          if (en->second->variants[i].name == node.name.substr(dot + 1)) e.variant = i;
        return simple(TypeTag::kBool);
      }
  }
  e.tested = type_of(t_, &node);
  return simple(TypeTag::kBool);
}

const Type* Inference::conditional(ConditionalExpr& e, Type_ hint) {
  Type_ type = infer(e.condition);
  if (is(type, TypeTag::kQuery)) run_query(e.condition, type);
  std::size_t mark = narrow_mark();
  assume(facts(e.condition, true));
  Type_ a = infer(e.then, hint);
  narrow_back(mark);
  assume(facts(e.condition, false));
  Type_ b = e.otherwise == nullptr ? none() : infer(e.otherwise, hint);
  narrow_back(mark);
  Type_ both = u_.join(a, b);
  coerce(e.then, both);
  if (e.otherwise != nullptr) coerce(e.otherwise, both);
  return both;
}

const Type* Inference::form(FormExpr& e) {
  bool is_block = e.form == "transaction" || e.form == "system" || e.form == "background";
  if (is_block) {
    if (e.form == "transaction") plugin_bound("transaction_begin", "transaction", e.word);
    if (e.form == "background") plugin_bound("background", "background", e.word);
    if (e.body == nullptr) return none();
    Type_ function = infer(e.body);
    forget_after_call();
    return e.form == "background" ? none() : u_.resolve(function)->items.back();
  }
  bool store = e.form == "save" || e.form == "delete" || e.form == "restore" || e.form == "destroy";
  plugin_bound(e.form, e.form, e.word);
  if (!store || e.operands.empty()) {  // of a plugin: operands in order, then its opcode (L 20.9)
    for (Expr* operand : e.operands) run_query(operand, infer(operand));
    if (e.body != nullptr) infer(e.body);
    forget_after_call();
    return any();
  }
  if (body_ != nullptr && body_->is_view) report(Code::E0512, e.word, {}, "a view only shows");
  Type_ type = store_operand(e.operands[0], e.form);
  forget_after_call();
  return type;
}

const Type* Inference::store_operand(Expr* operand, std::string_view word) {
  Type_ type = run_query(operand, infer(operand));
  type = u_.resolve(type);
  if (type->is(TypeTag::kVariable)) {
    u_.unify(type, any());
    return any();
  }
  Type_ item = type->is(TypeTag::kList) ? u_.resolve(type->items[0]) : type;
  if (item->is(TypeTag::kVariable) || item->is(TypeTag::kAny) || item->is(TypeTag::kEntity))
    return type;
  if (is_optional(item) && plain(item)->is(TypeTag::kEntity)) {
    report(Code::E0305, operand->span, {text(operand)}, "may be none");
    return plain(item);
  }
  report(Code::E0406, operand->span, {word, shown(type)}, "this is " + shown(type));
  return any();
}

}  // namespace flin::check
