#include "transaction_read.h"

#include "rules.h"

#include <algorithm>
#include <set>

namespace flin::store {
namespace {

// Types that the plan's references lead through.
std::set<std::uint32_t> types_through(const Entities& entities, const Plan& plan,
                                      const Predicate& predicate) {
  std::set<std::uint32_t> out;
  for (const FieldPath& path : predicate.paths()) {
    std::uint32_t type = plan.type;
    for (std::size_t at = 0; at + 1 < path.size(); ++at) {
      if (type >= entities.size() || path[at] >= entities[type].fields.size()) break;
      type = entities[type].fields[path[at]].target;
      out.insert(type);
    }
  }
  return out;
}

Predicate predicate_of(const Plan& plan) {
  std::string why;
  auto read = Predicate::read(plan.predicate, plan.parameters.size, why);
  return read ? std::move(*read) : Predicate();  // malformed: the backend says so
}

class FoundRows final : public IMoment {
 public:
  explicit FoundRows(const std::map<Place, std::shared_ptr<Version>>& rows) : rows_(rows) {}
  VersionRef version(std::uint32_t table, std::uint64_t id) const override {
    const auto row = rows_.find({table, id});
    return row == rows_.end() ? nullptr : row->second;
  }

 private:
  const std::map<Place, std::shared_ptr<Version>>& rows_;
};

// Passes on as many rows and values as a query may give.
class LimitedRows final : public IRowSink {
 public:
  LimitedRows(IRowSink& out, std::int64_t most) : out_(out), most_(most) {}
  bool has_too_many() const { return count_ > most_; }
  std::uint32_t row(const Row& row) noexcept override {
    return ++count_ <= most_ ? out_.row(row) : 0;
  }
  std::uint32_t past(const Past&) noexcept override { return 0; }
  void value(const Plain& group, const Plain& value) noexcept override {
    if (++count_ <= most_) out_.value(group, value);
  }

 private:
  IRowSink& out_;
  const std::int64_t most_;
  std::int64_t count_ = 0;
};

std::optional<std::int64_t> time_in(const Plain& value) {
  return value.kind == Kind::kTime ? std::optional(value.i) : std::nullopt;
}

}  // namespace

bool TransactionRead::is_needed(const Transaction& transaction, const Plan& plan) {
  if (transaction.changes().empty()) return false;
  if (transaction.has_touched(plan.type)) return true;
  for (const std::uint32_t type :
       types_through(transaction.model().entities, plan, predicate_of(plan))) {
    if (transaction.has_touched(type)) return true;
  }
  return false;
}

void TransactionRead::run(EntityStore& store, TransactionRef transaction, const Plan& plan,
                          const Ctx& ctx, IRowSink& rows, QueryDone done, void* data) {
  auto* job = new TransactionRead(store, std::move(transaction), plan, ctx, rows, done, data);
  auto binding = std::make_shared<Binding>();
  // Onto no tables at all every program fits, each type in the table of its number.
  (void)bind(job->tables_, job->transaction_->model().entities, *binding);
  job->binding_ = std::move(binding);
  job->plan_fetches();
  job->go_on();
}

TransactionRead::TransactionRead(EntityStore& store, TransactionRef transaction, const Plan& plan,
                                 const Ctx& ctx, IRowSink& rows, QueryDone done, void* data)
    : store_(store),
      transaction_(std::move(transaction)),
      plan_(plan),
      session_(std::string_view(ctx.session)),
      system_(ctx.system),
      rows_(rows),
      done_(done),
      data_(data) {}

// The rows that match, those that may match once they are changed, and all that references may
// lead to.
void TransactionRead::plan_fetches() {
  const std::set<std::uint32_t> through =
      types_through(transaction_->model().entities, plan_, predicate_of(plan_));
  const bool is_led_to_changes =
      std::any_of(through.begin(), through.end(),
                  [this](std::uint32_t type) { return transaction_->has_touched(type); });
  for (const std::uint32_t type : through) {
    if (type != plan_.type) fetches_.push_back({type, {}, {}});
  }
  if (is_led_to_changes || through.count(plan_.type) != 0) {
    fetches_.push_back({plan_.type, {}, {}});
  } else {
    fetches_.push_back(
        {plan_.type, {plan_.predicate.begin(), plan_.predicate.end()}, own(plan_.parameters)});
  }
  std::set<Place> touched;
  for (const OwnedChange& change : transaction_->changes()) touched.emplace(change.type, change.id);
  for (const auto& [type, id] : touched) {
    if (type == plan_.type || through.count(type) != 0) fetch_id(type, id);
  }
}

void TransactionRead::fetch_id(std::uint32_t type, std::uint64_t id) {
  Fetch fetch{type, {}, {Scalar::of_int(static_cast<std::int64_t>(id))}};
  put_field(fetch.code, {kFieldId});
  put_constant(fetch.code, 0);
  put_op(fetch.code, kOpEq);
  fetches_.push_back(std::move(fetch));
}

void TransactionRead::go_on() {
  while (next_ < fetches_.size() && status_.ok()) {
    const Fetch& fetch = fetches_[next_];
    plains_ = borrow(fetch.parameters);
    Plan plan{};
    plan.type = fetch.type;
    plan.predicate = {fetch.code.data(), fetch.code.size()};
    plan.parameters = {plains_.data(), plains_.size()};
    plan.limit = -1;
    plan.aggregate = kRows;
    plan.field = plan.group = kNoField;
    handshake_.reset();
    const Ctx ctx{Text(std::string_view(session_)), system_};
    store_.query_all(plan, transaction_->snapshot(), ctx, *this, fetched, this);
    if (!handshake_.is_second()) return;  // fetched() goes on
  }
  if (!status_.ok()) return finish(std::move(status_));
  evaluate();
}

std::uint32_t TransactionRead::row(const Row& row) noexcept {
  const std::uint32_t type = fetches_[next_].type;
  const std::size_t count = tables_[type].columns.size();
  auto version = std::make_shared<Version>();
  version->number = row.version;
  for (std::size_t at = 0; at < count; ++at) version->cells.push_back(own(row.fields[at]));
  version->created_at = time_in(row.fields[count]).value_or(0);
  version->from = time_in(row.fields[count + 1]).value_or(0);
  version->deleted_at = time_in(row.fields[count + 2]);
  found_[{type, row.id}] = std::move(version);
  return 1;
}

void TransactionRead::fetched(void* data, Status status) noexcept {
  auto& job = *static_cast<TransactionRead*>(data);
  job.status_ = std::move(status);
  ++job.next_;
  if (job.handshake_.is_second()) job.go_on();
}

void TransactionRead::evaluate() {
  for (const OwnedChange& change : transaction_->changes()) apply(change);
  Selection selection;
  MaybeFault fault = read_plan(plan_, *binding_, selection);
  if (!fault) fault = select(selection);
  LimitedRows limited(rows_, store_.limits().max_rows);
  if (!fault) fault = deliver(shape_of(tables_, binding_, plan_.type), selection, limited);
  if (!fault && limited.has_too_many()) fault = too_many_rows(store_.limits().max_rows);
  finish(fault ? store_.fail(*fault) : Status());
}

void TransactionRead::apply(const OwnedChange& change) {
  const Place place{change.type, change.id};
  if (change.kind == kDestroy) {
    found_.erase(place);
    return;
  }
  if (change.kind == kCreate) {
    auto version = std::make_shared<Version>();
    for (const Column& column : tables_[change.type].columns)
      version->cells.push_back(column.initial);
    found_[place] = std::move(version);
  }
  const auto row = found_.find(place);
  if (row == found_.end()) return;  // not there at the snapshot: the commit will say so
  Version& version = *row->second;
  ++version.number;
  for (const FieldWrite& write : change.fields) version.cells[write.field] = write.value;
  if (change.kind == kDelete) version.deleted_at = version.from;
  if (change.kind == kRestore) version.deleted_at.reset();
}

MaybeFault TransactionRead::select(Selection& selection) {
  const FoundRows moment(found_);
  Selector selector(tables_, *binding_, moment, selection);
  const Ctx ctx{Text(std::string_view(session_)), system_};
  const TableShape shape = shape_of(tables_, binding_, plan_.type);
  const std::vector<std::uint32_t> fields = whole_row(transaction_->model().entities[plan_.type]);
  RowBuffer buffer;
  for (const auto& [place, version] : found_) {
    if (place.first != plan_.type) continue;
    const Row& row = buffer.fill(shape, {place.second, version}, fields);
    const Model& model = transaction_->model();
    if (!model.rules.allows(model.entities, plan_.type, kRuleRead, ctx, WholeRow(row))) continue;
    if (MaybeFault fault = selector.consider(place.second, version)) return fault;
  }
  return {};
}

void TransactionRead::finish(Status status) {
  done_(data_, std::move(status));
  delete this;
}

}  // namespace flin::store
