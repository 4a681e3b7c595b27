// What a plugin is: constant data that says what it offers and needs (Manifest), and one object
// that lives through load, start and stop (IPlugin). And what it meets: the host (IHost) and the
// call of one of its opcodes (ICall). A 4 to A 9.
//
// Thread tags: [load] one thread, while loading; [agent-thread] the loop thread that runs the agent
// at this moment; [loop-thread] a loop thread outside every agent; [any-thread].
#pragma once

#include "flin/abi.h"
#include "flin/base.h"

#include <new>

namespace flin {

class IPlugin;
class ICall;
struct Event;

using OpFn = Status (*)(IPlugin& self, ICall& call, const Value* args, std::uint32_t count,
                        Value& result) noexcept;
using CompleteFn = Status (*)(IPlugin& self, ICall& call, void* data,
                              Value& result) noexcept;  // [agent-thread]
using ThenFn = Status (*)(IPlugin& self, ICall& call, Value returned, void* data,
                          Value& result) noexcept;                          // [agent-thread]
using AgentFn = void (*)(IPlugin& self, ICall& call, void* data) noexcept;  // [agent-thread]
using LoopFn = void (*)(IPlugin& self, void* data) noexcept;                // [loop-thread]
using EventFn = Status (*)(IPlugin& self, const Event& event) noexcept;
using ValidateFn = std::uint32_t (*)(IPlugin& self, const Plain& value,
                                     List<Plain> arguments) noexcept;  // 1: holds [any-thread]

enum OpFlag : std::uint32_t {
  kMaySuspend = 1,  // may call suspend() or call_then(): the VM saves its frame first
  kPure =
      2,  // same arguments, same result, no effect: may be folded, or run again in a setup group
  kLeaf = 4,         // never suspends and never calls FLIN: called without parking support
  kWrites = 8,       // changes the world: E0512 in a view, not pure (L 8.3)
  kServer = 16,      // touches server things (L 11.1)
  kDetachable = 32,  // built-ins: alone on the right of an assignment it runs detached (L 12.1)
};
enum Tier : std::uint32_t { kBothTiers = 0, kBrowserTier = 1, kServerTier = 2 };
enum SettingType : std::uint32_t {
  kTextSetting,
  kIntSetting,
  kNumberSetting,
  kBoolSetting,
  kBytesSetting,
  kDurationSetting,
  kChoiceSetting
};

constexpr std::int32_t kCounted = -1;             // OpDecl::args: the import row carries the count
constexpr std::uint32_t kNoTimeout = 0xFFFFFFFF;  // OpDecl::timeout_ms
constexpr std::uint32_t kAnyLoop = 0xFFFFFFFF;    // IHost::post

// Rows of the manifest. They are frozen: a new column means a new list at the end of Manifest.
struct OpDecl {
  Text name;                 // "store.save": the plugin's id, a dot, a verb; anything else is P108
  std::int32_t args;         // how many values it pops, or kCounted
  std::uint32_t results;     // 0 or 1
  std::uint32_t flags;       // OpFlag
  std::uint32_t timeout_ms;  // of a suspended call; 0: 30 s, kNoTimeout: none
  OpFn run;
  Text help;  // one sentence for `flin plugins describe`
};
struct FormDecl {
  Text form;
  Text op;
};  // row of forms.def -> opcode
struct BuiltinDecl {
  Text name, signature, op;  // "http_get", "(url: text, options: map?) -> response", "async.http"
  std::uint32_t tier, flags;
  Text help;
};
struct TypeDecl {
  Text name, fields;
};  // "response", "{ status: int, body: text }": a map with these keys
struct ValidatorDecl {
  Text name, fits, arguments;  // "max_size", "file", "(size: text)"
  ValidateFn check;
  Text message, help;  // message: "must be at most {0}"
};
struct GuardDecl {
  Text name, signature, op;
  std::uint32_t status;
  Text help;
};  // op gives bool; false: answer `status`
struct NeedDecl {
  Text interface_id;
  std::uint32_t optional;
};
struct OfferDecl {
  Text interface_id, name;
};  // name tells several offers of one interface apart
struct SettingDecl {
  Text key, fallback, help;
  std::uint32_t
      type;  // SettingType; the choices of kChoiceSetting stand as "a|b|c" at the end of help
  std::uint32_t main;  // 1: --<id>=v sets it
};

// Append-only. A host reads only the fields below the plugin's manifest_size; a plugin built with
// an older, shorter Manifest leaves the rest empty.
struct Manifest {
  Text id, version, summary;
  List<NeedDecl> needs = {};
  List<OfferDecl> offers = {};
  List<OpDecl> ops = {};
  List<FormDecl> forms = {};
  List<BuiltinDecl> builtins = {};
  List<SettingDecl> settings = {};
  List<ValidatorDecl> validators = {};
  List<GuardDecl> guards = {};
  List<TypeDecl> types = {};
};

struct FunctionId {
  std::uint32_t program = 0, function = 0;
};
struct AgentId {
  std::uint64_t bits = 0;
};
struct Row {
  std::uint64_t id = 0, version = 0;
  List<Plain> fields;
};
struct RecordRef {
  std::uint32_t type = 0;             // row of the entity table
  std::uint64_t id = 0, version = 0;  // 0: not saved
  List<std::uint32_t> changed;        // field numbers changed since it was read or saved
};

// A plugin's own object held by FLIN values. finalize() runs during a collection, so it is handed
// nothing it could call back with.
struct ForeignType {
  Text name;
  void (*finalize)(void* data) noexcept;
};

// One call of an opcode, made by one agent. Arguments stay alive during it; values made in it live
// until it returns unless they are its result (longer: keep). Host-implemented; grows at the end.
// [agent-thread]
class ICall {
 public:
  virtual Kind kind(Value v) noexcept = 0;
  virtual Status args_plain(
      Plain* out) noexcept = 0;  // all arguments of this call; texts borrowed until it returns
  virtual Status plain(Value v, Plain& out) noexcept = 0;  // R0020 for what has no plain form
  virtual Value make(const Plain& p) noexcept = 0;
  virtual std::uint64_t size(
      Value v) noexcept = 0;  // list, map, tuple, enum payload; text: code points
  virtual Value item(
      Value v, std::uint64_t i) noexcept = 0;  // list, tuple, enum payload; map: value of entry i
  virtual Value key(Value map, std::uint64_t i) noexcept = 0;
  virtual Value make_list(const Value* items, std::uint64_t n) noexcept = 0;
  virtual Value make_map(const Value* keys_and_values, std::uint64_t pairs) noexcept = 0;
  virtual Value make_foreign(const ForeignType& type, void* data) noexcept = 0;
  virtual void* foreign(Value v,
                        const ForeignType& type) noexcept = 0;  // null if it is something else
  // Records: entity values with the shape of the program's entity table (L 21.7).
  virtual Status record(Value v, RecordRef& out) noexcept = 0;
  virtual Value field(Value record, std::uint32_t field) noexcept = 0;
  // After a save: id, version and times (row.fields: created_at, updated_at, deleted_at); nothing
  // counts as changed.
  virtual Status refresh(Value record, const Row& row) noexcept = 0;
  virtual Value new_records(std::uint32_t type, List<std::uint32_t> fields,
                            List<Row> rows) noexcept = 0;  // one call per result: a list
  virtual Status predicate(
      Value v, List<std::uint8_t>& code,
      List<Plain>& parameters) noexcept = 0;  // L 21.5 with field numbers for names
  // Ending, waiting, calling back.
  virtual Status fail(std::uint32_t code, Text message) noexcept = 0;
  virtual Status fail_with(std::uint32_t code, Text message,
                           Value fields) noexcept = 0;  // fields: `error.fields`
  virtual std::uint64_t suspend() noexcept = 0;         // a ticket for IHost::complete
  virtual Status call_then(Value fn, const Value* args, std::uint32_t count, ThenFn then,
                           void* data, DropFn drop) noexcept = 0;
  virtual FunctionId function_id(Value fn) noexcept = 0;
  virtual std::uint64_t keep(Value v) noexcept = 0;  // a handle of this agent, beyond the call
  virtual Value kept(std::uint64_t handle) noexcept = 0;
  virtual void forget(std::uint64_t handle) noexcept = 0;
  // Agent, reactivity, output.
  virtual AgentId agent() noexcept = 0;
  virtual void** local(
      DropFn drop) noexcept = 0;  // one pointer per plugin and run: a transaction, a snapshot
  virtual void depend(std::uint64_t source) noexcept = 0;  // what is being computed depends on it;
                                                           // nothing outside a tracked run
  virtual void committed(std::uint64_t seq) noexcept = 0;  // this run made a commit: its changes go
                                                           // into the action's own result
  virtual void html(Text markup) noexcept = 0;             // into the current output, unescaped
  // Number of the Program whose code calls: types and fields are numbered by its table. Another one
  // may be served by now (A 6.2). Since ABI 1.1.
  virtual std::uint32_t program() noexcept = 0;

 protected:
  ~ICall() = default;
};

// The host, as one plugin sees it. Host-implemented; grows at the end.
class IHost {
 public:
  virtual void log(std::int32_t level,
                   Text line) noexcept = 0;  // [any-thread] 0 debug, 1 info, 2 warning, 3 error
  // [load, start] "" when not declared; valid until stop(). The host has checked it against its
  // type and gives its one form: bytes as a number of bytes, durations as milliseconds, bool as
  // true or false.
  virtual Text setting(Text key) noexcept = 0;
  virtual void* service(Text interface_id,
                        Text name) noexcept = 0;  // [load] null when not declared in needs
  virtual Status on(Text event, std::int32_t priority,
                    EventFn fn) noexcept = 0;                          // [load] P110 elsewhere
  virtual Status fail(std::uint32_t code, Text message) noexcept = 0;  // [any-thread]
  virtual void post(std::uint32_t loop, LoopFn fn, void* data,
                    DropFn drop) noexcept = 0;  // [any-thread] runs fn on that loop, or on kAnyLoop
  virtual void complete(std::uint64_t ticket, CompleteFn fn, void* data,
                        DropFn drop) noexcept = 0;  // [any-thread] A 7
  // [any-thread, from start() on] Raises an event of the plugin's own, "<id>.<what happened>", and
  // calls its handlers here and now, in order of priority (A 8). `payload` is a struct that begins
  // with its own size as std::uint32_t and that is declared in the plugin's include/; null: none.
  // P108 for a name that does not begin with the plugin's id and a dot; P110 inside load(), while
  // others still subscribe. A handler's error is given for `<id>.before_..` alone. Since ABI 1.1.
  virtual Status emit(Text event, const void* payload) noexcept = 0;

 protected:
  ~IHost() = default;
};

// Implemented by plugins: never changes. A later host that needs more asks query() for another
// interface.
class IPlugin {
 public:
  virtual Status load(IHost& host) noexcept = 0;  // take services, subscribe; no threads, no I/O
  virtual Status start() noexcept = 0;            // open sockets, start threads
  virtual void stop() noexcept = 0;               // finish and join; nothing runs afterwards
  virtual void* query(Text interface_id) noexcept = 0;  // hand out an offered interface
  virtual void destroy() noexcept = 0;

 protected:
  ~IPlugin() = default;
};

template <class T>
T* service(IHost& host, Text name = {}) {
  return static_cast<T*>(host.service(T::kId, name));
}

}  // namespace flin

// Defines the one exported symbol of a plugin. `manifest_value` is constant data.
#define FLIN_PLUGIN(Class, manifest_value)                       \
  extern "C" FLIN_EXPORT const flin_plugin_entry flin_plugin = { \
      FLIN_ABI_MAGIC,                                            \
      FLIN_ABI_MAJOR,                                            \
      FLIN_ABI_MINOR,                                            \
      sizeof(flin_plugin_entry),                                 \
      sizeof(::flin::Manifest),                                  \
      FLIN_TOOLCHAIN,                                            \
      &(manifest_value),                                         \
      []() noexcept -> void* { return static_cast<::flin::IPlugin*>(new (std::nothrow) Class); }}
