// A query as FLIN code holds it: an immutable plan in a foreign object. Each method makes a new
// one.
#pragma once

#include "flin/plugin.h"
#include "predicate.h"
#include "schema.h"
#include "store_plugin.h"
#include "value.h"

#include <string>
#include <vector>

namespace flin::store {

struct Query {
  std::uint32_t type = 0;
  std::string entity;  // its name: after a reload the number may be another's
  Bytes code;          // every parameter written as a constant
  Scalars parameters;
  std::vector<Order> order;
  std::int64_t limit = -1, offset = 0;
};

Value make_query(ICall& call, Query query);
// What `v` stands for: a query, or the name of an entity (all of it). R0006 for anything else.
Status query_of(StorePlugin& store, ICall& call, Value v, const Model& model, Query& out);

// A text argument; R0006 for another kind.
Status text_of(ICall& call, Value v, std::string& out);
// A field given by name ("title"; of a path, "owner.name", its first part); R0008 when there is
// none.
Status field_of(ICall& call, Value v, const Entity& entity, std::uint32_t& out);
Status int_of(ICall& call, Value v, std::int64_t& out);
Status fail(ICall& call, const Fault& fault);
// `status` with the messages of fields, if there are any, as `error.fields`.
Status error_with_fields(ICall& call, Status status, const FieldErrors& errors);
// For whom the call runs.
Ctx ctx_of(ICall& call);

}  // namespace flin::store
