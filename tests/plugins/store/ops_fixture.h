// The plugin over a backend that another plugin offers as "late", and its opcodes run in a call.
#pragma once

#include "backends/memory_backend.h"
#include "entity_store_fixture.h"
#include "flin/guard.h"
#include "ops.h"
#include "store_plugin.h"
#include "support/fake_call.h"

namespace flin::store::tests {

using testing::FakeCall;
using testing::FakeRecord;

class OpsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    program.table = schema.rows();
    host.settings = {{"backend", "late"}, {"log_keep", "100"}, {"max_rows", "100"}};
    host.give<IProgram>(&program);
    host.give<ISources>(&sources);
    host.give<IStoreBackend>(&late, "late");
    ASSERT_EQ(plugin.load(host).message(), "");
    ASSERT_EQ(host.emit(plugin, {sizeof(Event), kProgramBeforeServed, nullptr}).message(), "");
    ASSERT_EQ(plugin.start().message(), "");
    late.is_delaying = false;
  }

  // The op's value; `failure` has what went wrong.
  Value run(ThrowingOp op, std::vector<Value> args) {
    Value out;
    const std::uint64_t ticket = call.ticket();
    failure = op(plugin, call, args.data(), static_cast<std::uint32_t>(args.size()), out);
    if (failure.ok() && call.ticket() != ticket) {
      ++suspensions;
      late.run_all();
      failure = host.finish(plugin, call, call.ticket(), out);
    }
    return out;
  }
  Value todo(const char* title) {
    FakeRecord record{kTodo};
    record.fields[kTitle] = testing::text(title);
    record.fields[kDone] = testing::boolean(false);
    Plain empty;
    empty.kind = Kind::kList;
    empty.text = "[]";
    record.fields[kTags] = record.fields[kWatchers] = empty;
    return call.new_record(record);
  }
  Value saved(const char* title) { return run(op_save, {todo(title)}); }
  Value all() { return run(op_all, {call.text("Todo")}); }
  // title == first argument and rank is none
  Value titled(const char* title) {
    Value condition = call.new_predicate({kOpField, 1, 0, 0, 0, 0, kOpParameter, 0, kOpEq}, {});
    return run(op_where, {all(), condition, call.text(title)});
  }
  std::vector<std::string> titles(Value list) {
    std::vector<std::string> out;
    for (std::uint64_t at = 0; at < call.size(list); ++at)
      out.push_back(call.field_text(call.item(list, at), kTitle));
    return out;
  }

  testing::Host host;
  testing::FakeProgram program;
  testing::FakeSources sources;
  testing::FakeSchema schema = todo_schema();
  MemoryBackend backend{host};
  DelayingBackend late{backend};
  StorePlugin plugin;
  FakeCall call;
  Status failure;
  int suspensions = 0;
};
using Titles = std::vector<std::string>;

}  // namespace flin::store::tests
