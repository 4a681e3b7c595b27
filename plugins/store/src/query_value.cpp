#include "query_value.h"

namespace flin::store {
namespace {

void finalize(void* data) noexcept { delete static_cast<const Query*>(data); }
constexpr ForeignType kQueryType{"query", finalize};

Status wrong(ICall& call, std::string_view expected, Value v) {
  const std::string message =
      "expected " + std::string(expected) + ", found " + std::string(kind_word(call.kind(v)));
  return call.fail(kWrongType, Text(std::string_view(message)));
}

}  // namespace

Status fail(ICall& call, const Fault& fault) {
  return call.fail(fault.code, Text(std::string_view(fault.message)));
}

Status error_with_fields(ICall& call, Status status, const FieldErrors& errors) {
  if (errors.fields.empty()) return status;
  std::vector<Value> parts;
  for (const auto& [field, message] : errors.fields) {
    parts.push_back(call.make(borrow(Scalar::of_text(field))));
    parts.push_back(call.make(borrow(Scalar::of_text(message))));
  }
  const Value fields = call.make_map(parts.data(), errors.fields.size());
  return call.fail_with(status.code(), Text(status.message()), fields);
}

Ctx ctx_of(ICall&) { return {}; }

Value make_query(ICall& call, Query query) {
  return call.make_foreign(kQueryType, new Query(std::move(query)));
}

Status query_of(StorePlugin&, ICall& call, Value v, const Model& model, Query& out) {
  if (const void* held = call.foreign(v, kQueryType)) {
    out = *static_cast<const Query*>(held);
    if (out.type < model.entities.size() && model.entities[out.type].name == out.entity) return {};
    return fail(call, {kUnavailable,
                       "store is not available: the query is of a program that was replaced"});
  }
  if (call.kind(v) != Kind::kText) return wrong(call, "query", v);
  if (Status status = text_of(call, v, out.entity); !status.ok()) return status;
  out.type = find_type(model.entities, out.entity);
  if (out.type != kNoType) return {};
  return fail(call, {kBadArgument, "invalid argument: there is no entity '" + out.entity + "'"});
}

Status text_of(ICall& call, Value v, std::string& out) {
  if (call.kind(v) != Kind::kText) return wrong(call, "text", v);
  Plain plain;
  if (Status status = call.plain(v, plain); !status.ok()) return status;
  out = std::string_view(plain.text);
  return {};
}

Status int_of(ICall& call, Value v, std::int64_t& out) {
  if (call.kind(v) != Kind::kInt) return wrong(call, "int", v);
  Plain plain;
  if (Status status = call.plain(v, plain); !status.ok()) return status;
  out = plain.i;
  return {};
}

Status field_of(ICall& call, Value v, const Entity& entity, std::uint32_t& out) {
  std::string name;
  if (Status status = text_of(call, v, name); !status.ok()) return status;
  name = name.substr(0, name.find('.'));
  out = find_field(entity, name);
  if (out != kNoType) return {};
  return fail(call, {kNoMember, entity.name + " has no member '" + name + "'"});
}

}  // namespace flin::store
