#include "flin/guard.h"
#include "machine_fixture.h"

#include <stdexcept>

namespace flin::test {
namespace {

struct TestPlugin : IPlugin {
  Status load(IHost&) noexcept override { return {}; }
  Status start() noexcept override { return {}; }
  void stop() noexcept override {}
  void* query(Text) noexcept override { return nullptr; }
  void destroy() noexcept override {}
  int dropped = 0;
  std::uint64_t handle = 0;
};

// plain(x): its kind, then what make() gives back of its plain form.
Status op_plain(IPlugin&, ICall& call, const Value* args, std::uint32_t count,
                Value& result) noexcept {
  std::vector<Plain> plains(count);
  Status status = call.args_plain(plains.data());
  if (!status.ok()) return status;
  std::vector<Value> back;
  for (const Plain& p : plains) back.push_back(call.make(p));
  result = call.make_list(back.data(), back.size());
  (void)args;
  return {};
}
Status op_wait(IPlugin&, ICall& call, const Value*, std::uint32_t, Value&) noexcept {
  call.suspend();
  return {};
}
Status add_one(IPlugin&, ICall& call, Value returned, void* data, Value& result) noexcept;
// Calls f(0), f(1), .. until it gives 3.
Status op_until(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value&) noexcept {
  static_cast<TestPlugin&>(self).handle = call.keep(args[0]);
  Plain zero;
  zero.kind = Kind::kInt;
  const Value n = call.make(zero);
  return call.call_then(args[0], &n, 1, add_one, &self,
                        [](void* data) noexcept { ++static_cast<TestPlugin*>(data)->dropped; });
}
Status add_one(IPlugin& self, ICall& call, Value returned, void* data, Value& result) noexcept {
  Plain p;
  Status status = call.plain(returned, p);
  if (!status.ok()) return status;
  if (p.i == 3) {
    result = returned;
    return {};
  }
  return call.call_then(call.kept(static_cast<TestPlugin&>(self).handle), &returned, 1, add_one,
                        data, [](void* d) noexcept { ++static_cast<TestPlugin*>(d)->dropped; });
}
Status op_fail(IPlugin&, ICall& call, const Value*, std::uint32_t, Value&) noexcept {
  Plain name, message;
  name.kind = message.kind = Kind::kText;
  name.text = "title";
  message.text = "is required";
  const Value pair[] = {call.make(name), call.make(message)};
  return call.fail_with(code('R', 101), "validation failed: title is required",
                        call.make_map(pair, 1));
}
Status throwing(IPlugin&, ICall&, const Value*, std::uint32_t, Value&) {
  throw std::runtime_error("the disk is gone");
}

class CallPorts : public MachineTest {
 protected:
  TestPlugin plugin;

  void SetUp() override {
    MachineTest::SetUp();
    find = [this](std::string_view name, LinkedOp& out) {
      out = {name, "test", &plugin, nullptr, kMaySuspend, 0, kCounted, 1};
      if (name == "test.plain") out.run = op_plain;
      if (name == "test.wait") out.run = op_wait;
      if (name == "test.until") out.run = op_until;
      if (name == "test.fail") out.run = op_fail;
      if (name == "test.throw") out.run = guarded<throwing>;
      return out.run != nullptr;
    };
  }
  std::int64_t ext(Assembler& a, std::string_view name, std::uint32_t args) {
    return static_cast<std::int64_t>(a.import(name, args, 1, kMaySuspend));
  }
};

TEST_F(CallPorts, ScalarsAndCollectionsComeBackFromTheirPlainForm) {
  Assembler a;
  bytecode::Constant money;
  money.tag = bytecode::Tag::kMoney;
  money.i = 1250;
  money.text = "EUR";
  a.main.op(Op::LoadNone)
      .op(Op::LoadTrue)
      .op(Op::LoadInt8, -5)
      .op(Op::LoadConst, static_cast<std::int64_t>(a.number(0.5)));
  a.main.op(Op::LoadConst, static_cast<std::int64_t>(a.constant(money)))
      .op(Op::LoadConst, static_cast<std::int64_t>(a.text("é")))
      .op(Op::LoadInt1);
  a.main.op(Op::CreateList, 1)
      .op(Op::LoadConst, static_cast<std::int64_t>(a.text("k")))
      .op(Op::LoadInt1)
      .op(Op::CreateMap, 1);
  a.main.op(Op::Ext, ext(a, "test.plain", 8)).op(Op::Halt);
  EXPECT_EQ(run(a), "[none, true, -5, 0.5, 12.50 EUR, \"é\", [1], [\"k\": 1]]");
}

TEST_F(CallPorts, ASuspendedOpcodeGoesOnWithItsCompletion) {
  Assembler a;
  a.main.op(Op::LoadInt8, 2)
      .op(Op::LoadNone)
      .op(Op::Ext, ext(a, "test.wait", 1))
      .op(Op::Add)
      .op(Op::Halt);
  EXPECT_EQ(run(a), "suspended");
  EXPECT_EQ(ports.tickets, 1u);
  isolate->heap().collect();
  isolate->complete(
      plugin,
      [](IPlugin&, ICall& call, void* data, Value& result) noexcept {
        Plain p;
        p.kind = Kind::kInt;
        p.i = *static_cast<int*>(data);
        result = call.make(p);
        return Status();
      },
      [] {
        static int n = 40;
        return &n;
      }());
  EXPECT_EQ(outcome(go()), "42");
}

TEST_F(CallPorts, ASuspendedOpcodeCanBeEndedWithAnError) {
  Assembler a;
  const auto handler = a.main.jump(Op::Try);
  a.main.op(Op::LoadNone).op(Op::Ext, ext(a, "test.wait", 1)).op(Op::EndTry);
  const auto over = a.main.jump(Op::Jump);
  a.main.land(handler).land(over).op(Op::Halt);
  EXPECT_EQ(run(a), "suspended");
  isolate->complete_with(isolate->call().fail(code('R', 201), "timed out after 30 s"));
  EXPECT_EQ(outcome(go()), "timed out after 30 s");
}

TEST_F(CallPorts, ALoopOfCallsIsAChainOfThens) {
  Assembler a;
  Code& next = a.function_code("next", 1);
  next.op(Op::LoadLocal, 0).op(Op::Incr).op(Op::Return);
  a.main.op(Op::LoadInt8, 100)
      .op(Op::Closure, static_cast<std::int64_t>(a.constant_of(next)))
      .op(Op::Ext, ext(a, "test.until", 1))
      .op(Op::CreateList, 2)
      .op(Op::Halt);
  limits.gc_stress = true;
  EXPECT_EQ(run(a, 1), "[100, 3]");
  EXPECT_EQ(plugin.dropped, 0);
}

TEST_F(CallPorts, AnErrorInTheFunctionPassesOverThen) {
  Assembler a;
  Code& next = a.function_code("next", 1);
  next.op(Op::LoadInt1).op(Op::LoadInt0).op(Op::Mod).op(Op::Return);
  a.main.op(Op::Closure, static_cast<std::int64_t>(a.constant_of(next)))
      .op(Op::Ext, ext(a, "test.until", 1))
      .op(Op::Halt);
  EXPECT_EQ(run(a), "R0009: division by zero");
  EXPECT_EQ(plugin.dropped, 1);
}

TEST_F(CallPorts, AFailureCarriesItsFields) {
  Assembler a;
  a.main.op(Op::LoadNone).op(Op::Ext, ext(a, "test.fail", 1)).op(Op::Halt);
  EXPECT_EQ(run(a), "R0101: validation failed: title is required");
  ASSERT_EQ(isolate->failure().fields.size(), 1u);
  EXPECT_EQ(isolate->failure().fields[0],
            (std::pair<std::string, std::string>{"title", "is required"}));
}

TEST_F(CallPorts, AnExceptionNamesPluginAndOpcode) {
  Assembler a;
  a.main.op(Op::LoadNone).op(Op::Ext, ext(a, "test.throw", 1)).op(Op::Halt);
  EXPECT_EQ(run(a), "R0501: plugin test failed in test.throw: the disk is gone");
}

// Entity values.
Assembler& with_todo(Assembler& a) {
  const auto text_k = a.type(std::string(1, '\x01')), bool_k = a.type(std::string(1, '\x04')),
             list_k = a.type(std::string("\x10\x01"));
  bytecode::EntityRow todo;
  todo.name = "Todo";
  todo.fields = {{"title", text_k, kFieldRequired, bytecode::kNoIndex, {}},
                 {"done", bool_k, 0, bytecode::kNoIndex, {}},
                 {"tags", list_k, 0, bytecode::kNoIndex, {}}};
  a.chunk().entities = {todo};
  return a;
}

TEST_F(CallPorts, RecordsKnowTheirFieldsAndWhatChanged) {
  Assembler a;
  with_todo(a);
  const auto k = [&](const char* s) { return static_cast<std::int64_t>(a.text(s)); };
  a.main.op(Op::LoadConst, k("Todo"))
      .op(Op::LoadConst, k("title"))
      .op(Op::LoadConst, k("Milk"))
      .op(Op::CreateMap, 1)
      .op(Op::CallNative, a.native("record.new", 2))
      .op(Op::Halt);
  limits.gc_stress = true;
  EXPECT_EQ(run(a), "Todo#0");
  const Value todo = isolate->result();
  ICall& call = isolate->call();
  RecordRef ref;
  ASSERT_TRUE(call.record(todo, ref).ok());
  ASSERT_EQ(ref.changed.size, 1u);
  EXPECT_EQ(ref.changed[0], 0u);
  EXPECT_EQ(show(call.field(todo, 2)), "[]");
  const Plain times[] = {{Kind::kTime, 0, 5, 0, {}}, {Kind::kTime, 0, 6, 0, {}}};
  ASSERT_TRUE(call.refresh(todo, {7, 1, {times, 2}}).ok());
  EXPECT_EQ(show(todo), "Todo#7");
  ASSERT_TRUE(call.record(todo, ref).ok());
  EXPECT_EQ(ref.changed.size, 0u);
  EXPECT_EQ(show(call.field(todo, kFieldUpdatedAt)), "1970-01-01T00:00:00.006Z");

  const std::uint32_t fields[] = {0, 2};
  const Plain values[] = {{Kind::kText, 0, 0, 0, "Tea"}, {Kind::kList, 0, 0, 0, "[\"a\"]"}};
  const Row rows[] = {{8, 2, {values, 2}}};
  const Value list = call.new_records(0, {fields, 2}, {rows, 1});
  EXPECT_EQ(show(list), "[Todo#8]");
  EXPECT_EQ(show(call.field(call.item(list, 0), 2)), "[\"a\"]");
}

TEST_F(CallPorts, PredicatesHaveFieldNumbersForNames) {
  Assembler a;
  with_todo(a);
  bytecode::Constant predicate;
  predicate.tag = bytecode::Tag::kPredicate;
  predicate.text = std::string("\x01\x01\x00\x00\x00\x00\x03\x01\x00\x00\x00\x10", 12);
  predicate.items = {a.text("done"), a.integer(1)};
  const auto k = static_cast<std::int64_t>(a.constant(predicate));
  a.main.op(Op::LoadConst, k).op(Op::Halt);
  EXPECT_EQ(run(a), "<predicate>");
  List<std::uint8_t> bytes;
  List<Plain> parameters;
  ASSERT_TRUE(isolate->call().predicate(isolate->result(), bytes, parameters).ok());
  EXPECT_EQ(std::vector<std::uint8_t>(bytes.begin(), bytes.end()),
            (std::vector<std::uint8_t>{1, 1, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0x10}));
  ASSERT_EQ(parameters.size, 1u);
  EXPECT_EQ(parameters[0].i, 1);
}

}  // namespace
}  // namespace flin::test
