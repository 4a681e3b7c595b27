#include "http_plugin.h"

#include "route_answer.h"

#include "flin/events.h"
#include "flin/guard.h"

namespace flin::http {
namespace {

constexpr NeedDecl kNeeds[] = {
    {IPages::kId, 0}, {IAgents::kId, 0}, {IProgram::kId, 0}, {IMetrics::kId, 1}};
constexpr OfferDecl kOffers[] = {{IPollers::kId, ""},
                                 {ISealer::kId, ""},
                                 {IUpgrades::kId, ""},
                                 {IPaths::kId, ""},
                                 {IReadiness::kId, ""}};
constexpr OpDecl kOps[] = {
#define OP(handler, name, args, results, flags, timeout, help) \
  {name, args, results, flags, timeout, guarded<handler>, help},
#include "ops.def"
#undef OP
};
constexpr FormDecl kForms[] = {{"route", "http.route"},
                               {"page", "http.page"},
                               {"response", "http.response"},
                               {"redirect", "http.redirect"}};
constexpr BuiltinDecl kBuiltins[] = {{"error", "(code: int, message: text) -> any", "http.error",
                                      kServerTier, 0, "A JSON answer with this status."}};
constexpr SettingDecl kSettings[] = {
#define SETTING(member, reader, key, fallback, type, main, help) {key, fallback, help, type, main},
#include "settings.def"
#undef SETTING
};

constexpr Manifest make_manifest() {
  Manifest manifest{"http", "1.0.0", "HTTP/1.1 server: routes, pages, static files"};
  manifest.needs = kNeeds;
  manifest.offers = kOffers;
  manifest.ops = kOps;
  manifest.forms = kForms;
  manifest.builtins = kBuiltins;
  manifest.settings = kSettings;
  return manifest;
}
constexpr Manifest kManifest = make_manifest();

Server& server_of(IPlugin& self) { return static_cast<HttpPlugin&>(self).server(); }

// Nothing may throw over the boundary; here that could only be memory that is not there.
template <class Fn>
Status guarded_status(IHost* host, Fn fn) noexcept {
  try {
    return fn();
  } catch (const std::exception& e) {
    return host->fail(kOpThrew, Text(std::string_view(e.what())));
  }
}

Status declare(IPlugin& self, ICall& call, std::string_view method, Value path, Value body,
               bool page) {
  Plain text;
  if (Status status = call.plain(path, text); !status.ok()) return status;
  const std::string why =
      server_of(self).add_route(method, text.text, page, call.function_id(body));
  if (why.empty()) return Status();
  const bool twice = why.find("declared twice") != std::string::npos;
  return call.fail(code('E', twice ? 901 : 902), Text(std::string_view(why)));
}

}  // namespace

Status op_route(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value&) {
  Plain method;
  if (Status status = call.plain(args[0], method); !status.ok()) return status;
  return declare(self, call, std::string_view(method.text), args[1], args[2], false);
}

Status op_page(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value&) {
  return declare(self, call, "GET", args[0], args[1], true);
}

Status HttpPlugin::load(IHost& host) noexcept {
  return guarded_status(&host, [&] {
    if (Status status = server_.load(host, *this); !status.ok()) return status;
    const auto on = [&](Text event, EventFn fn) { return host.on(event, 0, fn); };
    Status status = on(kProgramLinking, [](IPlugin& self, const Event&) noexcept {
      server_of(self).begin_program();
      return Status();
    });
    if (!status.ok()) return status;
    status = on(kProgramLoaded, [](IPlugin& self, const Event&) noexcept {
      server_of(self).program_loaded();
      return Status();
    });
    if (!status.ok()) return status;
    return on(kShutdownRequested, [](IPlugin& self, const Event&) noexcept {
      server_of(self).drain();
      return Status();
    });
  });
}

Status HttpPlugin::start() noexcept {
  return guarded_status(server_.services().host, [&] { return server_.start(); });
}

void HttpPlugin::stop() noexcept { server_.stop(); }

void* HttpPlugin::query(Text interface_id) noexcept {
  const std::string_view id = interface_id;
  if (id == std::string_view(IPollers::kId)) return static_cast<IPollers*>(&server_);
  if (id == std::string_view(ISealer::kId)) return static_cast<ISealer*>(&server_.sealer());
  if (id == std::string_view(IReadiness::kId)) return static_cast<IReadiness*>(&server_);
  if (id == std::string_view(IPaths::kId)) return static_cast<IPaths*>(&server_);
  if (id == std::string_view(IUpgrades::kId)) return static_cast<IUpgrades*>(&server_);
  return nullptr;
}

void HttpPlugin::destroy() noexcept { delete this; }

}  // namespace flin::http

FLIN_PLUGIN(flin::http::HttpPlugin, flin::http::kManifest);
