#include "transaction.h"

#include <algorithm>
#include <chrono>

namespace flin::store {
namespace {

// What hangs on a run (ICall::local).
struct Run {
  TransactionRef transaction;
};

void drop_run(void* data) noexcept { delete static_cast<Run*>(data); }

std::int64_t present_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

TransactionRef transaction_of(ICall& call) {
  void** place = call.local(drop_run);
  return place && *place ? static_cast<Run*>(*place)->transaction : nullptr;
}

void set_transaction(ICall& call, TransactionRef transaction) {
  void** place = call.local(drop_run);
  if (place == nullptr) return;
  if (*place == nullptr) *place = new Run;
  static_cast<Run*>(*place)->transaction = std::move(transaction);
}

bool Transaction::has_touched(std::uint32_t type) const {
  return std::any_of(changes_.begin(), changes_.end(),
                     [&](const OwnedChange& change) { return change.type == type; });
}

void Transaction::add(ICall& call, Value record, OwnedChange change) {
  const std::size_t at = changes_.size();
  const bool is_new = change.kind == kCreate;
  if (is_new) {
    const Plain now = borrow(Scalar::of_time(present_time()));
    const Plain times[3] = {now, now, {}};
    // Saved as far as the program can see; the commit brings the true time. It has no error to
    // give: `record` was read already.
    (void)call.refresh(record, {change.id, 1, times});
  }
  changes_.push_back(std::move(change));
  const auto known = std::find_if(records_.begin(), records_.end(), [&](const Record& r) {
    return call.kept(r.handle).bits == record.bits;
  });
  if (known != records_.end())
    known->change = at;
  else
    records_.push_back({call.keep(record), at, is_new});
}

void Transaction::roll_back(ICall& call) {
  const Mark mark = marks_.empty() ? Mark{0, 0} : marks_.back();
  for (std::size_t at = mark.records; at < records_.size(); ++at) {
    const Record& record = records_[at];
    const Plain nothing[3] = {};
    if (record.is_new) (void)call.refresh(call.kept(record.handle), {0, 0, nothing});
    call.forget(record.handle);
  }
  records_.resize(mark.records);
  changes_.resize(mark.changes);
  if (!marks_.empty()) marks_.pop_back();
}

Status Transaction::refresh(ICall& call, const std::vector<Applied>& applied) {
  Status first;
  for (const Record& record : records_) {
    const std::uint32_t kind = record.is_new && changes_[record.change].kind == kUpdate
                                   ? std::uint32_t{kCreate}
                                   : changes_[record.change].kind;
    Status status = refresh_record(call, call.kept(record.handle), kind, applied[record.change]);
    if (!status.ok() && first.ok()) first = std::move(status);
    call.forget(record.handle);
  }
  records_.clear();
  return first;
}

Status refresh_record(ICall& call, Value record, std::uint32_t kind, const Applied& applied) {
  const Plain now = borrow(Scalar::of_time(applied.time));
  Plain times[3] = {now, now, {}};
  const auto present = [&](std::uint32_t field, Plain& out) {
    return call.plain(call.field(record, field), out);
  };
  if (kind != kCreate) {
    if (Status status = present(kFieldCreatedAt, times[0]); !status.ok()) return status;
  }
  if (kind == kUpdate || kind == kDelete) {
    if (Status status = present(kFieldDeletedAt, times[2]); !status.ok()) return status;
    if (kind == kDelete && times[2].kind == Kind::kNone) times[2] = now;
  }
  return call.refresh(record, {applied.id, applied.version, times});
}

}  // namespace flin::store
