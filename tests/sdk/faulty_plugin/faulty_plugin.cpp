// Commits one fault, named by FAULT_..: for the test of `flin plugin check`.
#include <flin/guard.h>
#include <flin/plugin.h>

#include <csignal>

namespace {
using namespace flin;

class Faulty final : public IPlugin {
 public:
  Status load(IHost&) noexcept override { return {}; }
  Status start() noexcept override { return {}; }
  void stop() noexcept override {}
  void* query(Text) noexcept override { return nullptr; }
  void destroy() noexcept override { delete this; }
};

Status op_work(IPlugin&, ICall& call, const Value* args, std::uint32_t count, Value& result) {
  Plain plain;
  static_cast<void>(count);
#ifdef FAULT_CRASHES
  if (call.plain(args[0], plain).ok() && plain.kind == Kind::kText && plain.text.size > 1000)
    raise(SIGSEGV);
#endif
#ifdef FAULT_OVERFLOWS  // only AddressSanitizer sees it
  auto* bytes = new char[8];
  volatile std::size_t at = 8;
  if (call.plain(args[0], plain).ok()) bytes[at] = 1;
  delete[] bytes;
#endif
#ifdef FAULT_SUSPENDS
  static_cast<void>(call.suspend());
#endif
  result = call.make(plain);
  static_cast<void>(args);
  return {};
}
[[maybe_unused]] std::uint32_t holds(IPlugin&, const Plain& value, List<Plain> arguments) noexcept {
#ifdef FAULT_VALIDATOR
  if (value.i == -1) raise(SIGFPE);
#endif
  return value.i >= arguments[0].i ? 1 : 0;
}

constexpr OpDecl kOps[] = {{PLUGIN_ID ".work", 1, 1, 0, 0, guarded<op_work>, "Works."}};
#ifdef FAULT_VALIDATOR
constexpr ValidatorDecl kValidators[] = {
    {"above", "int", "(n: int)", holds, "must be above {0}", "A lower bound."}};
constexpr Manifest kManifest = {PLUGIN_ID, "1.0.0", "Commits one fault.", {}, {}, kOps, {},
                                {},        {},      kValidators};
#elif defined(FAULT_MANIFEST)
constexpr OpDecl kBadOps[] = {
    {PLUGIN_ID ".work", 1, 1, kPure | kWrites, 0, guarded<op_work>, ""},
    {PLUGIN_ID ".two words", 1, 2, kLeaf | kMaySuspend, 0, guarded<op_work>, "Two."}};
constexpr BuiltinDecl kBuiltins[] = {{"do work", "text -> text", PLUGIN_ID ".gone", 9, 0, "Does."}};
constexpr FormDecl kForms[] = {{"sing", PLUGIN_ID ".work"}};
constexpr SettingDecl kSettings[] = {{"port", "many", "A port.", kIntSetting, 1},
                                     {"host", "here", "A host.", kTextSetting, 1}};
constexpr Manifest kManifest = {PLUGIN_ID, "",       "Commits one fault.", {}, {}, kBadOps, kForms,
                                kBuiltins, kSettings};
#else
constexpr Manifest kManifest = {PLUGIN_ID, "1.0.0", "Commits one fault.", {}, {}, kOps};
#endif
}  // namespace

FLIN_PLUGIN(Faulty, kManifest);
