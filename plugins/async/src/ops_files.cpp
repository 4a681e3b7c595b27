// Files and sleep.
#include "async_plugin.h"
#include "files.h"
#include "ops.h"
#include "ticket_job.h"

#include <algorithm>

namespace flin::async {
namespace {

Value text_value(ICall& call, std::string_view text) {
  Plain plain;
  plain.kind = Kind::kText;
  plain.text = text;
  return call.make(plain);
}

// One call of Files: `work` on a worker, `give` with what it found.
class FileJob : public TicketJob {
 public:
  explicit FileJob(Files files) : files(std::move(files)) {}
  void run() override { failure = work(); }
  Status result(ICall& call, Value& out) override {
    if (failure.code != 0) return failed(call, failure);
    out = give(call);
    return {};
  }

  Files files;
  std::string path, text;
  Failure failure;

 protected:
  virtual Failure work() = 0;
  virtual Value give(ICall&) { return {}; }
};

struct ReadJob final : FileJob {
  using FileJob::FileJob;
  Failure work() override { return files.read(path, text); }
  Value give(ICall& call) override { return text_value(call, text); }
};
struct WriteJob final : FileJob {
  using FileJob::FileJob;
  Failure work() override { return files.write(path, text); }
};
struct AppendJob final : FileJob {
  using FileJob::FileJob;
  Failure work() override { return files.append(path, text); }
};
struct RemoveJob final : FileJob {
  using FileJob::FileJob;
  Failure work() override { return files.remove(path); }
};
struct ExistsJob final : FileJob {
  using FileJob::FileJob;
  Failure work() override { return files.exists(path, found); }
  Value give(ICall& call) override {
    Plain plain;
    plain.kind = Kind::kBool;
    plain.i = found ? 1 : 0;
    return call.make(plain);
  }
  bool found = false;
};
struct ListJob final : FileJob {
  using FileJob::FileJob;
  Failure work() override { return files.list(path, names); }
  Value give(ICall& call) override {
    std::vector<Value> values;
    for (const std::string& name : names) values.push_back(text_value(call, name));
    return call.make_list(values.data(), values.size());
  }
  std::vector<std::string> names;
};

template <class Job>
Status start(IPlugin& self, ICall& call, const Value* args, std::uint32_t count) {
  auto& plugin = static_cast<AsyncPlugin&>(self);
  auto job = std::make_unique<Job>(plugin.files());
  for (std::uint32_t i = 0; i < count && i < 2; ++i) {
    Plain plain;
    if (Status status = call.plain(args[i], plain); !status.ok()) return status;
    (i == 0 ? job->path : job->text) = std::string(std::string_view(plain.text));
  }
  return TicketJob::start(std::move(job), plugin, call);
}

Status wake(IPlugin&, ICall&, void*, Value&) noexcept { return {}; }

}  // namespace

Status op_read_file(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return start<ReadJob>(self, call, args, n);
}
Status op_write_file(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return start<WriteJob>(self, call, args, n);
}
Status op_append_file(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return start<AppendJob>(self, call, args, n);
}
Status op_remove_file(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return start<RemoveJob>(self, call, args, n);
}
Status op_file_exists(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return start<ExistsJob>(self, call, args, n);
}
Status op_list_dir(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return start<ListJob>(self, call, args, n);
}

// A duration, or milliseconds as an int. A time that is over passes at once, by way of the others.
Status op_sleep(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value&) {
  auto& plugin = static_cast<AsyncPlugin&>(self);
  Plain plain;
  if (Status status = call.plain(args[0], plain); !status.ok()) return status;
  const std::uint64_t ticket = call.suspend();
  IHost& host = plugin.host();
  plugin.timers().after(std::max<std::int64_t>(plain.i, 0),
                        [&host, ticket] { host.complete(ticket, wake, nullptr, nullptr); });
  return {};
}

}  // namespace flin::async
