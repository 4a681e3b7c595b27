#include "net_fakes.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace flin::test {
namespace {

thread_local std::uint32_t t_loop = kAnyLoop;

// "8KiB" -> "8192", "10s" -> "10000": the one form in which a host gives settings.
std::string plain_number(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  const std::string_view unit = text.substr(digits);
  const std::pair<std::string_view, long> units[] = {{"KiB", 1024}, {"MiB", 1048576}, {"s", 1000}};
  for (const auto& [name, factor] : units) {
    if (unit == name) return std::to_string(std::atol(std::string(text).c_str()) * factor);
  }
  return std::string(text);
}

struct OwnRecord {
  Status::Record record;
  std::string message;
};

}  // namespace

Status make_status(std::uint32_t code, std::string_view message) {
  auto* own = new OwnRecord{{code, {}, nullptr}, std::string(message)};
  own->record.message = Text(std::string_view(own->message));
  own->record.drop = [](Status::Record* record) { delete reinterpret_cast<OwnRecord*>(record); };
  return Status(&own->record);
}

// ---- FakeCall

FakeCall::~FakeCall() {
  for (const auto& node : nodes_) {
    if (node->type) node->type->finalize(node->data);
  }
}
Value FakeCall::add(Node node) {
  nodes_.push_back(std::make_unique<Node>(std::move(node)));
  return {nodes_.size()};
}
Status FakeCall::plain(Value v, Plain& out) noexcept {
  Node& n = node(v);
  if (n.plain.kind == Kind::kList || n.plain.kind == Kind::kMap || n.plain.kind == Kind::kForeign) {
    return make_status(code('R', 20), "no plain form");
  }
  out = n.plain;
  out.text = Text(std::string_view(n.text));
  return Status();
}
Value FakeCall::make(const Plain& p) noexcept {
  Node n;
  n.plain = p;
  n.text = std::string(p.text);
  return add(std::move(n));
}
std::uint64_t FakeCall::size(Value v) noexcept {
  Node& n = node(v);
  return n.plain.kind == Kind::kMap    ? n.items.size() / 2
         : n.plain.kind == Kind::kText ? n.text.size()
                                       : n.items.size();
}
Value FakeCall::item(Value v, std::uint64_t i) noexcept {
  Node& n = node(v);
  return n.plain.kind == Kind::kMap ? n.items[2 * i + 1] : n.items[i];
}
Value FakeCall::key(Value v, std::uint64_t i) noexcept { return node(v).items[2 * i]; }
Value FakeCall::make_list(const Value* items, std::uint64_t n) noexcept {
  return list({items, items + n});
}
Value FakeCall::make_map(const Value* items, std::uint64_t pairs) noexcept {
  return map({items, items + 2 * pairs});
}
Value FakeCall::make_foreign(const ForeignType& type, void* data) noexcept {
  Node n;
  n.plain.kind = Kind::kForeign;
  n.type = &type;
  n.data = data;
  return add(std::move(n));
}
void* FakeCall::foreign(Value v, const ForeignType& type) noexcept {
  return node(v).type == &type ? node(v).data : nullptr;
}
Status FakeCall::record(Value v, RecordRef& out) noexcept {
  out = {};
  out.type = node(v).plain.extra;
  out.id = static_cast<std::uint64_t>(node(v).plain.i);
  out.version = node(v).items.empty() ? 0 : 1;  // a reference has no fields yet
  return Status();
}
Value FakeCall::text(std::string_view t) { return of_kind(Kind::kText, t); }
Value FakeCall::integer(std::int64_t i) {
  Node n;
  n.plain.kind = Kind::kInt;
  n.plain.i = i;
  return add(std::move(n));
}
Value FakeCall::number(double d) {
  Node n;
  n.plain.kind = Kind::kNumber;
  n.plain.n = d;
  return add(std::move(n));
}
Value FakeCall::boolean(bool b) {
  Node n;
  n.plain.kind = Kind::kBool;
  n.plain.i = b;
  return add(std::move(n));
}
Value FakeCall::function(std::uint32_t id) {
  Node n;
  n.plain.kind = Kind::kFunction;
  n.plain.i = id;
  return add(std::move(n));
}
Value FakeCall::of_kind(Kind kind, std::string_view encoded, std::vector<Value> items) {
  Node n;
  n.plain.kind = kind;
  n.text = encoded;
  n.items = std::move(items);
  return add(std::move(n));
}
Value FakeCall::entity(std::uint32_t type, std::int64_t id, std::vector<Value> fields) {
  Node n;
  n.plain.kind = Kind::kRecord;
  n.plain.extra = type;
  n.plain.i = id;
  n.items = std::move(fields);
  return add(std::move(n));
}
Value FakeCall::map(std::vector<Value> keys_and_values) {
  return of_kind(Kind::kMap, {}, std::move(keys_and_values));
}
void FakeCall::put(Value map, std::string_view key, Value value) {
  for (std::size_t i = 0; i < node(map).items.size(); i += 2) {
    if (text_of(node(map).items[i]) != key) continue;
    node(map).items[i + 1] = value;
    return;
  }
  const Value name = text(key);
  node(map).items.push_back(name);
  node(map).items.push_back(value);
}
Value FakeCall::list(std::vector<Value> items) {
  return of_kind(Kind::kList, {}, std::move(items));
}
std::string FakeCall::text_of(Value v) { return node(v).text; }
Value FakeCall::get(Value m, std::string_view name) {
  for (std::uint64_t i = 0; i < size(m); ++i) {
    if (text_of(key(m, i)) == name) return item(m, i);
  }
  return none();
}

// ---- FakeAgents

std::uint32_t FakeAgents::loops() noexcept {
  return static_cast<std::uint32_t>(host_.loops_.size());
}
std::uint32_t FakeAgents::current_loop() noexcept { return t_loop; }

void FakeAgents::run(std::uint32_t function, IContext* context) {
  FakeCall call;
  Value result = call.none();
  Status status = routes.at(function)(call, *context, result);
  context->done(call, std::move(status), result);
  context->destroy();
}

Status FakeAgents::start(const AgentStart& what, AgentId& id) noexcept {
  id = {1};
  if (refuse) {
    what.context->destroy();
    return make_status(code('R', 302), "mailbox full");
  }
  if (!hold) {
    run(what.function.function, what.context);
    return Status();
  }
  const std::lock_guard lock(mutex_);
  held_.emplace_back(what.function.function, what.context);
  return Status();
}

std::size_t FakeAgents::held() {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

void FakeAgents::run_held() {
  std::vector<std::pair<std::uint32_t, IContext*>> list;
  {
    const std::lock_guard lock(mutex_);
    list.swap(held_);
  }
  for (auto it = list.rbegin(); it != list.rend(); ++it) run(it->first, it->second);
}

// ---- FakePages, FakeProgram

void FakePages::render(const PageRequest& request, IHtmlSink& sink) noexcept {
  IContext* context = request.peer.context;
  if (on_render) {
    on_render(request, sink);
  } else {
    sink.begin(200);
    sink.write("<!doctype html>");
    sink.write("<p>page</p>");
    sink.end(Status());
  }
  if (context) context->destroy();
}
Status FakePages::adopt(const Peer& peer, Text message, IFrameSink& sink,
                        std::uint64_t& page) noexcept {
  page = 0;
  Status status = on_adopt ? on_adopt(peer, message, sink, page) : Status();
  if (peer.context) peer.context->destroy();
  return status;
}
void FakePages::receive(std::uint64_t page, Text message) noexcept {
  if (on_receive) on_receive(page, message);
}
void FakePages::close(std::uint64_t page) noexcept { closed.push_back(page); }
void FakePages::action(const Peer& peer, Text json, List<Upload> files,
                       IAnswerSink& sink) noexcept {
  IContext* context = peer.context;
  if (on_uploads) on_uploads(files);
  if (on_action)
    on_action(peer, json, sink);
  else
    sink.answer(204, "");
  if (context) context->destroy();
}
void FakePages::form(const Peer& peer, List<Pair> fields, List<Upload> files,
                     IAnswerSink& sink) noexcept {
  IContext* context = peer.context;
  if (on_uploads) on_uploads(files);
  if (on_form)
    on_form(peer, fields, sink);
  else
    sink.answer(303, "/");
  if (context) context->destroy();
}
std::uint32_t FakeProgram::asset(Text path, Asset& out) noexcept {
  const auto found = assets.find(std::string(path));
  if (found == assets.end()) return 0;
  out.bytes = Text(std::string_view(found->second));
  out.type = "text/javascript; charset=utf-8";
  out.hash = "h";
  return 1;
}

// ---- FakeHost

class Loaded final : public IHost {
 public:
  Loaded(FakeHost& host, const std::string& name) : host_(host), id(name) {
    const std::string path = std::string(FLIN_BINARY_DIR) + "/lib/flin/plugins/flin_" + id + ".so";
    library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) throw std::runtime_error(::dlerror());
    entry = static_cast<const flin_plugin_entry*>(::dlsym(library, FLIN_ENTRY_SYMBOL));
    if (!entry) throw std::runtime_error("no entry in " + path);
    manifest = static_cast<const Manifest*>(entry->manifest);
    plugin = static_cast<IPlugin*>(entry->create());
  }
  // The library stays: leak reports and late frames need its code.
  void log(std::int32_t level, Text line) noexcept override { host_.log(level, line); }
  Text setting(Text key) noexcept override {
    const std::string name = id + "." + std::string(key);
    if (const auto found = host_.settings_.find(name); found != host_.settings_.end())
      return Text(std::string_view(found->second));
    for (const SettingDecl& row : manifest->settings) {
      if (std::string_view(row.key) != std::string_view(key)) continue;
      const bool unit = row.type == kBytesSetting || row.type == kDurationSetting;
      return Text(std::string_view(host_.settings_[name] = unit ? plain_number(row.fallback)
                                                                : std::string(row.fallback)));
    }
    return {};
  }
  void* service(Text interface_id, Text) noexcept override {
    for (const NeedDecl& need : manifest->needs) {
      if (std::string_view(need.interface_id) != std::string_view(interface_id)) continue;
      const auto found = host_.services_.find(std::string_view(interface_id));
      return found == host_.services_.end() ? nullptr : found->second;
    }
    return nullptr;
  }
  Status on(Text event, std::int32_t, EventFn fn) noexcept override {
    host_.subscriptions_.push_back({std::string(event), plugin, fn});
    return Status();
  }
  Status fail(std::uint32_t code, Text message) noexcept override {
    return make_status(code, message);
  }
  void post(std::uint32_t loop, LoopFn fn, void* data, DropFn drop) noexcept override {
    host_.post(loop == kAnyLoop ? 0 : loop, {plugin, fn, data, drop});
  }
  void complete(std::uint64_t, CompleteFn, void* data, DropFn drop) noexcept override {
    drop(data);
  }
  Status emit(Text, const void*) noexcept override { return {}; }

  FakeHost& host_;
  std::string id;
  void* library = nullptr;
  const flin_plugin_entry* entry = nullptr;
  const Manifest* manifest = nullptr;
  IPlugin* plugin = nullptr;
  bool started = false;
};

FakeHost::FakeHost(std::uint32_t loops) {
  for (std::uint32_t i = 0; i < loops; ++i) loops_.push_back(std::make_unique<LoopState>());
  provide(std::string(IPages::kId), static_cast<IPages*>(&pages));
  provide(std::string(IAgents::kId), static_cast<IAgents*>(&agents));
  provide(std::string(IProgram::kId), static_cast<IProgram*>(&program));
  set("http.port", "0");
  ::setenv("FLIN_SECRET", "a secret for tests, long enough", 1);
}

FakeHost::~FakeHost() { shut_down(); }

void FakeHost::load(const std::string& id) {
  plugins_.push_back(std::make_unique<Loaded>(*this, id));
  Loaded& loaded = *plugins_.back();
  for (const OfferDecl& offer : loaded.manifest->offers) {
    services_[std::string(offer.interface_id)] = loaded.plugin->query(offer.interface_id);
  }
  const Status status = loaded.plugin->load(loaded);
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

IPlugin* FakeHost::plugin(const std::string& id) {
  for (const auto& loaded : plugins_) {
    if (loaded->id == id) return loaded->plugin;
  }
  return nullptr;
}

OpFn FakeHost::op(const std::string& name) {
  for (const auto& loaded : plugins_) {
    for (const OpDecl& row : loaded->manifest->ops) {
      if (std::string_view(row.name) == name) return row.run;
    }
  }
  return nullptr;
}

void FakeHost::emit(Text name, const void* payload, std::uint32_t size) {
  const Event event{size, name, payload};
  for (const Subscription& row : subscriptions_) {
    if (row.event != std::string_view(name)) continue;
    const Status status = row.fn(*row.plugin, event);
    if (!status.ok()) log(3, status.message());
  }
}

void FakeHost::link() {
  const ProgramEvent payload{sizeof(ProgramEvent), 1};
  emit(kProgramLinking, &payload, sizeof payload);
  FakeCall call;
  Value none{};
  for (const RouteDecl& row : route_decls) {
    const Value args[] = {call.text(row.method), call.text(row.path), call.function(row.function)};
    Status status = op("http.route")(*plugin("http"), call, args, 3, none);
    if (!status.ok()) link_error = std::move(status);
  }
  for (const auto& [path, function] : page_decls) {
    const Value args[] = {call.text(path), call.function(function)};
    Status status = op("http.page")(*plugin("http"), call, args, 2, none);
    if (!status.ok()) link_error = std::move(status);
  }
  emit(kProgramLoaded, &payload, sizeof payload);
}

void FakeHost::run_loops() {
  for (std::uint32_t i = 0; i < loops_.size(); ++i)
    loops_[i]->thread = std::thread([this, i] { loop_main(i); });
  for (std::uint32_t i = 0; i < loops_.size(); ++i) on_loop(i, [] {});
}

Status FakeHost::start() {
  link();
  run_loops();
  for (const auto& loaded : plugins_) {
    Status status = loaded->plugin->start();
    if (!status.ok()) return status;
    loaded->started = true;
  }
  return Status();
}

void FakeHost::loop_main(std::uint32_t index) {
  t_loop = index;
  LoopState& loop = *loops_[index];
  auto* pollers = static_cast<IPollers*>(services_.at(std::string(IPollers::kId)));
  IPoller* poller = pollers->make(index);
  {
    const std::lock_guard lock(loop.mutex);
    loop.poller = poller;
  }
  Ready ready[64];
  for (;;) {
    std::deque<Task> tasks;
    {
      const std::lock_guard lock(loop.mutex);
      tasks.swap(loop.tasks);
      if (tasks.empty() && loop.stop) break;
    }
    for (const Task& task : tasks) task.fn(*task.plugin, task.data);
    ReadyList list{ready, 0, 64};
    const Status status = poller->wait(list, tasks.empty() ? -1 : 0);
    if (!status.ok()) log(3, status.message());
    for (std::uint64_t i = 0; i < list.size; ++i) list.data[i].handler->ready(list.data[i].events);
  }
  const std::lock_guard lock(loop.mutex);
  loop.poller = nullptr;
  poller->destroy();
}

void FakeHost::post(std::uint32_t index, Task task) {
  LoopState& loop = *loops_[index];
  const std::lock_guard lock(loop.mutex);
  if (loop.stop && down_) {
    task.drop(task.data);
    return;
  }
  loop.tasks.push_back(task);
  if (loop.poller) loop.poller->wake();
}

void FakeHost::on_loop(std::uint32_t loop, std::function<void()> fn) {
  struct Waiting {
    std::function<void()> fn;
    std::mutex mutex;
    std::condition_variable done;
    bool finished = false;
  } waiting{std::move(fn), {}, {}, false};
  IPlugin* const nobody = plugins_.front()->plugin;
  post(loop, {nobody,
              [](IPlugin&, void* data) noexcept {
                auto* w = static_cast<Waiting*>(data);
                w->fn();
                const std::lock_guard lock(w->mutex);
                w->finished = true;
                w->done.notify_all();
              },
              &waiting, [](void*) noexcept {}});
  std::unique_lock lock(waiting.mutex);
  waiting.done.wait(lock, [&] { return waiting.finished; });
}

void FakeHost::shut_down() {
  if (std::exchange(down_, true)) return;
  const ShutdownEvent payload{sizeof(ShutdownEvent), 100};
  if (loops_[0]->thread.joinable()) emit(kShutdownRequested, &payload, sizeof payload);
  for (const auto& loop : loops_) {
    const std::lock_guard lock(loop->mutex);
    loop->stop = true;
    if (loop->poller) loop->poller->wake();
  }
  for (const auto& loop : loops_) {
    if (loop->thread.joinable()) loop->thread.join();
  }
  for (auto it = plugins_.rbegin(); it != plugins_.rend(); ++it) (*it)->plugin->stop();
  for (const auto& loop : loops_) {
    for (const Task& task : loop->tasks) task.drop(task.data);
    loop->tasks.clear();
  }
  for (auto it = plugins_.rbegin(); it != plugins_.rend(); ++it) (*it)->plugin->destroy();
}

void FakeHost::log(std::int32_t, std::string_view line) {
  const std::lock_guard lock(log_mutex_);
  log_.emplace_back(line);
  logged_.notify_all();
}
std::vector<std::string> FakeHost::log_lines() {
  const std::lock_guard lock(log_mutex_);
  return log_;
}
std::string FakeHost::wait_for_log(std::string_view part) {
  std::unique_lock lock(log_mutex_);
  std::string found;
  logged_.wait_for(lock, std::chrono::seconds(10), [&] {
    for (const std::string& line : log_) {
      if (line.find(part) != std::string::npos) found = line;
    }
    return !found.empty();
  });
  return found;
}
std::uint16_t FakeHost::port() {
  const std::string line = wait_for_log("listening on http://");
  return static_cast<std::uint16_t>(std::atoi(line.c_str() + line.rfind(':') + 1));
}

// ---- Client, TempFolder

Client::Client(std::uint16_t port) : handle_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{10, 0};
  ::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const int on = 1;
  ::setsockopt(handle_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(handle_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error("cannot connect");
}
Client::~Client() { ::close(handle_); }
void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}
void Client::send_slowly(std::string_view bytes) {
  for (const char c : bytes) send({&c, 1});
}
bool Client::fill() {
  char chunk[65536];
  const ssize_t n = ::recv(handle_, chunk, sizeof chunk, 0);
  if (n <= 0) return false;
  buffer_.append(chunk, static_cast<std::size_t>(n));
  return true;
}
std::string Client::read(std::size_t count) {
  while (buffer_.size() < count && fill()) {}
  const std::string out = buffer_.substr(0, count);
  buffer_.erase(0, out.size());
  return out;
}
std::string Client::read_until(std::string_view end) {
  std::size_t at;
  while ((at = buffer_.find(end)) == std::string::npos) {
    if (!fill()) return {};
  }
  const std::string out = buffer_.substr(0, at + end.size());
  buffer_.erase(0, out.size());
  return out;
}
bool Client::at_end() {
  if (!buffer_.empty()) return false;
  char c;
  return ::recv(handle_, &c, 1, 0) == 0;
}
void Client::finish() { ::shutdown(handle_, SHUT_WR); }

Client::Response Client::response(bool to_head) {
  Response out;
  const std::string head = read_until("\r\n\r\n");
  if (head.size() < 12) return out;
  out.status = std::atoi(head.c_str() + 9);
  std::size_t at = head.find("\r\n") + 2;
  while (at + 2 < head.size()) {
    const std::size_t end = head.find("\r\n", at), colon = head.find(':', at);
    std::string name = head.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::size_t from = colon + 1;
    while (from < end && head[from] == ' ') ++from;
    out.headers[name] = head.substr(from, end - from);
    if (name == "set-cookie") out.cookies.push_back(out.headers[name]);
    at = end + 2;
  }
  if (!to_head && out.headers.count("content-length"))
    out.body = read(std::stoul(out.headers["content-length"]));
  return out;
}

TempFolder::TempFolder() {
  path_ = (std::filesystem::temp_directory_path() / "flin_net_XXXXXX").string();
  if (!::mkdtemp(path_.data())) throw std::runtime_error("no temporary folder");
}
TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}
void TempFolder::write(const std::string& name, std::string_view content) {
  const std::filesystem::path file = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

}  // namespace flin::test
