// Bindings for tests of the compiler: what the plugins http, ws, store and the kernel's own library
// give, without any of them. Signatures are those of L 24. The header is all there is to include.
#pragma once

#include "check/bindings.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flin::testing {

class FakeBindings : public check::Bindings {
 public:
  // `plugins` are the loaded ones: their forms are bound.
  explicit FakeBindings(std::vector<std::string> plugins = {"http", "ws", "store"})
      : plugins_(std::move(plugins)) {
    add_forms();
    add_builtins();
    for (const char* row :
         {"required||", "unique||", "index||", "email|text|", "url|text|", "positive|number|",
          "min|number|(n: number)", "max|number|(n: number)", "minLength|text|(n: int)",
          "maxLength|text|(n: int)", "length|text|(a: int, b: int = 0)", "pattern|text|(re: regex)",
          "one_of||(xs: [any])", "default||(v: any)", "hidden||", "immutable||", "readonly||"})
      add_validator(row);
  }

  const check::BoundOp* form(std::string_view form) const override {
    auto it = forms_.find(form);
    return it == forms_.end() || !is_loaded(it->second.plugin) ? nullptr : &it->second.op;
  }
  const std::vector<const check::Builtin*>& builtins(std::string_view name) const override {
    static const std::vector<const check::Builtin*> kNone;
    auto it = by_name_.find(name);
    return it == by_name_.end() ? kNone : it->second;
  }
  const std::vector<std::string>& builtin_names() const override { return names_; }
  const check::BoundValidator* validator(std::string_view name) const override {
    auto it = validators_.find(name);
    return it == validators_.end() ? nullptr : &it->second;
  }
  const check::BoundGuard* guard(std::string_view name) const override {
    auto it = guards_.find(name);
    return it == guards_.end() ? nullptr : &it->second;
  }
  std::vector<std::string> guard_names() const override {
    std::vector<std::string> out;
    for (const auto& [name, guard] : guards_) out.push_back(name);
    return out;
  }
  std::string plugin_for(std::string_view name) const override {
    auto it = forms_.find(name);
    if (it != forms_.end()) return it->second.plugin;
    return name == "send_email" ? "mail" : name == "http_get" || name == "sleep" ? "async" : "";
  }
  const std::vector<std::string>& loaded_plugins() const override { return plugins_; }

 private:
  struct Form {
    std::string plugin;
    check::BoundOp op;
  };

  bool is_loaded(std::string_view plugin) const {
    for (const auto& p : plugins_)
      if (p == plugin) return true;
    return false;
  }

  void add_forms() {
    constexpr std::uint32_t kRead = check::kBuiltinMaySuspend | check::kBuiltinServer;
    constexpr std::uint32_t kWrite = kRead | check::kBuiltinWrites;
    constexpr std::uint32_t kPlain = check::kBuiltinPure | check::kBuiltinServer;
#define FORM(name, kind, operands, called, plugin) \
  forms_[#name] = {plugin, {std::string(plugin) + "." + #name, 0, 1}};
#include "syntax/forms.def"
#undef FORM
    for (const char* f : {"save", "delete", "restore", "destroy"})
      set(f, std::string("store.") + f, kWrite);
    set("query_all", "store.all", kPlain);
    set("query_where", "store.where", kPlain);
    set("query_order", "store.order", kPlain);
    set("query_limit", "store.limit", kPlain);
    set("query_offset", "store.offset", kPlain);
    set("query_run", "store.run", kRead);
    set("query_find", "store.find", kRead);
    set("query_first", "store.first", kRead);
    set("query_last", "store.last", kRead);
    set("query_count", "store.count", kRead);
    set("query_exists", "store.exists", kRead);
    set("query_aggregate", "store.aggregate", kRead);
    set("query_distinct", "store.distinct", kRead);
    set("query_group", "store.group", kRead);
    set("reference_load", "store.load", kRead);
    set("time_travel", "store.at", kRead);
    set("transaction_begin", "store.begin", kWrite);
    set("transaction_commit", "store.commit", kWrite);
    set("transaction_rollback", "store.rollback", kWrite);
    for (const char* f : {"route", "page", "middleware", "layout", "guard"}) {
      set(f, std::string("http.") + f, check::kBuiltinServer);
      forms_[f].op.results = 0;
    }
    for (const char* f : {"validate", "response", "redirect"})
      set(f, std::string("http.") + f, check::kBuiltinServer);
  }
  void set(const char* form, std::string op, std::uint32_t flags) {
    forms_[form].op.name = std::move(op);
    forms_[form].op.flags = flags;
  }

  void add_validator(std::string_view row) {
    auto a = row.find('|'), b = row.rfind('|');
    std::string name(row.substr(0, a));
    validators_[name] = {name, std::string(row.substr(a + 1, b - a - 1)),
                         std::string(row.substr(b + 1))};
  }

  void add(std::string_view names, const char* signature, check::Tier tier = check::Tier::kBoth,
           std::uint32_t flags = check::kBuiltinPure, std::string op = {}) {
    while (!names.empty()) {
      auto end = names.find(' ');
      std::string name(names.substr(0, end));
      names = end == names.npos ? std::string_view{} : names.substr(end + 1);
      builtins_.push_back(
          std::make_unique<check::Builtin>(check::Builtin{name, signature, op, tier, flags, {}}));
      if (by_name_[name].empty()) names_.push_back(name);
      by_name_[name].push_back(builtins_.back().get());
    }
  }

  void add_builtins() {
    using check::Tier;
    constexpr std::uint32_t kWrites = check::kBuiltinWrites;
    constexpr std::uint32_t kImpure = 0;
    // Text
    add("len", "(t: text) -> int");
    add("len", "(xs: [T]) -> int");
    add("len", "(m: [K: V]) -> int");
    add("upper lower trim trim_start trim_end capitalize title", "(t: text) -> text");
    add("reverse", "(t: text) -> text");
    add("reverse list_reverse", "(xs: [T]) -> [T]");
    add("contains", "(t: text, s: text) -> bool");
    add("contains", "(xs: [T], v: T) -> bool");
    add("starts_with ends_with", "(t: text, s: text) -> bool");
    add("is_empty", "(t: text) -> bool");
    add("is_empty", "(xs: [T]) -> bool");
    add("is_empty", "(m: [K: V]) -> bool");
    add("is_blank is_numeric is_email is_url", "(t: text) -> bool");
    add("split", "(t: text, sep: text) -> [text]");
    add("lines words chars", "(t: text) -> [text]");
    add("slice", "(t: text, a: int, b: int = 0) -> text");
    add("slice", "(xs: [T], a: int, b: int = 0) -> [T]");
    add("replace replace_all", "(t: text, old: text, new: text) -> text");
    add("index_of last_index_of", "(t: text, s: text) -> int");
    add("index_of last_index_of", "(xs: [T], v: T) -> int");
    add("repeat", "(t: text, n: int) -> text");
    add("pad_start pad_end", "(t: text, n: int, fill: text = \" \") -> text");
    add("truncate", "(t: text, n: int, tail: text = \"…\") -> text");
    add("remove_prefix remove_suffix", "(t: text, s: text) -> text");
    add("char_code", "(t: text) -> int");
    add("from_char_code", "(n: int) -> text");
    add("matches", "(t: text, re: regex) -> bool");
    add("find_all", "(t: text, re: regex) -> [text]");
    add("replace_pattern", "(t: text, re: regex, new: text) -> text");
    add("join", "(xs: [T], sep: text = \"\") -> text");
    add("join", "(sep: text, xs: [T]) -> text");
    // Conversion
    add("to_text text type_of inspect", "(x: any) -> text");
    add("to_int int", "(x: any, d: int = 0) -> int");
    add("to_number number", "(x: any, d: number = 0) -> number");
    add("bool", "(x: any) -> bool");
    add("json_parse", "(t: text) -> any");
    add("json_stringify", "(x: any, indent: int = 0) -> text");
    add("json", "(x: any) -> text");
    add("base64_encode base64_decode hex_encode url_encode url_decode html_escape",
        "(t: text) -> text");
    // Numbers
    add("abs sign", "(x: int) -> int");
    add("abs sign", "(x: number) -> number");
    add("min max", "(a: int, b: int, more: int..) -> int");
    add("min max", "(a: number, b: number, more: number..) -> number");
    add("min max", "(xs: [T]) -> T?");
    add("clamp", "(x: int, lo: int, hi: int) -> int");
    add("clamp", "(x: number, lo: number, hi: number) -> number");
    add("floor ceil trunc", "(x: number) -> int");
    add("round", "(x: number) -> int");
    add("round", "(x: number, d: int) -> number");
    add("sqrt exp ln log2 log10 sin cos tan asin acos atan", "(x: number) -> number");
    add("atan2 hypot pow", "(x: number, y: number) -> number");
    add("div mod gcd", "(a: int, b: int) -> int");
    add("is_nan is_finite", "(x: number) -> bool");
    add("is_even is_odd", "(n: int) -> bool");
    add("pi", "() -> number");
    add("random", "() -> number", Tier::kBoth, kImpure);
    add("random_int", "(a: int, b: int) -> int", Tier::kBoth, kImpure);
    add("format", "(x: number, d: int = 0) -> text");
    add("format", "(t: time, pattern: text, zone: text = \"\") -> text");
    add("format", "(m: money) -> text");
    // Lists
    add("push unshift", "(xs: [T], v: T..) -> int", Tier::kBoth, kWrites);
    add("insert_at", "(xs: [T], i: int, v: T) -> int", Tier::kBoth, kWrites);
    add("pop shift", "(xs: [T]) -> T?", Tier::kBoth, kWrites);
    add("remove_at", "(xs: [T], i: int) -> T", Tier::kBoth, kWrites);
    add("splice", "(xs: [T], i: int, n: int, v: T..) -> [T]", Tier::kBoth, kWrites);
    add("first last", "(xs: [T]) -> T?");
    add("get", "(xs: [T], i: int) -> T?");
    add("get", "(m: [K: V], k: K, d: V? = none) -> V?");
    add("rest flatten unique compact shuffle", "(xs: [T]) -> [T]");
    add("concat", "(xs: [T], ys: [T]..) -> [T]");
    add("map", "(xs: [T], f: (T, int) -> U) -> [U]");
    add("flat_map", "(xs: [T], f: (T, int) -> [U]) -> [U]");
    add("filter where reject", "(xs: [T], f: (T, int) -> any) -> [T]");
    add("reduce", "(xs: [T], f: (U, T) -> U, init: U) -> U");
    add("reduce", "(xs: [T], f: (T, T) -> T) -> T");
    add("find", "(xs: [T], f: (T, int) -> any) -> T?");
    add("find_index", "(xs: [T], f: (T, int) -> any) -> int");
    add("some any every all", "(xs: [T], f: (T, int) -> any) -> bool");
    add("each", "(xs: [T], f: (T, int) -> any) -> none");
    add("sort", "(xs: [T], f: (T, T) -> any = none) -> [T]");
    add("sort_by", "(xs: [T], f: (T) -> any, direction: text = \"asc\") -> [T]");
    add("sum", "(xs: [int]) -> int");
    add("sum", "(xs: [number]) -> number");
    add("sum", "(xs: [T], f: (T) -> U) -> U");
    add("avg median", "(xs: [T]) -> number?");
    add("min_by max_by", "(xs: [T], f: (T) -> any) -> T?");
    add("count", "(xs: [T], f: (T) -> any = none) -> int");
    add("group_by", "(xs: [T], f: (T) -> K) -> [K: [T]]");
    add("count_by", "(xs: [T], f: (T) -> K) -> [K: int]");
    add("partition", "(xs: [T], f: (T) -> any) -> ([T], [T])");
    add("chunk", "(xs: [T], n: int) -> [[T]]");
    add("take drop", "(xs: [T], n: int) -> [T]");
    add("enumerate", "(xs: [T]) -> [(int, T)]");
    add("zip", "(xs: [T], ys: [U]) -> [(T, U)]");
    add("union intersection difference", "(a: [T], b: [T]) -> [T]");
    add("range", "(a: int, b: int, step: int = 1) -> [int]");
    // Maps
    add("keys", "(m: [K: V]) -> [K]");
    add("values", "(m: [K: V]) -> [V]");
    add("entries", "(m: [K: V]) -> [(K, V)]");
    add("from_entries", "(xs: [(K, V)]) -> [K: V]");
    add("has_key", "(m: [K: V], k: K) -> bool");
    add("set", "(m: [K: V], k: K, v: V) -> none", Tier::kBoth, kWrites);
    add("delete_key", "(m: [K: V], k: K) -> V?", Tier::kBoth, kWrites);
    add("merge", "(m: [K: V], more: [K: V]..) -> [K: V]");
    add("clone", "(x: T) -> T");
    // Time, money, errors, enums
    add("time", "(x: any) -> time");
    add("year month day hour minute second ms weekday yearday unix", "(t: time) -> int");
    add("date", "(t: time) -> text");
    add("start_of end_of", "(t: time, unit: text) -> time");
    add("add", "(t: time, n: int, unit: text) -> time");
    add("diff", "(a: time, b: time, unit: text) -> int");
    add("relative", "(t: time) -> text");
    add("is_past is_future is_today is_weekend", "(t: time) -> bool");
    add("in_ms", "(d: duration) -> int");
    add("in_seconds in_minutes in_hours in_days", "(d: duration) -> number");
    add("amount", "(m: money) -> number");
    add("minor", "(m: money) -> int");
    add("currency", "(m: money) -> text");
    add("message code trace", "(e: error) -> text");
    add("fields", "(e: error) -> [text: text]");
    add("cause", "(e: error) -> error?");
    add("name", "(e: enum) -> text");
    add("index", "(e: enum) -> int");
    add("name type url extension", "(f: file) -> text");
    add("size", "(f: file) -> int");
    // Output and system
    add("print log log_info log_warn log_error", "(x: any..) -> none", Tier::kBoth, kImpure);
    add("fail", "(message: any, code: text = \"\") -> never", Tier::kBoth, kImpure);
    add("env", "(name: text, default: text? = none) -> text?", Tier::kServer,
        check::kBuiltinServer);
    add("args", "() -> [text]", Tier::kServer, check::kBuiltinServer);
    add("set_timeout set_interval", "(f: () -> any, d: duration) -> any", Tier::kBoth, kImpure);
    add("clear_timeout clear_interval", "(t: any) -> none", Tier::kBoth, kImpure);
    add("generate_uuid", "() -> text", Tier::kServer, check::kBuiltinServer);
    add("sha256 sha512 md5", "(t: text) -> text", Tier::kServer,
        check::kBuiltinServer | check::kBuiltinPure, "http.hash");
    add("raw", "(t: text) -> view");
    add("navigate", "(url: text, replace: bool = false) -> none", Tier::kBrowser, kImpure);
    add("focus scroll_to copy_text", "(t: text) -> none", Tier::kBrowser, kImpure);
    add("media_query_matches", "(q: text) -> bool", Tier::kBrowser, kImpure);
    add("set_cookie", "(name: text, value: text, options: any = none) -> none", Tier::kServer,
        check::kBuiltinServer | kWrites, "http.cookie");
    add("error", "(code: int, message: text) -> any", Tier::kServer, check::kBuiltinServer,
        "http.error");
    if (is_loaded("ws"))
      add("broadcast", "(room: text, v: any) -> int", Tier::kServer, check::kBuiltinServer,
          "ws.broadcast");
    if (is_loaded("async"))
      add("http_get", "(url: text, options: any = none) -> any", Tier::kServer,
          check::kBuiltinServer | check::kBuiltinMaySuspend | check::kBuiltinDetachable,
          "async.http");
  }

  std::vector<std::string> plugins_;
  std::map<std::string, Form, std::less<>> forms_;
  std::vector<std::unique_ptr<check::Builtin>> builtins_;
  std::map<std::string, std::vector<const check::Builtin*>, std::less<>> by_name_;
  std::vector<std::string> names_;
  std::map<std::string, check::BoundValidator, std::less<>> validators_;
  std::map<std::string, check::BoundGuard, std::less<>> guards_ = {
      {"auth", guard_row("auth", "() -> bool", 401)},
      {"role", guard_row("role", "(name: text, more: text..) -> bool", 403)}};
  static check::BoundGuard guard_row(std::string name, std::string signature,
                                     std::uint32_t status) {
    std::string op = "http.guard_" + name;
    return {{std::move(name),
             std::move(signature),
             std::move(op),
             check::Tier::kServer,
             check::kBuiltinServer,
             {}},
            status};
  }
};

}  // namespace flin::testing
