// For tests of plugins, without a kernel: a host and a call made of plain C++. Not part of a
// plugin.
//
//   flin::testing::Host host;
//   host.settings["greeting"] = "hi";
//   ASSERT_TRUE(plugin.load(host).ok());
//   flin::testing::Call call({flin::testing::text("you")});
//   flin::Value result;
//   ASSERT_TRUE(op_greet(plugin, call, call.args(), call.count(), result).ok());
//   EXPECT_EQ(call.text_of(result), "hi you");
//
// Differences to the kernel: values live as long as the Call; records, predicates and agents are
// not there (record() and predicate() fail with R0020, new_records() gives an empty list).
#pragma once

#include "flin/events.h"
#include "flin/metrics.h"
#include "flin/plugin.h"
#include "flin/validators.h"

#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace flin::testing {

// A Status as the host makes it.
inline Status failure(std::uint32_t code, std::string_view message) {
  void* block = ::operator new(sizeof(Status::Record) + message.size());
  char* text = static_cast<char*>(block) + sizeof(Status::Record);
  std::memcpy(text, message.data(), message.size());
  return Status(new (block) Status::Record{
      code, Text(text, message.size()), [](Status::Record* record) { ::operator delete(record); }});
}

// An argument. `text` is copied when the Call is made.
inline Plain none() { return {}; }
inline Plain boolean(bool v) {
  Plain p;
  p.kind = Kind::kBool;
  p.i = v ? 1 : 0;
  return p;
}
inline Plain integer(std::int64_t v) {
  Plain p;
  p.kind = Kind::kInt;
  p.i = v;
  return p;
}
inline Plain number(double v) {
  Plain p;
  p.kind = Kind::kNumber;
  p.n = v;
  return p;
}
inline Plain text(Text v) {
  Plain p;
  p.kind = Kind::kText;
  p.text = v;
  return p;
}

// What a plugin did to the host. Fields may be filled and read by the test between calls.
class Host final : public IHost {
 public:
  struct Line {
    std::int32_t level;
    std::string line;
  };
  struct Subscription {
    std::string event;
    std::int32_t priority;
    EventFn fn;
  };
  struct Post {
    std::uint32_t loop;
    LoopFn fn;
    void* data;
    DropFn drop;
  };
  struct Completion {
    std::uint64_t ticket;
    CompleteFn fn;
    void* data;
    DropFn drop;
  };
  struct Raised {
    std::string event;
    std::string payload;  // its bytes, as many as its leading size says
    // The payload as its struct, which the plugin's own build knows.
    template <class Payload>
    Payload as() const {
      Payload out{};
      std::memcpy(static_cast<void*>(&out), payload.data(),
                  payload.size() < sizeof(Payload) ? payload.size() : sizeof(Payload));
      return out;
    }
  };

  std::map<std::string, std::string> settings;
  std::map<std::pair<std::string, std::string>, void*>
      services;  // (interface id, name); none else is given
  std::vector<Line> lines;
  std::vector<Subscription> subscriptions;
  std::vector<Post> posts;
  std::vector<Completion> completions;
  std::vector<Raised> raised;  // by IHost::emit
  std::string id;              // of the plugin, to refuse events of others; "": every name goes

  Host() = default;
  ~Host() { drop_all(); }

  template <class T>
  void give(T* service, const std::string& name = {}) {
    services[{std::string(std::string_view(T::kId)), name}] = service;
  }

  // Calls the handlers of `event.name`; stops at the first error.
  Status emit(IPlugin& self, const Event& event) {
    for (const Subscription& s : subscriptions) {
      if (s.event != std::string_view(event.name)) continue;
      Status status = s.fn(self, event);
      if (!status.ok()) return status;
    }
    return {};
  }

  // Runs what was posted until now. Gives how many.
  std::size_t run_posts(IPlugin& self) {
    std::vector<Post> taken;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      taken.swap(posts);
    }
    for (const Post& post : taken) post.fn(self, post.data);
    return taken.size();
  }

  // Whether something completed `ticket`; [any-thread], for a test that waits for a worker.
  bool is_completed(std::uint64_t ticket) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const Completion& c : completions) {
      if (c.ticket == ticket) return true;
    }
    return false;
  }

  // Ends the suspended call `ticket`: what it gives, or R0201 when nothing completed it.
  Status finish(IPlugin& self, ICall& call, std::uint64_t ticket, Value& result) {
    Completion found{};
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (auto it = completions.begin(); it != completions.end(); ++it) {
        if (it->ticket != ticket) continue;
        found = *it;
        completions.erase(it);
        break;
      }
    }
    if (found.fn == nullptr) return failure(code('R', 201), "nothing completed the call");
    return found.fn(self, call, found.data, result);
  }

  // What the kernel does with everything that waits when it ends.
  void drop_all() {
    for (const Post& post : posts) {
      if (post.drop != nullptr) post.drop(post.data);
    }
    for (const Completion& c : completions) {
      if (c.drop != nullptr) c.drop(c.data);
    }
    posts.clear();
    completions.clear();
  }

  void log(std::int32_t level, Text line) noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    lines.push_back({level, std::string(std::string_view(line))});
  }
  Text setting(Text key) noexcept override {
    const auto it = settings.find(std::string(std::string_view(key)));
    return it == settings.end() ? Text() : Text(std::string_view(it->second));
  }
  void* service(Text interface_id, Text name) noexcept override {
    const auto it = services.find(
        {std::string(std::string_view(interface_id)), std::string(std::string_view(name))});
    return it == services.end() ? nullptr : it->second;
  }
  Status on(Text event, std::int32_t priority, EventFn fn) noexcept override {
    subscriptions.push_back({std::string(std::string_view(event)), priority, fn});
    return {};
  }
  Status fail(std::uint32_t code, Text message) noexcept override { return failure(code, message); }
  void post(std::uint32_t loop, LoopFn fn, void* data, DropFn drop) noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    posts.push_back({loop, fn, data, drop});
  }
  void complete(std::uint64_t ticket, CompleteFn fn, void* data, DropFn drop) noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    completions.push_back({ticket, fn, data, drop});
  }
  Status emit(Text event, const void* payload) noexcept override {
    const std::string name{std::string_view(event)};
    if (!id.empty() && name.rfind(id + ".", 0) != 0)
      return failure(code('P', 108),
                     "event '" + name + "' does not start with the plugin's id '" + id + ".'");
    std::uint32_t size = 0;
    if (payload != nullptr) std::memcpy(&size, payload, sizeof size);
    const std::lock_guard<std::mutex> lock(mutex_);
    raised.push_back(
        {name, size == 0 ? std::string() : std::string(static_cast<const char*>(payload), size)});
    return {};
  }

 private:
  // Guards lines, posts, completions and raised against a plugin's own threads.
  std::mutex mutex_;
};

// IMetrics for tests: keeps the numbers, knows them by name and labels, writes nothing.
//
//   flin::testing::Metrics metrics;
//   host.give<IMetrics>(&metrics);
//   EXPECT_EQ(metrics.counter("shop_sales_total{shop=\"north\"}"), 3u);
class Metrics final : public IMetrics {
 public:
  std::uint64_t counter(const std::string& name) { return Counter(found(name)).value(); }
  double gauge(const std::string& name) { return Gauge(found(name)).value(); }
  std::uint64_t observations(const std::string& name) { return Histogram(found(name)).count(); }
  // What a function of compute() gives now.
  double computed(const std::string& name) {
    const auto it = computed_.find(name);
    return it == computed_.end() ? 0 : it->second.fn(*it->second.self, it->second.data);
  }

  Status add(std::uint32_t, const MetricDecl& decl, MetricCells& out) noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    Kept& kept = kept_[shown(decl)];
    if (kept.cells.empty()) {
      kept.bounds.assign(decl.bounds.begin(), decl.bounds.end());
      kept.cells.assign(kept.bounds.size() + 2, 0);
    }
    out = cells_of(kept);
    return {};
  }
  Status compute(std::uint32_t, const MetricDecl& decl, MetricFn fn, IPlugin& self,
                 void* data) noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    computed_[shown(decl)] = {fn, &self, data};
    return {};
  }
  void write(ITextSink&) noexcept override {}

 private:
  struct Kept {
    std::vector<double> bounds;
    std::vector<std::uint64_t> cells;  // value, then buckets
  };
  struct Computed {
    MetricFn fn;
    IPlugin* self;
    void* data;
  };
  static std::string shown(const MetricDecl& decl) {
    std::string out{std::string_view(decl.name)};
    for (const MetricLabel& label : decl.labels) {
      out += &label == decl.labels.begin() ? "{" : ",";
      out += std::string(std::string_view(label.name)) + "=\"" +
             std::string(std::string_view(label.value)) + "\"";
    }
    return decl.labels.empty() ? out : out + "}";
  }
  static MetricCells cells_of(Kept& kept) {
    return {kept.cells.data(), kept.cells.data() + 1, kept.bounds.data(), kept.bounds.size()};
  }
  MetricCells found(const std::string& name) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto it = kept_.find(name);
    return it == kept_.end() ? MetricCells() : cells_of(it->second);
  }
  std::mutex mutex_;  // guards what follows
  std::map<std::string, Kept> kept_;
  std::map<std::string, Computed> computed_;
};

// IValidators for tests: the validators of one manifest, and a message with the arguments that are
// texts or whole numbers.
class Validators final : public IValidators {
 public:
  Validators(IPlugin& self, const Manifest& manifest) : self_(self), manifest_(manifest) {}

  std::uint32_t find(Text name, Validator& out) noexcept override {
    for (const ValidatorDecl& decl : manifest_.validators) {
      if (std::string_view(decl.name) != std::string_view(name)) continue;
      out = {decl.name, manifest_.id, decl.fits, decl.arguments, decl.message, decl.check, &self_};
      return 1;
    }
    return 0;
  }
  void message(const Validator& validator, List<Plain> arguments,
               ITextSink& out) noexcept override {
    std::string text{std::string_view(validator.message)};
    for (std::uint64_t i = 0; i < arguments.size; ++i) {
      const std::string mark = "{" + std::to_string(i) + "}";
      const std::string word = arguments[i].kind == Kind::kInt
                                   ? std::to_string(arguments[i].i)
                                   : std::string(std::string_view(arguments[i].text));
      for (std::size_t at = text.find(mark); at != text.npos;
           at = text.find(mark, at + word.size()))
        text.replace(at, mark.size(), word);
    }
    out.text(Text(std::string_view(text)));
  }

 private:
  IPlugin& self_;
  const Manifest& manifest_;
};

// One call of an opcode, with values of its own.
class Call final : public ICall {
 public:
  std::uint32_t program_number = 1;  // what program() gives

  explicit Call(const std::vector<Plain>& arguments = {}) {
    for (const Plain& argument : arguments) args_.push_back(make(argument));
  }
  ~Call() {
    for (const Held& held : values_) {
      if (held.type != nullptr && held.type->finalize != nullptr) held.type->finalize(held.data);
    }
    for (auto& [drop, pointer] : locals_) {
      if (drop != nullptr && pointer != nullptr) drop(pointer);
    }
    if (pending_.drop != nullptr) pending_.drop(pending_.data);
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  const Value* args() const { return args_.data(); }
  std::uint32_t count() const { return static_cast<std::uint32_t>(args_.size()); }
  void add_argument(Value v) { args_.push_back(v); }

  std::string text_of(Value v) const { return at(v).text; }
  std::int64_t int_of(Value v) const { return at(v).plain.i; }
  double number_of(Value v) const { return at(v).plain.n; }
  std::uint64_t ticket() const { return ticket_; }  // of the last suspend(); 0: none
  const std::vector<std::uint64_t>& sources() const { return sources_; }  // depend()
  const std::vector<std::uint64_t>& commits() const { return commits_; }  // committed()
  const std::string& output() const { return output_; }                   // html()
  bool calls() const { return pending_.then != nullptr; }                 // call_then() waits

  // Ends the function that call_then() named with `returned`: runs the plugin's ThenFn.
  Status return_from_call(IPlugin& self, Value returned, Value& result) {
    const Pending taken = std::exchange(pending_, Pending{});
    if (taken.then == nullptr) return failure(code('R', 14), "no function was called");
    return taken.then(self, *this, returned, taken.data, result);
  }

  Kind kind(Value v) noexcept override { return at(v).plain.kind; }
  Status args_plain(Plain* out) noexcept override {
    for (std::size_t i = 0; i < args_.size(); ++i) {
      Status status = plain(args_[i], out[i]);
      if (!status.ok()) return status;
    }
    return {};
  }
  Status plain(Value v, Plain& out) noexcept override {
    const Held& held = at(v);
    if (held.type != nullptr || held.plain.kind == Kind::kFunction)
      return failure(code('R', 20), "it has no plain form");
    out = held.plain;
    out.text = Text(std::string_view(held.text));
    return {};
  }
  Value make(const Plain& p) noexcept override {
    Held held;
    held.plain = p;
    held.text = std::string(std::string_view(p.text));
    return add(std::move(held));
  }
  std::uint64_t size(Value v) noexcept override {
    const Held& held = at(v);
    if (held.plain.kind == Kind::kMap) return held.items.size() / 2;
    if (held.plain.kind != Kind::kText) return held.items.size();
    std::uint64_t points = 0;
    for (const char c : held.text) points += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    return points;
  }
  Value item(Value v, std::uint64_t i) noexcept override {
    const Held& held = at(v);
    return element(held, held.plain.kind == Kind::kMap ? 2 * i + 1 : i);
  }
  Value key(Value map, std::uint64_t i) noexcept override { return element(at(map), 2 * i); }
  Value make_list(const Value* items, std::uint64_t n) noexcept override {
    return make_group(Kind::kList, items, n);
  }
  Value make_map(const Value* keys_and_values, std::uint64_t pairs) noexcept override {
    return make_group(Kind::kMap, keys_and_values, 2 * pairs);
  }
  Value make_foreign(const ForeignType& type, void* data) noexcept override {
    Held held;
    held.plain.kind = Kind::kForeign;
    held.type = &type;
    held.data = data;
    return add(std::move(held));
  }
  void* foreign(Value v, const ForeignType& type) noexcept override {
    const Held& held = at(v);
    return held.type == &type ? held.data : nullptr;
  }
  Status record(Value, RecordRef&) noexcept override {
    return failure(code('R', 20), "it is no record");
  }
  Value field(Value, std::uint32_t) noexcept override { return {}; }
  Status refresh(Value, const Row&) noexcept override {
    return failure(code('R', 20), "it is no record");
  }
  Value new_records(std::uint32_t, List<std::uint32_t>, List<Row>) noexcept override {
    return make_list(nullptr, 0);
  }
  Status predicate(Value, List<std::uint8_t>&, List<Plain>&) noexcept override {
    return failure(code('R', 20), "it is no predicate");
  }
  Status fail(std::uint32_t code, Text message) noexcept override { return failure(code, message); }
  Status fail_with(std::uint32_t code, Text message, Value) noexcept override {
    return failure(code, message);
  }
  std::uint64_t suspend() noexcept override { return ++ticket_; }
  Status call_then(Value, const Value*, std::uint32_t, ThenFn then, void* data,
                   DropFn drop) noexcept override {
    pending_ = {then, data, drop};
    return {};
  }
  FunctionId function_id(Value fn) noexcept override {
    return {1, static_cast<std::uint32_t>(fn.bits)};
  }
  std::uint64_t keep(Value v) noexcept override { return v.bits; }
  Value kept(std::uint64_t handle) noexcept override { return {handle}; }
  void forget(std::uint64_t) noexcept override {}
  AgentId agent() noexcept override { return {1}; }
  void** local(DropFn drop) noexcept override {
    return &locals_.try_emplace(drop, nullptr).first->second;
  }
  void depend(std::uint64_t source) noexcept override { sources_.push_back(source); }
  void committed(std::uint64_t seq) noexcept override { commits_.push_back(seq); }
  void html(Text markup) noexcept override { output_ += std::string_view(markup); }
  std::uint32_t program() noexcept override { return program_number; }

 private:
  struct Held {
    Plain plain;
    std::string text;
    std::vector<Value> items;  // of a map: key, value, key, ..
    const ForeignType* type = nullptr;
    void* data = nullptr;
  };
  struct Pending {
    ThenFn then = nullptr;
    void* data = nullptr;
    DropFn drop = nullptr;
  };

  // Bits are 1 + the index; 0 is none.
  const Held& at(Value v) const {
    static const Held kNothing;
    return v.bits == 0 || v.bits > values_.size() ? kNothing
                                                  : values_[static_cast<std::size_t>(v.bits - 1)];
  }
  Value add(Held held) {
    values_.push_back(std::move(held));
    return {values_.size()};
  }
  static Value element(const Held& held, std::uint64_t i) {
    return i < held.items.size() ? held.items[static_cast<std::size_t>(i)] : Value{};
  }
  Value make_group(Kind kind, const Value* items, std::uint64_t n) {
    Held held;
    held.plain.kind = kind;
    held.items.assign(items, items + n);
    return add(std::move(held));
  }

  std::deque<Held> values_;
  std::vector<Value> args_;
  std::map<DropFn, void*> locals_;  // one per plugin, told apart by its drop
  std::uint64_t ticket_ = 0;
  Pending pending_;
  std::vector<std::uint64_t> sources_, commits_;
  std::string output_;
};

}  // namespace flin::testing
