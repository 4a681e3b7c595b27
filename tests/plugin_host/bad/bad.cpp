// One source, many bad plugins: the build picks the fault (CMakeLists.txt). Without any it is a
// plugin that does nothing well.
#include "flin/plugin.h"

#include <cstddef>

#ifndef SAID_ID
#define SAID_ID PLUGIN_ID
#endif
#ifndef ENTRY_MAGIC
#define ENTRY_MAGIC FLIN_ABI_MAGIC
#endif
#ifndef ENTRY_MAJOR
#define ENTRY_MAJOR FLIN_ABI_MAJOR
#endif
#ifndef ENTRY_MINOR
#define ENTRY_MINOR FLIN_ABI_MINOR
#endif
#ifndef ENTRY_TOOLCHAIN
#define ENTRY_TOOLCHAIN FLIN_TOOLCHAIN
#endif
#ifndef ENTRY_SIZE
#define ENTRY_SIZE sizeof(flin_plugin_entry)
#endif
#ifndef MANIFEST_SIZE
#define MANIFEST_SIZE sizeof(Manifest)
#endif
#ifndef HANDS_OUT
#define HANDS_OUT 1
#endif
#ifndef OP_NAME
#define OP_NAME PLUGIN_ID ".x"
#endif
#ifndef FORM_OP
#define FORM_OP PLUGIN_ID ".x"
#endif
#ifndef OFFER_NAME
#define OFFER_NAME ""
#endif

namespace {

using namespace flin;

class Bad final : public IPlugin {
 public:
  Status load(IHost& host) noexcept override {
    host_ = &host;
#if defined(FAULT_REFUSES)
    return host.fail(code('R', 7), "port 80 is taken");
#elif defined(FAULT_NULL_HANDLER)
    return host.on("test.happened", 0, nullptr);
#elif defined(FAULT_REFUSES_VALUE)
    return host.fail(code('S', 102), "setting " PLUGIN_ID
                                     ".port cannot be '70000': it takes an int from 0 to 65535");
#else
    return {};
#endif
  }
  Status start() noexcept override {
#if defined(FAULT_LATE_ON)
    return host_->on("test.happened", 0, nullptr);
#elif defined(FAULT_LATE)
    return host_->fail(code('R', 7), "port 80 is taken");
#else
    return {};
#endif
  }
  void stop() noexcept override { host_->log(1, "stop"); }
  void* query(Text) noexcept override { return HANDS_OUT ? this : nullptr; }
  void destroy() noexcept override { delete this; }

 private:
  IHost* host_ = nullptr;
};

[[maybe_unused]] Status op_x(IPlugin&, ICall&, const Value*, std::uint32_t, Value&) noexcept {
  return {};
}
[[maybe_unused]] std::uint32_t fits(IPlugin&, const Plain&, List<Plain>) noexcept { return 1; }

constexpr OpDecl kOps[] = {
    {OP_NAME, 0, 0, 0, 0, op_x, ""},
#ifdef FAULT_DOUBLE_OP
    {OP_NAME, 1, 0, 0, 0, op_x, ""},
#endif
};
constexpr SettingDecl kSettings[] = {{"port", "80", "Port to listen on", kIntSetting, 1}};
#ifdef NEEDS
constexpr NeedDecl kNeeds[] = {{NEEDS, 0}};
#else
constexpr List<NeedDecl> kNeeds = {};
#endif
#ifdef OFFERS
constexpr OfferDecl kOffers[] = {{OFFERS, OFFER_NAME}};
#else
constexpr List<OfferDecl> kOffers = {};
#endif
#ifdef BINDS_FORM
constexpr FormDecl kForms[] = {{BINDS_FORM, FORM_OP}};
#else
constexpr List<FormDecl> kForms = {};
#endif
#ifdef BINDS_BUILTIN
constexpr BuiltinDecl kBuiltins[] = {{BINDS_BUILTIN, "() -> int", OP_NAME, kServerTier, 0, ""}};
#else
constexpr List<BuiltinDecl> kBuiltins = {};
#endif
#ifdef BINDS_VALIDATOR
constexpr ValidatorDecl kValidators[] = {{BINDS_VALIDATOR, "text", "()", fits, "must fit", ""}};
#else
constexpr List<ValidatorDecl> kValidators = {};
#endif
#ifdef BINDS_GUARD
constexpr GuardDecl kGuards[] = {{BINDS_GUARD, "()", OP_NAME, 403, ""}};
#else
constexpr List<GuardDecl> kGuards = {};
#endif
#ifdef BINDS_TYPE
constexpr TypeDecl kTypes[] = {{BINDS_TYPE, "{ n: int }"}};
#else
constexpr List<TypeDecl> kTypes = {};
#endif

[[maybe_unused]] constexpr Manifest kManifest = {
    SAID_ID,   "1.0",     "Commits one fault.", kNeeds,  kOffers, kOps, kForms,
    kBuiltins, kSettings, kValidators,          kGuards, kTypes};

[[maybe_unused]] void* create() noexcept {
#ifdef FAULT_NOT_CREATED
  return nullptr;
#else
  return static_cast<IPlugin*>(new (std::nothrow) Bad);
#endif
}

}  // namespace

#ifndef FAULT_NO_SYMBOL
extern "C" FLIN_EXPORT const flin_plugin_entry flin_plugin = {
    ENTRY_MAGIC,   ENTRY_MAJOR,     ENTRY_MINOR, ENTRY_SIZE,
    MANIFEST_SIZE, ENTRY_TOOLCHAIN, &kManifest,  create};
#endif
