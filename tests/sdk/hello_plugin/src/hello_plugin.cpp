// The smallest plugin: one opcode, bound to the built-in answer().
#include <flin/plugin.h>

namespace {
using namespace flin;

class Hello final : public IPlugin {
 public:
  Status load(IHost&) noexcept override { return {}; }
  Status start() noexcept override { return {}; }
  void stop() noexcept override {}
  void* query(Text) noexcept override { return nullptr; }
  void destroy() noexcept override { delete this; }
};

Status op_answer(IPlugin&, ICall& call, const Value*, std::uint32_t, Value& result) noexcept {
  result = call.make({Kind::kInt, 0, 42, 0, {}});
  return {};
}

constexpr OpDecl kOps[] = {{"hello.answer", 0, 1, kPure, 0, op_answer, "Gives the answer."}};
constexpr BuiltinDecl kBuiltins[] = {
    {"answer", "() -> int", "hello.answer", kServerTier, kPure, "Gives the answer."}};
constexpr Manifest kManifest = {"hello", "1.0.0",  "The smallest plugin.", {}, {}, kOps,
                                {},      kBuiltins};
}  // namespace

FLIN_PLUGIN(Hello, kManifest);
