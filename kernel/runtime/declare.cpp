#include "runtime/declare.h"

#include "runtime/call_port.h"
#include "runtime/linked.h"

namespace flin::runtime {

namespace {

// There is no agent: nothing can wait, depend or ask for a request.
class NoAgent final : public Ports {
 public:
  std::uint64_t suspend(const IPlugin&, std::uint32_t) override { return 0; }
  AgentId agent() override { return {}; }
  void** local(const IPlugin&, DropFn) override { return &nothing_; }
  void depend(std::uint64_t) override {}
  void committed(std::uint64_t) override {}
  Status context(ICall& call, std::uint32_t, Value&) override {
    return call.fail(code('R', 14), "invalid argument: there is no request in a declaration");
  }
  PortResult live_value(Isolate&, std::uint32_t, const Value*, std::uint32_t, Value&) override {
    return PortResult::kFailed;
  }
  bool form_fields(Isolate&, std::uint32_t, const Value*, std::uint32_t) override { return false; }
  void body_begins(Isolate&) override {}

 private:
  void* nothing_ = nullptr;
};

// A constant, a function, or none for what was left out.
Value operand(const Program::Linked& linked, std::uint32_t k) {
  if (k == bytecode::kNoIndex) return kNone;
  const bytecode::Constant& constant = linked.chunk.constants[k];
  if (constant.tag != bytecode::Tag::kFunction) return linked.constants[k];
  return from_object(linked.functions[static_cast<std::size_t>(constant.i)].closure);
}

Result<void> declare_one(CallPort& port, const Program::Linked& linked,
                         const bytecode::DeclRow& row) {
  if (row.import == bytecode::kNoIndex) return {};  // the kernel's own: on start, on stop
  std::vector<Value> args;
  for (const std::uint32_t k : row.operand_ks) args.push_back(operand(linked, k));
  if (row.function != bytecode::kNoIndex)
    args.push_back(from_object(linked.functions[row.function].closure));
  const LinkedOp& op = linked.ops[row.import];
  const auto count = static_cast<std::uint32_t>(args.size());
  Value result = kNone;
  port.begin(op, args.data(), count);
  const Status status = op.run(*op.self, port, args.data(), count, result);
  const CallPort::Pending pending = port.take_pending();
  if (pending.then.drop != nullptr) pending.then.drop(pending.then.data);
  const std::string place = row.file + ":" + std::to_string(row.line) + ": ";
  if (!status.ok()) return Error{status.code(), place + std::string(status.message())};
  if (port.take_suspended() || pending.is_call)
    return Error{code('R', 501), place + "plugin " + std::string(op.owner) + " failed in " +
                                     std::string(op.name) + ": a declaration cannot wait"};
  return {};
}

}  // namespace

Result<void> declare(const std::shared_ptr<const Program>& program) {
  NoAgent ports;
  Isolate isolate;
  isolate.reset(program, ports);
  auto& port = static_cast<CallPort&>(isolate.call());
  const Program::Linked& linked = program->linked();
  for (const bytecode::DeclRow& row : linked.chunk.decls)
    if (Result<void> done = declare_one(port, linked, row); !done.ok()) return done;
  return {};
}

}  // namespace flin::runtime
