// Opcodes that build queries: each gives a new one. Nothing is read here.
#include "ops.h"
#include "query_value.h"

namespace flin::store {
namespace {

// What an op on a query begins with.
struct Subject {
  std::shared_ptr<const Model> model;  // shared with the store while the op runs
  Query query;

  const Entity& entity() const { return model->entities[query.type]; }
};

Status begin(IPlugin& self, ICall& call, Value first, Subject& out) {
  auto& plugin = static_cast<StorePlugin&>(self);
  out.model = plugin.store().model(call.program());
  if (!out.model) return fail(call, plugin.store().unavailable());
  return query_of(plugin, call, first, *out.model, out.query);
}

Status set_count(IPlugin& self, ICall& call, const Value* args, std::int64_t Query::*place,
                 Value& result) {
  Subject subject;
  if (Status status = begin(self, call, args[0], subject); !status.ok()) return status;
  std::int64_t n = 0;
  if (Status status = int_of(call, args[1], n); !status.ok()) return status;
  if (n < 0)
    return fail(call, {kBadArgument, "invalid argument: " + std::to_string(n) + " is negative"});
  subject.query.*place = n;
  result = make_query(call, std::move(subject.query));
  return {};
}

Status wrong_count(ICall& call, const char* op) {
  return fail(call,
              {kBadArgument, std::string("invalid argument: wrong number of arguments for ") + op});
}

// `03 k` of the compiled code is the k-th constant, `02 i` the i-th argument: both become
// parameters of the query, behind those it has.
Status add_condition(ICall& call, Query& query, Value predicate, const Value* arguments,
                     std::uint32_t count) {
  List<std::uint8_t> code;
  List<Plain> constants;
  if (Status status = call.predicate(predicate, code, constants); !status.ok()) return status;
  std::string why;
  const auto read = Predicate::read(code, count, constants.size, why);
  if (!read || read->is_empty())
    return fail(call, {kBadArgument, "invalid argument: the condition is malformed, " + why});
  const auto base = static_cast<std::uint32_t>(query.parameters.size());
  const Bytes part = read->rebased(base, base + count);
  const bool is_first = query.code.empty();
  query.code.insert(query.code.end(), part.begin(), part.end());
  if (!is_first) put_op(query.code, kOpAnd);
  for (std::uint32_t at = 0; at < count; ++at) {
    Plain plain;
    if (Status status = call.plain(arguments[at], plain); !status.ok()) return status;
    query.parameters.push_back(own(plain));
  }
  for (const Plain& constant : constants) query.parameters.push_back(own(constant));
  return {};
}

}  // namespace

Status op_all(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  Subject subject;
  if (Status status = begin(self, call, args[0], subject); !status.ok()) return status;
  result = make_query(call, std::move(subject.query));
  return {};
}

Status op_where(IPlugin& self, ICall& call, const Value* args, std::uint32_t count, Value& result) {
  if (count < 2) return wrong_count(call, "where");
  Subject subject;
  if (Status status = begin(self, call, args[0], subject); !status.ok()) return status;
  if (Status status = add_condition(call, subject.query, args[1], args + 2, count - 2);
      !status.ok())
    return status;
  result = make_query(call, std::move(subject.query));
  return {};
}

// (query, "due", "desc") or, as one text, (query, "due desc").
Status op_order(IPlugin& self, ICall& call, const Value* args, std::uint32_t count, Value& result) {
  if (count != 2 && count != 3) return wrong_count(call, "order");
  Subject subject;
  if (Status status = begin(self, call, args[0], subject); !status.ok()) return status;
  std::string field, direction = "asc";
  if (Status status = text_of(call, args[1], field); !status.ok()) return status;
  if (count == 3) {
    if (Status status = text_of(call, args[2], direction); !status.ok()) return status;
  } else if (const std::size_t blank = field.find(' '); blank != std::string::npos) {
    direction = field.substr(field.find_last_of(' ') + 1);
    field.resize(blank);
  }
  if (direction != "asc" && direction != "desc") {
    return fail(call,
                {kBadArgument, "invalid argument: the direction is \"asc\" or \"desc\", not \"" +
                                   direction + "\""});
  }
  const std::uint32_t number = find_field(subject.entity(), field);
  if (number == kNoType)
    return fail(call, {kNoMember, subject.query.entity + " has no member '" + field + "'"});
  subject.query.order.push_back({number, direction == "desc" ? 1u : 0u});
  result = make_query(call, std::move(subject.query));
  return {};
}

Status op_limit(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  return set_count(self, call, args, &Query::limit, result);
}

Status op_offset(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  return set_count(self, call, args, &Query::offset, result);
}

}  // namespace flin::store
