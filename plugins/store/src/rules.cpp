#include "rules.h"

#include "json.h"

namespace flin::store {
namespace {

using Members = std::vector<std::pair<std::string, std::string_view>>;

std::string_view member(const Members& members, std::string_view name) {
  for (const auto& [key, value] : members) {
    if (key == name) return value;
  }
  return {};
}

// {"$t":"Todo","v":{..}} is the row; {"$t":"map","v":[[k,v],..]} a list of pairs; others
// themselves.
std::string_view step(std::string_view written, std::string_view name) {
  const auto members = json::object(written);
  if (!members) return {};
  const std::string_view tag = member(*members, "$t");
  const std::string_view inner = member(*members, "v");
  if (tag.empty()) return member(*members, name);
  if (tag != "\"map\"") return step(inner, name);
  const auto pairs = json::array(inner);
  if (!pairs) return {};
  for (const std::string_view pair : *pairs) {
    const auto parts = json::array(pair);
    if (parts && parts->size() == 2 && json::string((*parts)[0]) == name) return (*parts)[1];
  }
  return {};
}

Scalar tagged(const Members& members, const Entities& entities) {
  const std::string tag = json::string(member(members, "$t")).value_or("");
  const std::string_view value = member(members, "v");
  if (tag == "time") return Scalar::of_time(json::integer(value).value_or(0));
  if (tag == "duration") return Scalar::of_duration(json::integer(value).value_or(0));
  const auto parts = json::array(value);
  if (tag == "money" && parts && parts->size() == 2) {
    Scalar out = Scalar::of_int(json::integer((*parts)[0]).value_or(0));
    out.kind = Kind::kMoney;
    out.extra = currency_number(json::string((*parts)[1]).value_or(""));
    return out;
  }
  const std::uint32_t type = find_type(entities, tag);
  return type == kNoType ? Scalar() : Scalar::of_record(type, id_in(value));
}

Scalar read_any(std::string_view written, const Entities& entities) {
  if (written == "true" || written == "false") return Scalar::of_bool(written == "true");
  if (const auto text = json::string(written)) return Scalar::of_text(*text);
  if (const auto whole = json::integer(written)) return Scalar::of_int(*whole);
  if (const auto number = json::number(written)) return Scalar::of_number(*number);
  if (json::array(written)) return Scalar::of_written(Kind::kList, written);
  if (const auto members = json::object(written)) return tagged(*members, entities);
  return {};
}

}  // namespace

Scalar session_value(std::string_view session, std::string_view path, const Entities& entities) {
  std::string_view at = session;
  while (!path.empty() && !at.empty()) {
    const std::size_t dot = path.find('.');
    at = step(at, path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return read_any(at, entities);
}

bool WholeRow::read(const FieldPath& path, Scalar& out) const {
  if (path.size() != 1) return false;
  const std::uint64_t declared = row_.fields.size - 3;
  std::uint64_t at = path[0];
  switch (path[0]) {
    case kFieldId: out = Scalar::of_int(static_cast<std::int64_t>(row_.id)); return true;
    case kFieldVersion: out = Scalar::of_int(static_cast<std::int64_t>(row_.version)); return true;
    case kFieldCreatedAt:
    case kFieldUpdatedAt:
    case kFieldDeletedAt: at = declared + path[0] - kFieldCreatedAt; break;
    default:
      if (at >= declared) return false;
  }
  out = own(row_.fields[at]);
  return true;
}

bool WholeRow::is_live() const { return row_.fields[row_.fields.size - 1].kind == Kind::kNone; }

MaybeFault Rules::compile(List<EntityRow> rows, Rules& out) {
  Rules made;
  for (const EntityRow& row : rows) {
    auto& rules = made.rules_.emplace_back();
    for (const RuleRow& rule : row.rules) {
      Rule compiled{rule.operations, {}, {}, own(rule.constants)};
      for (const Text& path : rule.parameters) compiled.paths.emplace_back(std::string_view(path));
      const std::uint64_t count = rule.parameters.size + rule.constants.size;
      std::string why;
      auto predicate =
          Predicate::read(rule.predicate, rule.parameters.size, rule.constants.size, why);
      // From here on they share one list, session values first.
      if (predicate) {
        const Bytes code = predicate->rebased(0, static_cast<std::uint32_t>(rule.parameters.size));
        predicate = Predicate::read({code.data(), code.size()}, count, why);
      }
      if (!predicate) {
        return Fault{kUnavailable, "a rule of " + std::string(std::string_view(row.name)) +
                                       " is malformed, " + why};
      }
      compiled.predicate = std::move(*predicate);
      rules.push_back(std::move(compiled));
    }
  }
  out = std::move(made);
  return {};
}

Scalars Rules::values(const Rule& rule, const Entities& entities, const Ctx& ctx) {
  Scalars out;
  for (const std::string& path : rule.paths)
    out.push_back(session_value(ctx.session, path, entities));
  out.insert(out.end(), rule.constants.begin(), rule.constants.end());
  return out;
}

void Rules::restrict_read(const Entities& entities, std::uint32_t type, const Ctx& ctx, Bytes& code,
                          Scalars& parameters) const {
  if (ctx.system != 0 || !has_rules(type)) return;
  const bool is_restricted_already = !code.empty();
  int count = 0;
  for (const Rule& rule : rules_[type]) {
    if ((rule.operations & kRuleRead) == 0) continue;
    const auto base = static_cast<std::uint32_t>(parameters.size());
    const Bytes part = rule.predicate.rebased(base, base);
    code.insert(code.end(), part.begin(), part.end());
    const Scalars more = values(rule, entities, ctx);
    parameters.insert(parameters.end(), more.begin(), more.end());
    if (++count > 1) put_op(code, kOpOr);
  }
  if (count == 0) {  // rules, but none to read by
    put_constant(code, static_cast<std::uint32_t>(parameters.size()));
    parameters.push_back(Scalar::of_bool(false));
  }
  if (is_restricted_already) put_op(code, kOpAnd);
}

bool Rules::allows(const Entities& entities, std::uint32_t type, RuleOperation operation,
                   const Ctx& ctx, const IFieldReader& row) const {
  if (ctx.system != 0 || !has_rules(type)) return true;
  for (const Rule& rule : rules_[type]) {
    if ((rule.operations & operation) == 0) continue;
    Verdict verdict = Verdict::kNo;
    if (!rule.predicate.test(row, values(rule, entities, ctx), verdict) && verdict == Verdict::kYes)
      return true;
  }
  return false;
}

}  // namespace flin::store
