// Binds the decl forms guard, middleware, layout and ws, as a server of another kind would: notes
// what it is given at link, runs each function once and asks flin to end. For tests.
#include <flin/agents.h>
#include <flin/events.h>
#include <flin/guard.h>
#include <flin/program.h>

#include <unistd.h>
#include <csignal>
#include <string>
#include <vector>

namespace {
using namespace flin;

std::string shown(const Plain& value) {
  switch (value.kind) {
    case Kind::kNone: return "none";
    case Kind::kInt: return std::to_string(value.i);
    case Kind::kBool: return value.i != 0 ? "true" : "false";
    case Kind::kFunction: return "fn";
    default: return std::string(std::string_view(value.text));
  }
}

class Gate final : public IPlugin {
 public:
  struct Entry {
    std::string name;
    FunctionId function;
    bool takes_data;
  };
  Status load(IHost& host) noexcept override {
    host_ = &host;
    agents_ = service<IAgents>(host);
    program_ = service<IProgram>(host);
    return host.on(kProgramLoaded, 0, on_loaded);
  }
  Status start() noexcept override { return run_from(0); }
  void stop() noexcept override {}
  void* query(Text) noexcept override { return nullptr; }
  void destroy() noexcept override { delete this; }

  void log(const std::string& line) { host_->log(1, Text(std::string_view(line))); }
  std::vector<Entry> entries;  // functions in the order they came

  // Starts them one after the other, each when the one before has ended.
  Status run_from(std::size_t at) {
    if (at == entries.size()) {
      kill(getpid(), SIGTERM);
      return {};
    }
    AgentStart start;
    start.function = entries[at].function;
    Plain data;
    data.kind = Kind::kText;
    data.text = "hello";
    if (entries[at].takes_data) start.arguments = List<Plain>(&data, 1);
    start.context = new Context(*this, at);
    start.name = "gate";
    AgentId id;
    return agents_->start(start, id);
  }

 private:
  class Context final : public IContext {
   public:
    Context(Gate& gate, std::size_t at) : gate_(gate), at_(at) {}
    Status load(ICall& call, std::uint32_t what, Value& out) noexcept override {
      Plain plain;
      plain.kind = Kind::kText;
      plain.text = what == kContextSocket ? "a socket" : "a request";
      out = call.make(plain);
      return {};
    }
    void done(ICall& call, Status error, Value result) noexcept override {
      Plain plain;
      std::string line = gate_.entries[at_].name + " gave ";
      if (!error.ok())
        line += std::string(error.message());
      else
        line += call.plain(result, plain).ok() ? shown(plain) : "something";
      gate_.log(line);
      const Status next = gate_.run_from(at_ + 1);
      if (!next.ok()) gate_.log(std::string(next.message()));
    }
    void destroy() noexcept override { delete this; }

   private:
    Gate& gate_;
    const std::size_t at_;
  };

  // The same rows, as IProgram tells them.
  static Status on_loaded(IPlugin& self, const Event&) noexcept {
    auto& gate = static_cast<Gate&>(self);
    for (const DeclRow& row : gate.program_->decls()) {
      std::string line = "row " + std::string(std::string_view(row.form));
      for (const Plain& operand : row.operands) line += " " + shown(operand);
      gate.log(line + " line " + std::to_string(row.line));
    }
    return {};
  }

  IHost* host_ = nullptr;
  IAgents* agents_ = nullptr;
  IProgram* program_ = nullptr;
};

// Notes a declaration: its plain operands in the log, its functions to be run later.
Status declare(IPlugin& self, ICall& call, const Value* args, std::uint32_t count,
               const char* form) {
  auto& gate = static_cast<Gate&>(self);
  std::string line = form;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string place = std::string(form) + " " + std::to_string(i);
    if (call.kind(args[i]) == Kind::kFunction) {
      gate.entries.push_back({place, call.function_id(args[i]), place == "ws 2"});
      line += " fn";
      continue;
    }
    Plain plain;
    if (Status status = call.plain(args[i], plain); !status.ok()) return status;
    line += " " + (plain.kind == Kind::kText ? "'" + shown(plain) + "'" : shown(plain));
  }
  gate.log(line);
  return {};
}

Status op_guard(IPlugin& self, ICall& call, const Value* args, std::uint32_t count, Value&) {
  return declare(self, call, args, count, "guard");
}
Status op_middleware(IPlugin& self, ICall& call, const Value* args, std::uint32_t count, Value&) {
  return declare(self, call, args, count, "middleware");
}
Status op_layout(IPlugin& self, ICall& call, const Value* args, std::uint32_t count, Value&) {
  return declare(self, call, args, count, "layout");
}
Status op_ws(IPlugin& self, ICall& call, const Value* args, std::uint32_t count, Value&) {
  return declare(self, call, args, count, "ws");
}

Status op_tall(IPlugin&, ICall& call, const Value*, std::uint32_t, Value& result) {
  Plain in[2];
  if (Status status = call.args_plain(in); !status.ok()) return status;
  Plain out;
  out.kind = Kind::kBool;
  out.i = in[0].i > 100 ? 1 : 0;
  result = call.make(out);
  return {};
}

constexpr NeedDecl kNeeds[] = {{IAgents::kId, 0}, {IProgram::kId, 0}};
constexpr OpDecl kOps[] = {
    {"gate.guard", 5, 0, kServer, 0, guarded<op_guard>, "Notes a guard."},
    {"gate.middleware", 2, 0, kServer, 0, guarded<op_middleware>, "Notes a middleware."},
    {"gate.layout", 1, 0, kServer, 0, guarded<op_layout>, "Notes a layout."},
    {"gate.ws", 4, 0, kServer, 0, guarded<op_ws>, "Notes a socket."},
    {"gate.tall", 2, 1, kServer, 0, guarded<op_tall>, "Whether a height is above 100."},
};
constexpr FormDecl kForms[] = {{"guard", "gate.guard"},
                               {"middleware", "gate.middleware"},
                               {"layout", "gate.layout"},
                               {"ws", "gate.ws"}};
constexpr GuardDecl kGuards[] = {
    {"tall", "(height: int, unit: text)", "gate.tall", 418, "By height."}};
constexpr Manifest kManifest = {
    "gate", "1.0.0", "Binds decl forms.", kNeeds, {}, kOps, kForms, {}, {}, {}, kGuards};
}  // namespace

FLIN_PLUGIN(Gate, kManifest);
