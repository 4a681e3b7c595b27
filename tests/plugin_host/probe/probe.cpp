// A good plugin for tests: logs each step of its life, lets the test use its IHost, and handles the
// events test.happened, before_test and shop.before_sale as its settings say.
#include "probe/probe.h"

#include "flin/events.h"
#include "flin/guard.h"

#include <stdexcept>
#include <string>

namespace {

using namespace flin;

#ifndef PROBE_OFFERS
#define PROBE_OFFERS "flin.test.INothing/1"
#define PROBE_OFFER_NAME PLUGIN_ID
#else
#define PROBE_OFFER_NAME ""
#endif

// What alpha.sold and alpha.before_sale carry.
struct Sale {
  std::uint32_t size;
  std::int64_t amount;
};

class Probe final : public IPlugin, public test::IProbe {
 public:
  Status load(IHost& host) noexcept override {
    host_ = &host;
    host.log(1, "load");
    const std::int32_t priority = std::string_view(host.setting("first")) == "true" ? -1 : 0;
    fails_ = std::string_view(host.setting("fails")) == "true";
    if (std::string_view(host.setting("raises_in_load")) == "true")
      return host.emit(PLUGIN_ID ".sold", nullptr);
    for (const Text event : {Text("test.happened"), Text("before_test"), Text("shop.before_sale"),
                             Text("alpha.sold"), Text("alpha.before_sale"), kShutdownRequested}) {
      Status status = host.on(event, priority, handle);
      if (!status.ok()) return status;
    }
    return {};
  }
  Status start() noexcept override {
    host_->log(1, "start");
    return {};
  }
  void stop() noexcept override { host_->log(1, "stop"); }
  void* query(Text id) noexcept override {
    if (std::string_view(id) == std::string_view(IProbe::kId)) return static_cast<IProbe*>(this);
    return std::string_view(id) == PROBE_OFFERS ? this : nullptr;
  }
  void destroy() noexcept override {
    if (host_ != nullptr) host_->log(1, "destroy");
    delete this;
  }
  IHost& host() noexcept override { return *host_; }

 private:
  static Status handle(IPlugin& self, const Event& event) noexcept {
    auto& probe = static_cast<Probe&>(self);
    std::string line{std::string_view(event.name)};
    if (line.rfind("alpha.", 0) == 0) line += " " + std::to_string(payload_of<Sale>(event).amount);
    probe.host_->log(1, Text(std::string_view(line)));
    return probe.fails_ ? probe.host_->fail(code('R', 14), "not today") : Status();
  }
  IHost* host_ = nullptr;
  bool fails_ = false;
};

Status op_throw(IPlugin&, ICall&, const Value*, std::uint32_t, Value&) {
  throw std::runtime_error("the disk is full");
}
Status op_throw_int(IPlugin&, ICall&, const Value*, std::uint32_t, Value&) { throw 7; }
Status op_add(IPlugin&, ICall& call, const Value*, std::uint32_t, Value& result) {
  Plain in[2];
  Status status = call.args_plain(in);
  if (!status.ok()) return status;
  Plain sum;
  sum.kind = Kind::kInt;
  sum.i = in[0].i + in[1].i;
  result = call.make(sum);
  return {};
}
[[maybe_unused]] std::uint32_t fits(IPlugin&, const Plain& value, List<Plain>) noexcept {
  return value.i > 0 ? 1 : 0;
}

constexpr NeedDecl kNeeds[] = {
#ifdef PROBE_NEEDS
    {PROBE_NEEDS, 0},
#endif
#ifdef PROBE_OPTIONAL
    {PROBE_OPTIONAL, 1},
#endif
    {"flin.test.IKernel/1", 1},
};
constexpr OfferDecl kOffers[] = {{test::IProbe::kId, PLUGIN_ID}, {PROBE_OFFERS, PROBE_OFFER_NAME}};
constexpr OpDecl kOps[] = {
    {PLUGIN_ID ".throw", 0, 1, kServer, 0, guarded<op_throw>, "Fails by an exception."},
    {PLUGIN_ID ".throw_int", 0, 1, 0, 0, guarded<op_throw_int>,
     "Fails by an exception of no class."},
    {PLUGIN_ID ".add", 2, 1, kPure, 0, guarded<op_add>, "Adds two ints."},
    {PLUGIN_ID ".any", kCounted, 0, kMaySuspend | kWrites, kNoTimeout, guarded<op_add>,
     "Takes what it is given."}};
constexpr SettingDecl kSettings[] = {
    {"first", "false", "Handle events before the others", kBoolSetting, 0},
    {"raises_in_load", "false", "Raise an event too early", kBoolSetting, 0},
    {"fails", "false", "Fail at every event", kBoolSetting, 0},
    {"path", "app.db", "Where it lies", kTextSetting, 1},
    {"port", "80", "Port to listen on", kIntSetting, 0},
    {"ratio", "0.5", "How much of it", kNumberSetting, 0},
    {"limit", "64KiB", "How large it may grow", kBytesSetting, 0},
    {"patience", "5s", "How long it waits", kDurationSetting, 0},
    {"mode", "fast", "How it does it: fast|safe|off", kChoiceSetting, 0},
    {"secret", "", "Given or not", kIntSetting, 0},
};
#ifdef PROBE_BINDS
constexpr FormDecl kForms[] = {{"save", PLUGIN_ID ".add"}};
constexpr BuiltinDecl kBuiltins[] = {
    {PLUGIN_ID "_call", "(a: int, b: int) -> int", PLUGIN_ID ".add", kServerTier, kPure, "Adds."}};
constexpr ValidatorDecl kValidators[] = {
    {PLUGIN_ID "_fits", "int", "()", fits, "must be positive", "Positive ints."}};
constexpr GuardDecl kGuards[] = {
    {PLUGIN_ID "_guard", "(role: text)", PLUGIN_ID ".any", 403, "By role."}};
constexpr TypeDecl kTypes[] = {{PLUGIN_ID "_type", "{ n: int }"}};
constexpr Manifest kManifest = {
    PLUGIN_ID, "1.2.3",   "A probe for tests.", kNeeds,  kOffers, kOps, kForms,
    kBuiltins, kSettings, kValidators,          kGuards, kTypes};
#else
constexpr Manifest kManifest = {
    PLUGIN_ID, "1.2.3", "A probe for tests.", kNeeds, kOffers, kOps, {}, {}, kSettings};
#endif

}  // namespace

FLIN_PLUGIN(Probe, kManifest);
