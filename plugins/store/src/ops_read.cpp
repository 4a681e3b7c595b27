// Opcodes that run queries.
#include "op_job.h"
#include "ops.h"
#include "query_value.h"
#include "transaction_read.h"

#include <algorithm>
#include <deque>

namespace flin::store {
namespace {

// A query that runs for an op: it owns the plan and gathers what comes.
class ReadOp final : public OpJob, private IRowSink {
 public:
  using Shape = Status (*)(ReadOp& job, ICall& call, Value& out);

  ReadOp(StorePlugin& plugin, ICall& call, Shape shape)
      : OpJob(plugin.host()), store_(plugin.store()), shape_(shape) {
    model_ = store_.model(call.program());
  }

  Query query;
  Aggregate aggregate = kRows;
  std::uint32_t field = kNoField, group = kNoField;
  std::vector<std::uint32_t> fields;  // as asked for

  struct Found {
    std::uint64_t id, version;
    Scalars values;
    std::size_t group;  // number of values() before it
  };
  std::deque<Found> rows;
  std::vector<std::pair<Scalar, Scalar>> values;

  const Model* model() const { return model_.get(); }
  const Entity& entity() const { return model_->entities[query.type]; }

  void run(ICall& call) {
    // First depend, then read: a commit between the two touches the source.
    if (Watches* watches = store_.watches()) {
      call.depend(watches->source(model_->entities, query.type, query.code, query.parameters));
    }
    if (fields.empty()) fields = whole_row(entity());
    parameters_ = borrow(query.parameters);
    Plan plan{};
    plan.type = query.type;
    plan.predicate = {query.code.data(), query.code.size()};
    plan.parameters = {parameters_.data(), parameters_.size()};
    plan.order = {query.order.data(), query.order.size()};
    plan.limit = query.limit;
    plan.offset = query.offset;
    plan.aggregate = aggregate;
    plan.field = field;
    plan.group = group;
    plan.fields = {fields.data(), fields.size()};
    plan_ = plan;
    const TransactionRef transaction = transaction_of(call);
    if (transaction && TransactionRead::is_needed(*transaction, plan_)) {
      TransactionRead::run(store_, transaction, plan_, ctx_of(call), *this, done, this);
      return;
    }
    const Snapshot at = transaction ? transaction->snapshot() : Snapshot{0, 0};
    store_.query(plan_, at, ctx_of(call), *this, done, this);
  }

  // Records of rows from..to (excluded), as one list.
  Value records(ICall& call, std::size_t from, std::size_t to) {
    std::vector<std::vector<Plain>> plains;
    std::vector<Row> out;
    for (std::size_t at = from; at < to; ++at) plains.push_back(borrow(rows[at].values));
    for (std::size_t at = from; at < to; ++at) {
      const std::vector<Plain>& cells = plains[at - from];
      out.push_back({rows[at].id, rows[at].version, {cells.data(), cells.size()}});
    }
    return call.new_records(query.type, {fields.data(), fields.size()}, {out.data(), out.size()});
  }

  void keep(ICall&) override {}
  Status result(ICall& call, Value& out) override {
    if (!status_.ok()) return std::move(status_);
    return shape_(*this, call, out);
  }

 private:
  std::uint32_t row(const Row& row) noexcept override {
    rows.push_back({row.id, row.version, own(row.fields), values.size()});
    return 1;
  }
  std::uint32_t past(const Past&) noexcept override { return 0; }
  void value(const Plain& key, const Plain& value) noexcept override {
    values.emplace_back(own(key), own(value));
  }
  static void done(void* data, Status status) noexcept {
    auto& job = *static_cast<ReadOp*>(data);
    job.status_ = std::move(status);
    job.finished();
  }

  EntityStore& store_;
  std::shared_ptr<const Model> model_;  // shared with the store
  const Shape shape_;
  std::vector<Plain> parameters_;
  Plan plan_{};
  Status status_;
};

Status all_rows(ReadOp& job, ICall& call, Value& out) {
  out = job.records(call, 0, job.rows.size());
  return {};
}

Status first_row(ReadOp& job, ICall& call, Value& out) {
  out = job.rows.empty() ? call.make({}) : call.item(job.records(call, 0, 1), 0);
  return {};
}

// The last row: with a limit or offset the query had to run whole.
Status last_row(ReadOp& job, ICall& call, Value& out) {
  const std::size_t size = job.rows.size();
  out = size == 0 ? call.make({}) : call.item(job.records(call, size - 1, size), 0);
  return {};
}

Status one_value(ReadOp& job, ICall& call, Value& out) {
  out = call.make(job.values.empty() ? Plain() : borrow(job.values[0].second));
  return {};
}

Status list_of_values(ReadOp& job, ICall& call, Value& out) {
  std::vector<Value> items;
  for (const auto& [group, value] : job.values) items.push_back(call.make(borrow(value)));
  out = call.make_list(items.data(), items.size());
  return {};
}

Status map_of_values(ReadOp& job, ICall& call, Value& out) {
  std::vector<Value> parts;
  for (const auto& [group, value] : job.values) {
    parts.push_back(call.make(borrow(group)));
    parts.push_back(call.make(borrow(value)));
  }
  out = call.make_map(parts.data(), job.values.size());
  return {};
}

Status map_of_rows(ReadOp& job, ICall& call, Value& out) {
  std::vector<Value> parts;
  std::size_t from = 0;
  for (std::size_t at = 0; at < job.values.size(); ++at) {
    std::size_t to = from;
    while (to < job.rows.size() && job.rows[to].group == at + 1) ++to;
    parts.push_back(call.make(borrow(job.values[at].first)));
    parts.push_back(job.records(call, from, to));
    from = to;
  }
  out = call.make_map(parts.data(), job.values.size());
  return {};
}

// An op on a query: job with its plan, or why there is none.
Status begin(IPlugin& self, ICall& call, Value first, ReadOp::Shape shape,
             std::unique_ptr<ReadOp>& out) {
  auto& plugin = static_cast<StorePlugin&>(self);
  out = std::make_unique<ReadOp>(plugin, call, shape);
  if (!out->model()) return fail(call, plugin.store().unavailable());
  return query_of(plugin, call, first, *out->model(), out->query);
}

Status answer(IPlugin& self, ICall& call, std::unique_ptr<ReadOp> job, Value& result) {
  job->run(call);
  return OpJob::answer(std::move(job), self, call, result);
}

Status run_simple(IPlugin& self, ICall& call, Value query, Aggregate aggregate, Value& result) {
  std::unique_ptr<ReadOp> job;
  if (Status status = begin(self, call, query, one_value, job); !status.ok()) return status;
  job->aggregate = aggregate;
  return answer(self, call, std::move(job), result);
}

void want_id(Query& query, std::uint64_t id) {
  query.code.clear();
  query.parameters = {Scalar::of_int(static_cast<std::int64_t>(id))};
  put_field(query.code, {kFieldId});
  put_constant(query.code, 0);
  put_op(query.code, kOpEq);
}

bool find_fold(std::string_view word, Aggregate& out) {
  constexpr std::pair<std::string_view, Aggregate> kFolds[] = {
      {"sum", kSum}, {"avg", kAvg}, {"min", kMin}, {"max", kMax}};
  for (const auto& [name, fold] : kFolds) {
    if (name == word) return out = fold, true;
  }
  return false;
}

Status unknown(ICall& call, const std::string& word) {
  return fail(call, {kBadArgument, "invalid argument: there is no aggregate '" + word + "'"});
}

}  // namespace

Status op_run(IPlugin& self, ICall& call, const Value* args, std::uint32_t count, Value& result) {
  if (count == 0) return fail(call, {kBadArgument, "invalid argument: run needs a query"});
  std::unique_ptr<ReadOp> job;
  if (Status status = begin(self, call, args[0], all_rows, job); !status.ok()) return status;
  for (std::uint32_t at = 1; at < count; ++at) {
    std::uint32_t field = 0;
    if (Status status = field_of(call, args[at], job->entity(), field); !status.ok()) return status;
    const bool is_known =
        std::find(job->fields.begin(), job->fields.end(), field) != job->fields.end();
    if (!is_known) job->fields.push_back(field);
  }
  return answer(self, call, std::move(job), result);
}

Status op_find(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  std::unique_ptr<ReadOp> job;
  if (Status status = begin(self, call, args[0], first_row, job); !status.ok()) return status;
  std::int64_t id = 0;
  if (Status status = int_of(call, args[1], id); !status.ok()) return status;
  if (id <= 0) {
    result = call.make({});
    return {};
  }
  want_id(job->query, static_cast<std::uint64_t>(id));
  return answer(self, call, std::move(job), result);
}

Status op_first(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  std::unique_ptr<ReadOp> job;
  if (Status status = begin(self, call, args[0], first_row, job); !status.ok()) return status;
  if (job->query.limit != 0) job->query.limit = 1;
  return answer(self, call, std::move(job), result);
}

Status op_last(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  std::unique_ptr<ReadOp> job;
  if (Status status = begin(self, call, args[0], last_row, job); !status.ok()) return status;
  Query& query = job->query;
  if (query.limit < 0 && query.offset == 0) {  // the first one of the order turned round
    for (Order& order : query.order) order.descending = order.descending ? 0 : 1;
    query.order.push_back({kFieldId, 1});
    query.limit = 1;
  }
  return answer(self, call, std::move(job), result);
}

Status op_count(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  return run_simple(self, call, args[0], kCount, result);
}

Status op_exists(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  return run_simple(self, call, args[0], kExists, result);
}

Status op_aggregate(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  std::unique_ptr<ReadOp> job;
  std::string word;
  if (Status status = begin(self, call, args[0], one_value, job); !status.ok()) return status;
  if (Status status = text_of(call, args[1], word); !status.ok()) return status;
  if (!find_fold(word, job->aggregate)) return unknown(call, word);
  if (Status status = field_of(call, args[2], job->entity(), job->field); !status.ok())
    return status;
  return answer(self, call, std::move(job), result);
}

Status op_distinct(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  std::unique_ptr<ReadOp> job;
  if (Status status = begin(self, call, args[0], list_of_values, job); !status.ok()) return status;
  job->aggregate = kDistinct;
  if (Status status = field_of(call, args[1], job->entity(), job->field); !status.ok())
    return status;
  return answer(self, call, std::move(job), result);
}

// (query, field): map to lists of entities; with "count": to ints; with "sum", field2: to sums.
Status op_group(IPlugin& self, ICall& call, const Value* args, std::uint32_t count, Value& result) {
  if (count < 2 || count > 4)
    return fail(call, {kBadArgument, "invalid argument: wrong number of arguments for group"});
  std::unique_ptr<ReadOp> job;
  if (Status status = begin(self, call, args[0], count == 2 ? map_of_rows : map_of_values, job);
      !status.ok())
    return status;
  if (Status status = field_of(call, args[1], job->entity(), job->group); !status.ok())
    return status;
  job->aggregate = kGroup;
  if (count > 2) {
    std::string word;
    if (Status status = text_of(call, args[2], word); !status.ok()) return status;
    if (word != (count == 3 ? "count" : "sum")) return unknown(call, word);
    job->aggregate = count == 3 ? kGroupCount : kGroupSum;
  }
  if (count == 4) {
    if (Status status = field_of(call, args[3], job->entity(), job->field); !status.ok())
      return status;
  }
  return answer(self, call, std::move(job), result);
}

// L 20.8: a reference is an entity that has an id and no version yet; all else passes unchanged.
Status op_load(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  result = args[0];
  if (call.kind(args[0]) != Kind::kRecord) return {};
  RecordRef ref;
  if (Status status = call.record(args[0], ref); !status.ok()) return status;
  if (ref.id == 0 || ref.version != 0) return {};
  auto& plugin = static_cast<StorePlugin&>(self);
  auto job = std::make_unique<ReadOp>(plugin, call, first_row);
  if (!job->model() || ref.type >= job->model()->entities.size())
    return fail(call, plugin.store().unavailable());
  job->query.type = ref.type;
  want_id(job->query, ref.id);
  return answer(self, call, std::move(job), result);
}

}  // namespace flin::store
