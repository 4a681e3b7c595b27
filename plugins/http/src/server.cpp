#include "server.h"

#include <algorithm>

namespace flin::http {
namespace {

// What a posted function carries; freed by it or by drop.
template <class Fn>
struct Posted {
  Loop* loop;
  Fn fn;
};

}  // namespace

bool is_operators_path(std::string_view path) {
  return path == "/_flin/health" || path == "/_flin/ready" || path == "/_flin/metrics";
}

bool ConnectionCounts::enter(const std::string& address, std::size_t most,
                             std::size_t most_per_address) {
  const std::lock_guard lock(mutex_);
  if (all_ >= most) return false;
  std::size_t& count = by_address_[address];
  if (count >= most_per_address) return false;
  ++count;
  ++all_;
  return true;
}

void ConnectionCounts::leave(const std::string& address) {
  const std::lock_guard lock(mutex_);
  --all_;
  const auto found = by_address_.find(address);
  if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

Status Server::load(IHost& host, IPlugin& self) {
  services_.host = &host;
  services_.pages = service<IPages>(host);
  services_.agents = service<IAgents>(host);
  services_.program = service<IProgram>(host);
  services_.metrics = service<IMetrics>(host);
  if (Status status = metrics_.attach(services_.metrics, self); !status.ok()) return status;
  sealer_.attach(host);
  return read_settings(host, settings_);
}

void Server::begin_program() { building_ = std::make_shared<RouteTable>(); }

std::string Server::add_route(std::string_view method, std::string_view path, bool page,
                              FunctionId function) {
  if (!building_) begin_program();
  return building_->add(method_of(method), path, page, function);
}

template <class Fn>
void Server::post_each(Fn fn) {
  const std::lock_guard lock(mutex_);
  for (const auto& loop : loops_) {
    if (!loop) continue;
    services_.host->post(
        loop->index(),
        [](IPlugin&, void* data) noexcept {
          const std::unique_ptr<Posted<Fn>> posted(static_cast<Posted<Fn>*>(data));
          posted->fn(*posted->loop);
        },
        new Posted<Fn>{loop.get(), fn},
        [](void* data) noexcept { delete static_cast<Posted<Fn>*>(data); });
  }
}

void Server::program_loaded() {
  if (!building_) begin_program();
  const std::string directory(services_.program->directory());
  sealer_.set_directory(directory);
  const std::string& folder = settings_.public_folder;
  if (!services_.program->directory().size || folder.substr(0, 1) == "/")
    files_.set_folder(folder);
  else
    files_.set_folder(directory + "/" + folder);
  std::shared_ptr<const RouteTable> routes = std::move(building_);
  {
    const std::lock_guard lock(mutex_);
    routes_ = routes;
  }
  post_each([routes](Loop& loop) { loop.set_routes(routes); });
}

IPoller* Server::make(std::uint32_t index) noexcept {
  const std::lock_guard lock(mutex_);
  if (loops_.size() <= index) loops_.resize(index + 1);
  if (!loops_[index]) loops_[index] = std::make_unique<Loop>(*this, index);
  if (routes_) loops_[index]->set_routes(routes_);
  return loops_[index]->make_poller();
}

Status Server::port_refused(const std::string& why) {
  const std::string port = std::to_string(settings_.port);
  const bool used = why.find("already in use") != std::string::npos;
  const std::string message =
      used ? "port " + port + " on " + settings_.host +
                 " is in use; stop the program that uses it or take another with --http.port"
           : "cannot listen on " + settings_.host + " port " + port + ": " + why +
                 "; choose others with --http.host and --http.port";
  return services_.host->fail(code('P', 113), Text(std::string_view(message)));
}

// One socket per loop on one port. Sockets with SO_REUSEPORT would also share it with another
// process, so the port is first tried alone.
Status Server::bind(std::vector<ListenSocket>& sockets) {
  std::size_t count = 0;
  {
    const std::lock_guard lock(mutex_);
    count = loops_.size();
  }
  if (count == 0)
    return services_.host->fail(code('P', 113), "no loop uses the pollers of plugin http");
  if (settings_.port != 0 && count > 1) {
    ListenSocket alone;
    if (const std::string why = alone.open(settings_.host, settings_.port, false); !why.empty())
      return port_refused(why);
  }
  std::uint16_t port = settings_.port;
  for (std::size_t i = 0; i < count; ++i) {
    ListenSocket socket;
    if (const std::string why = socket.open(settings_.host, port, count > 1); !why.empty())
      return port_refused(why);
    port = socket.port();
    sockets.push_back(std::move(socket));
  }
  return Status();
}

bool Server::serves_anything() const {
  const std::lock_guard lock(mutex_);
  return routes_ != nullptr && !routes_->empty();
}

Status Server::start() {
  if (!serves_anything()) return Status();  // a script: nothing to listen for
  std::vector<ListenSocket> sockets;
  if (Status status = bind(sockets); !status.ok()) return status;
  const std::uint16_t port = sockets.front().port();
  auto shared = std::make_shared<std::vector<ListenSocket>>(std::move(sockets));
  post_each([shared](Loop& loop) { loop.listen(std::move((*shared)[loop.index()])); });
  const bool six = settings_.host.find(':') != std::string::npos;
  listening_ = true;
  log(1, "listening on http://" + (six ? "[" + settings_.host + "]" : settings_.host) + ":" +
             std::to_string(port));
  return Status();
}

void Server::drain() {
  listening_ = false;
  post_each([](Loop& loop) { loop.drain(); });
}

void Server::stop() {
  const std::lock_guard lock(mutex_);
  for (const auto& loop : loops_) {
    if (loop) loop->end();
  }
}

Status Server::offer(Text protocol, Text path, IUpgradeTaker& taker) noexcept {
  for (const Offer& offer : offers_) {
    if (offer.protocol != std::string_view(protocol) || offer.path != std::string_view(path))
      continue;
    const std::string message =
        "upgrades to '" + offer.protocol + "' at '" + offer.path + "' are taken already";
    return services_.host->fail(code('P', 108), Text(std::string_view(message)));
  }
  offers_.push_back({std::string(protocol), std::string(path), &taker});
  return Status();
}

void Server::add(Text name, ReadyFn fn, IPlugin& self) noexcept {
  checks_.push_back({std::string(std::string_view(name)), fn, &self});
}

std::string Server::not_ready() const {
  std::string names = listening_ ? "" : "http";
  for (const Check& check : checks_) {
    if (check.fn(*check.self) == 0) names.append(names.empty() ? "" : ", ").append(check.name);
  }
  return names;
}

Status Server::offer(Text path, Text methods, IPathTaker& taker) noexcept {
  const std::string_view name = path;
  std::string message;
  if (name.substr(0, 7) != "/_flin/")
    message = "the path '" + std::string(name) + "' does not begin with /_flin/";
  else if (path_offer(name) || is_operators_path(name))
    message = "the path '" + std::string(name) + "' is taken already";
  if (!message.empty())
    return services_.host->fail(code('P', 108), Text(std::string_view(message)));
  path_offers_.push_back({std::string(name), std::string(std::string_view(methods)), &taker});
  return Status();
}

const PathOffer* Server::path_offer(std::string_view path) const {
  for (const PathOffer& offer : path_offers_) {
    if (offer.path == path) return &offer;
  }
  return nullptr;
}

IUpgradeTaker* Server::taker(std::string_view protocol, std::string_view path) const {
  IUpgradeTaker* any = nullptr;
  for (const Offer& offer : offers_) {
    if (!equals_ignoring_case(offer.protocol, protocol)) continue;
    if (offer.path == path) return offer.taker;
    if (offer.path.empty()) any = offer.taker;
  }
  return any;
}

bool Server::is_upgrade(const RequestHead& head) const {
  bool found = false;
  for_each_token(head.header("upgrade"),
                 [&](std::string_view protocol) { found = found || taker(protocol, head.path); });
  return found;
}

bool Server::is_upgrade_path(std::string_view path) const {
  return std::any_of(offers_.begin(), offers_.end(),
                     [&](const Offer& offer) { return offer.path == path; });
}

// A trusted proxy stands for many clients, so it counts in all alone.
std::shared_ptr<ConnectionSlot> Server::take_slot(const std::string& address) {
  const std::size_t most = settings_.connections;
  const std::size_t each = trusts(address) ? most : settings_.connections_per_address;
  if (!counts_->enter(address, most, each)) {
    metrics_.turned_away.add();
    return nullptr;
  }
  metrics_.accepted.add();
  return std::make_shared<ConnectionSlot>(counts_, address);
}

bool Server::trusts(std::string_view address) const {
  bool found = false;
  for_each_token(settings_.trusted_proxies,
                 [&](std::string_view trusted) { found = found || trusted == address; });
  return found;
}

}  // namespace flin::http
