// The smallest plugin: one opcode, bound to the built-in answer().
#include <flin/plugin.h>

namespace {

class Hello final : public flin::IPlugin {
 public:
  flin::Status load(flin::IHost&) noexcept override { return {}; }
  flin::Status start() noexcept override { return {}; }
  void stop() noexcept override {}
  void* query(flin::Text) noexcept override { return nullptr; }
  void destroy() noexcept override { delete this; }
};

flin::Status op_answer(flin::IPlugin&, flin::ICall& call, const flin::Value*, std::uint32_t,
                       flin::Value& result) noexcept {
  flin::Plain answer;
  answer.kind = flin::Kind::kInt;
  answer.i = 42;
  result = call.make(answer);
  return {};
}

constexpr flin::OpDecl kOps[] = {
    {"hello.answer", 0, 1, flin::kPure, 0, op_answer, "Gives the answer."}};
constexpr flin::BuiltinDecl kBuiltins[] = {
    {"answer", "() -> int", "hello.answer", flin::kServerTier, flin::kPure, "Gives the answer."}};
constexpr flin::Manifest kManifest = {"hello", "1.0.0",  "The smallest plugin.", {}, {}, kOps,
                                      {},      kBuiltins};

}  // namespace

FLIN_PLUGIN(Hello, kManifest);
