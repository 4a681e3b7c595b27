#include "store_plugin.h"

#include "backends/memory_backend.h"
#include "backends/sqlite_backend.h"
#include "flin/guard.h"
#include "ops.h"

#include <charconv>
#include <filesystem>

namespace flin::store {
namespace {

constexpr std::uint32_t kBadSetting = code('S', 102);

constexpr NeedDecl kNeeds[] = {
    {ISources::kId, 0},     {IProgram::kId, 0},    {IStoreBackend::kId, 1},
    {IReservedIds::kId, 1}, {IValidators::kId, 1}, {IMetrics::kId, 1},
};
constexpr OfferDecl kOffers[] = {{IEntityStore::kId, ""}, {IMigrations::kId, ""}};

constexpr OpDecl kOps[] = {
#define OP(handler, name, args, results, flags, timeout, help) \
  {name, args, results, flags, timeout, guarded<handler>, help},
#include "ops.def"
#undef OP
};

constexpr FormDecl kForms[] = {
    {"save", "store.save"},
    {"delete", "store.delete"},
    {"restore", "store.restore"},
    {"destroy", "store.destroy"},
    {"query_all", "store.all"},
    {"query_where", "store.where"},
    {"query_order", "store.order"},
    {"query_limit", "store.limit"},
    {"query_offset", "store.offset"},
    {"query_run", "store.run"},
    {"query_find", "store.find"},
    {"query_first", "store.first"},
    {"query_last", "store.last"},
    {"query_count", "store.count"},
    {"query_exists", "store.exists"},
    {"query_aggregate", "store.aggregate"},
    {"query_distinct", "store.distinct"},
    {"query_group", "store.group"},
    {"reference_load", "store.load"},
    {"transaction_begin", "store.begin"},
    {"transaction_commit", "store.commit"},
    {"transaction_rollback", "store.rollback"},
};

constexpr SettingDecl kSettings[] = {
    {"backend", "sqlite",
     "Where entities are kept: name, or name:address. Known here: sqlite, memory.", kTextSetting,
     1},
    {"path", "",
     "File of the backend sqlite, from the program's folder; else .flin/<program>.db there.",
     kTextSetting, 0},
    {"log_keep", "100000", "How many commits the log keeps for clients that come back.",
     kIntSetting, 0},
    {"max_rows", "10000", "Most rows one query may give; more is R0003.", kIntSetting, 0},
};

bool positive_int(Text text, std::int64_t& out) {
  const std::string_view digits = text;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return error == std::errc() && end == digits.data() + digits.size() && out > 0;
}

Status on_before_served(IPlugin& self, const Event&) noexcept {
  auto& plugin = static_cast<StorePlugin&>(self);
  Status status = plugin.use_program();
  return plugin.is_started() ? std::move(status) : Status();  // start() will say it
}

}  // namespace

const Manifest kManifest = {
    "store", "0.1.0", "Entities: queries, saves, validators, history and live changes.",
    kNeeds,  kOffers, kOps,
    kForms,  {},      kSettings};

Status StorePlugin::load(IHost& host) noexcept {
  host_ = &host;
  program_ = service<IProgram>(host);
  Limits limits;
  if (Status status = read_settings(limits); !status.ok()) return status;
  if (auto* metrics = service<IMetrics>(host)) {
    if (Status status = register_metrics(*metrics, metrics_); !status.ok()) return status;
  }
  if (Status status = choose_backend(); !status.ok()) return status;
  store_.attach(host, *backend_, service<ISources>(host), limits);
  store_.use_metrics(metrics_);
  store_.use_ids(ids_);
  store_.use_validators(service<IValidators>(host));
  // Behind other plugins' doubts: once the backend has taken the entities, they are the store's.
  return host.on(kProgramBeforeServed, 1000, on_before_served);
}

Status StorePlugin::read_settings(Limits& limits) {
  std::int64_t log_keep = 0;
  for (const auto& [key, out] :
       {std::pair<Text, std::int64_t*>{"log_keep", &log_keep}, {"max_rows", &limits.max_rows}}) {
    const Text given = host_->setting(key);
    if (positive_int(given, *out)) continue;
    const std::string message = "setting store." + std::string(std::string_view(key)) +
                                " cannot be '" + std::string(std::string_view(given)) +
                                "': it needs a whole number above 0";
    return host_->fail(kBadSetting, Text(std::string_view(message)));
  }
  limits.log_keep = static_cast<std::uint64_t>(log_keep);
  return {};
}

Status StorePlugin::choose_backend() {
  const std::string setting(std::string_view(host_->setting("backend")));
  const std::size_t colon = setting.find(':');
  const std::string name = setting.substr(0, colon);
  address_ = colon == std::string::npos ? "" : setting.substr(colon + 1);
  if (name == "memory") {
    auto* memory = new MemoryBackend(*host_);
    own_backend_ = {memory, [](IStoreBackend* b) { delete static_cast<MemoryBackend*>(b); }};
    ids_ = memory;
    backend_ = memory;
  } else if (name == "sqlite") {
    auto* sqlite = new SqliteBackend(*host_, MemoryBackend::system_clock, metrics_);
    own_backend_ = {sqlite, [](IStoreBackend* b) { delete static_cast<SqliteBackend*>(b); }};
    ids_ = sqlite;
    backend_ = sqlite;
    if (address_.empty()) address_ = std::string_view(host_->setting("path"));
    is_file_ = true;
  } else {
    backend_ = service<IStoreBackend>(*host_, Text(std::string_view(name)));
    ids_ = service<IReservedIds>(*host_, Text(std::string_view(name)));
  }
  if (backend_) return {};
  const std::string message =
      "setting store.backend cannot be '" + setting +
      "': the known backends are sqlite, memory and those that loaded plugins offer by name";
  return host_->fail(kBadSetting, Text(std::string_view(message)));
}

// A file's address, "data/app.db" or "", made whole; other backends have addresses of their own.
std::string StorePlugin::address() const {
  if (!is_file_) return address_;
  const std::filesystem::path folder(std::string_view(program_->directory()));
  if (!address_.empty()) return (folder / address_).string();
  return (folder / ".flin" / (std::string(std::string_view(program_->name())) + ".db")).string();
}

Status StorePlugin::use_program() {
  if (!program_) return {};
  const std::string place = address();
  return store_.open(Text(std::string_view(place)), program_->entities(), program_->number());
}

Status StorePlugin::plan(IMigrationSink& out) noexcept {
  const auto refuse = [this](const std::string& why) {
    return host_->fail(code('R', 106), Text(std::string_view(why)));
  };
  if (!program_) return refuse("there is no program to compare the data with");
  if (!is_file_) {
    return refuse("the backend '" + std::string(std::string_view(host_->setting("backend"))) +
                  "' has no file to compare the program with; this works for sqlite");
  }
  std::vector<SchemaStep> steps;
  const std::string place = address();
  if (MaybeFault fault =
          SqliteBackend::plan_migration(place, read_entities(program_->entities()), steps))
    return host_->fail(fault->code, Text(std::string_view(fault->message)));
  out.place(Text(std::string_view(place)));
  for (const SchemaStep& step : steps) {
    out.step({Text(std::string_view(step.subject)), Text(std::string_view(step.what)),
              Text(std::string_view(step.advice))});
  }
  return {};
}

Status StorePlugin::start() noexcept {
  store_.end_loading();
  is_started_ = true;
  if (!program_ || store_.model()) return {};
  // The program was refused when it came, or came before this plugin listened.
  return use_program();
}

void StorePlugin::stop() noexcept {
  if (backend_) backend_->close();
}

void* StorePlugin::query(Text interface_id) noexcept {
  const std::string_view wanted = interface_id;
  if (wanted == std::string_view(IEntityStore::kId)) return static_cast<IEntityStore*>(&store_);
  if (wanted == std::string_view(IMigrations::kId)) return static_cast<IMigrations*>(this);
  return nullptr;
}

void StorePlugin::destroy() noexcept { delete this; }

}  // namespace flin::store
