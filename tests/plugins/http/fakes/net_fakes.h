// A host in miniature for the tests of network plugins: real pollers and sockets on real loop
// threads, with pages, agents and a program that the test writes as C++ functions. No kernel.
#pragma once

#include "flin/agents.h"
#include "flin/events.h"
#include "flin/pages.h"
#include "flin/plugin.h"
#include "flin/poller.h"
#include "flin/program.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace flin::test {

Status make_status(std::uint32_t code, std::string_view message);

// Values live in an arena of the call.
class FakeCall final : public ICall {
 public:
  Kind kind(Value v) noexcept override { return node(v).plain.kind; }
  Status args_plain(Plain*) noexcept override { return Status(); }
  Status plain(Value v, Plain& out) noexcept override;
  Value make(const Plain& p) noexcept override;
  std::uint64_t size(Value v) noexcept override;
  Value item(Value v, std::uint64_t i) noexcept override;
  Value key(Value map, std::uint64_t i) noexcept override;
  Value make_list(const Value* items, std::uint64_t n) noexcept override;
  Value make_map(const Value* items, std::uint64_t pairs) noexcept override;
  Value make_foreign(const ForeignType& type, void* data) noexcept override;
  void* foreign(Value v, const ForeignType& type) noexcept override;
  Status record(Value v, RecordRef& out) noexcept override;
  Value field(Value record, std::uint32_t field) noexcept override {
    return node(record).items[field];
  }
  Status refresh(Value, const Row&) noexcept override { return Status(); }
  Value new_records(std::uint32_t, List<std::uint32_t>, List<Row>) noexcept override { return {}; }
  Status predicate(Value, List<std::uint8_t>&, List<Plain>&) noexcept override { return Status(); }
  Status fail(std::uint32_t code, Text message) noexcept override {
    return make_status(code, message);
  }
  Status fail_with(std::uint32_t code, Text message, Value) noexcept override {
    return make_status(code, message);
  }
  std::uint64_t suspend() noexcept override { return 0; }
  Status call_then(Value, const Value*, std::uint32_t, ThenFn, void*, DropFn) noexcept override {
    return Status();
  }
  FunctionId function_id(Value fn) noexcept override {
    return {1, static_cast<std::uint32_t>(node(fn).plain.i)};
  }
  std::uint64_t keep(Value v) noexcept override { return v.bits; }
  Value kept(std::uint64_t handle) noexcept override { return {handle}; }
  void forget(std::uint64_t) noexcept override {}
  AgentId agent() noexcept override { return {}; }
  void** local(DropFn) noexcept override { return nullptr; }
  void depend(std::uint64_t) noexcept override {}
  void committed(std::uint64_t) noexcept override {}
  void html(Text) noexcept override {}
  std::uint32_t program() noexcept override { return 1; }
  ~FakeCall();

  // Shorthands for tests.
  Value none() { return make(Plain()); }
  Value text(std::string_view t);
  Value integer(std::int64_t i);
  Value number(double n);
  Value boolean(bool b);
  Value function(std::uint32_t id);
  Value of_kind(Kind kind, std::string_view encoded, std::vector<Value> items = {});
  Value entity(std::uint32_t type, std::int64_t id, std::vector<Value> fields);
  Value map(std::vector<Value> keys_and_values);
  Value list(std::vector<Value> items);
  void put(Value map, std::string_view key, Value value);  // as the program would
  std::string text_of(Value v);
  Value get(Value map, std::string_view key);  // none when absent

 private:
  struct Node {
    Plain plain;
    std::string text;
    std::vector<Value> items;
    const ForeignType* type = nullptr;
    void* data = nullptr;
  };
  Node& node(Value v) { return *nodes_[v.bits - 1]; }
  Value add(Node node);
  std::vector<std::unique_ptr<Node>> nodes_;
};

// What a route does: uses the context, gives a value or an error.
using Route = std::function<Status(FakeCall& call, IContext& context, Value& result)>;

class FakeHost;

class FakeAgents final : public IAgents {
 public:
  explicit FakeAgents(FakeHost& host) : host_(host) {}
  Status start(const AgentStart& what, AgentId& id) noexcept override;
  Status post(IPlugin&, AgentId, AgentFn, void*, DropFn) noexcept override { return Status(); }
  void stop(AgentId, std::uint32_t) noexcept override {}
  std::uint32_t loops() noexcept override;
  std::uint32_t current_loop() noexcept override;

  std::map<std::uint32_t, Route> routes;
  bool refuse = false;            // start() fails with R0302
  std::atomic<bool> hold{false};  // started agents wait for run_held()
  void run_held();                // runs them on the calling thread, last started first
  std::size_t held();

 private:
  void run(std::uint32_t function, IContext* context);
  FakeHost& host_;
  std::mutex mutex_;
  std::vector<std::pair<std::uint32_t, IContext*>> held_;
};

class FakePages final : public IPages {
 public:
  void render(const PageRequest& request, IHtmlSink& sink) noexcept override;
  Status adopt(const Peer& peer, Text message, IFrameSink& sink,
               std::uint64_t& page) noexcept override;
  void receive(std::uint64_t page, Text message) noexcept override;
  void drained(std::uint64_t) noexcept override { ++drains; }
  void action(const Peer& peer, Text json, List<Upload> files, IAnswerSink& sink) noexcept override;
  void form(const Peer& peer, List<Pair> fields, List<Upload> files,
            IAnswerSink& sink) noexcept override;
  void session_changed(Text sid) noexcept override {
    const std::lock_guard lock(mutex);
    changed_sessions.emplace_back(std::string_view(sid));
  }
  void close(std::uint64_t page) noexcept override;

  std::function<void(const PageRequest&, IHtmlSink&)> on_render;
  std::function<void(const Peer&, std::string_view, IAnswerSink&)> on_action;
  std::function<void(const Peer&, List<Pair>, IAnswerSink&)> on_form;
  std::function<void(List<Upload>)> on_uploads;  // before on_action and on_form
  std::function<Status(const Peer&, std::string_view, IFrameSink&, std::uint64_t&)> on_adopt;
  std::function<void(std::uint64_t, std::string_view)> on_receive;
  std::vector<std::uint64_t> closed;  // loop thread
  int drains = 0;
  std::mutex mutex;  // guards the next
  std::vector<std::string> changed_sessions;
};

class FakeProgram final : public IProgram {
 public:
  std::uint32_t number() noexcept override { return 1; }
  Text build() noexcept override { return "0badcafe"; }
  List<EntityRow> entities() noexcept override { return {entity_rows.data(), entity_rows.size()}; }
  List<DeclRow> decls() noexcept override { return {}; }
  std::uint32_t asset(Text path, Asset& out) noexcept override;
  Text name() noexcept override { return "test"; }
  Text directory() noexcept override { return Text(std::string_view(folder)); }

  std::vector<EntityRow> entity_rows;
  std::map<std::string, std::string> assets;  // path -> text/javascript
  std::string folder;
};

// Counted bytes as the kernel hands them to IFrameSink.
class FakeBytes final : public IBytes {
 public:
  static FakeBytes* make(std::string text) { return new FakeBytes(std::move(text)); }
  Text text() noexcept override { return Text(std::string_view(text_)); }
  void retain() noexcept override { ++count_; }
  void release() noexcept override {
    if (--count_ == 0) delete this;
  }

 private:
  explicit FakeBytes(std::string text) : text_(std::move(text)) {}
  std::string text_;
  std::atomic<int> count_{1};
};

// One loaded plugin: its library, its object, and the face the host shows it.
class FakeHost;
class Loaded;

class FakeHost {
 public:
  explicit FakeHost(std::uint32_t loops = 1);
  ~FakeHost();
  FakeHost(const FakeHost&) = delete;

  // Loads flin_<id>.so of this build; ASSERTs by exception when that cannot be.
  void load(const std::string& id);
  IPlugin* plugin(const std::string& id);
  OpFn op(const std::string& name);  // of a loaded plugin's manifest
  void provide(std::string interface_id, void* object) {
    services_[std::move(interface_id)] = object;
  }
  void set(std::string key, std::string value) {
    settings_[std::move(key)] = std::move(value);
  }  // "http.port"

  void link();       // program.linking, declarations below, program.loaded
  void run_loops();  // threads up, each with its poller
  Status start();    // link, run_loops, start every plugin
  void emit(Text event, const void* payload, std::uint32_t size);
  void on_loop(std::uint32_t loop, std::function<void()> fn);  // runs it there and waits
  void shut_down();                                            // the order of A 11; once

  std::uint16_t port();  // from the line `listening on http://HOST:PORT`
  std::vector<std::string> log_lines();
  std::string wait_for_log(std::string_view part);  // the first line that holds it

  struct RouteDecl {
    std::string method, path;
    std::uint32_t function;
  };
  std::vector<RouteDecl> route_decls;
  std::vector<std::pair<std::string, std::uint32_t>> page_decls;
  Status link_error;  // of the last declaration that failed

  FakeAgents agents{*this};
  FakePages pages;
  FakeProgram program;

 private:
  friend class Loaded;
  friend class FakeAgents;
  struct Task {
    IPlugin* plugin;
    LoopFn fn;
    void* data;
    DropFn drop;
  };
  struct LoopState {
    std::mutex mutex;
    std::deque<Task> tasks;
    IPoller* poller = nullptr;
    std::thread thread;
    bool up = false, stop = false;
  };
  void loop_main(std::uint32_t index);
  void post(std::uint32_t loop, Task task);
  void log(std::int32_t level, std::string_view line);

  std::vector<std::unique_ptr<LoopState>> loops_;
  std::vector<std::unique_ptr<Loaded>> plugins_;
  std::map<std::string, void*, std::less<>> services_;
  std::map<std::string, std::string> settings_;
  struct Subscription {
    std::string event;
    IPlugin* plugin;
    EventFn fn;
  };
  std::vector<Subscription> subscriptions_;
  std::mutex log_mutex_;
  std::condition_variable logged_;
  std::vector<std::string> log_;
  bool down_ = false;
};

// A blocking client; reads give up after ten seconds.
class Client {
 public:
  explicit Client(std::uint16_t port);
  ~Client();
  Client(const Client&) = delete;
  void send(std::string_view bytes);
  void send_slowly(std::string_view bytes);  // one byte per packet
  struct Response {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::vector<std::string> cookies;            // Set-Cookie lines, in order
    std::string body;
  };
  Response response(bool to_head = false);  // one answer; status 0 when the connection ended
  std::string read(std::size_t count);      // exactly, or less at the end
  std::string read_until(std::string_view end);
  bool at_end();  // true when the server has closed
  void finish();  // FIN
  int handle() const { return handle_; }

 private:
  bool fill();
  int handle_;
  std::string buffer_;
};

// A folder that goes with its object.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  const std::string& path() const { return path_; }
  void write(const std::string& name, std::string_view content);  // makes folders on the way

 private:
  std::string path_;
};

}  // namespace flin::test
