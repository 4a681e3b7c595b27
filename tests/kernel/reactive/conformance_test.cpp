// Runs cases.json, the suite shared with js/src/signals.js, against the C++ graph. The format is in
// README.md beside this file.
#include "base/json.h"
#include "reactive/graph.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <variant>

namespace flin::reactive {
namespace {

using Value = std::variant<std::monostate, bool, std::int64_t, std::string>;
using Actions = const json::Node&;

std::string text_of(const Value& v) {
  if (std::holds_alternative<std::monostate>(v)) return "null";
  if (const bool* b = std::get_if<bool>(&v)) return *b ? "true" : "false";
  if (const std::int64_t* i = std::get_if<std::int64_t>(&v)) return std::to_string(*i);
  return std::get<std::string>(v);
}
std::int64_t int_of(const Value& v) { return std::get<std::int64_t>(v); }

class Runner {
 public:
  void perform(Actions list) {
    for (const json::Node& action : list.items) act(std::string(action.items[0].text), action);
  }

 private:
  struct Cell {  // a node with its value and what it runs
    Graph::Id id = Graph::kNone;
    Value value;
    bool is_effect = false, ended = false, has_run = false;
    std::function<void()> body;
    std::function<bool()> compute;
  };

  static void run_body(void* p) { (*static_cast<std::function<void()>*>(p))(); }
  static bool run_compute(void* p) { return (*static_cast<std::function<bool()>*>(p))(); }

  Cell& make(const std::string& name) {
    cells_.push_back(std::make_unique<Cell>());
    return *(names_[name] = cells_.back().get());
  }

  void began(const std::string& name) {
    ++runs_[name];
    trace_.push_back(name);
  }

  Value value(const json::Node& x) {
    if (x.type == json::Type::kNull) return {};
    if (x.type == json::Type::kBool) return x.boolean;
    if (x.type == json::Type::kNumber) return x.integer;
    if (x.type == json::Type::kText) {
      if (x.text.empty() || x.text[0] != '$') return std::string(x.text);
      return read(std::string(x.text.substr(1)));
    }
    return operate(std::string(x.items[0].text), x);
  }

  Value read(const std::string& name) {
    Cell& cell = *names_.at(name);
    graph_.read(cell.id);
    return cell.value;
  }

  Value operate(const std::string& op, const json::Node& x) {
    if (op == "if") return value(std::get<bool>(value(x.items[1])) ? x.items[2] : x.items[3]);
    if (op == "peek") {
      const Graph::Id before = graph_.begin_untracked();
      Value v = value(x.items[1]);
      graph_.end_untracked(before);
      return v;
    }
    if (op == "sum_of") {
      std::int64_t sum = 0;
      for (std::int64_t i = 1; i <= x.items[2].integer; ++i)
        sum += int_of(read(std::string(x.items[1].text) + std::to_string(i)));
      return sum;
    }
    std::vector<Value> args;
    for (std::size_t i = 1; i < x.items.size(); ++i) args.push_back(value(x.items[i]));
    if (op == "join") {
      std::string out;
      for (const Value& v : args) out += text_of(v);
      return out;
    }
    if (op == "eq") return args[0] == args[1];
    if (op == "lt") return int_of(args[0]) < int_of(args[1]);
    std::int64_t out = int_of(args[0]);
    for (std::size_t i = 1; i < args.size(); ++i) {
      const std::int64_t b = int_of(args[i]);
      out = op == "add" ? out + b : op == "mul" ? out * b : op == "sub" ? out - b : out % b;
    }
    return out;
  }

  void make_computed(const std::string& name, std::function<Value()> fn) {
    Cell& cell = make(name);
    cell.compute = [this, &cell, name, fn] {
      began(name);
      Value next = fn();
      const bool changed = !cell.has_run || next != cell.value;
      cell.has_run = true;
      cell.value = std::move(next);
      return changed;
    };
    cell.id = graph_.computed(run_compute, &cell.compute);
  }

  void make_effect(const std::string& name, std::function<void()> fn) {
    Cell& cell = make(name);
    cell.is_effect = true;
    cell.body = [this, name, fn] {
      began(name);
      fn();
    };
    cell.id = Graph::kNone;
    const Graph::Id id = graph_.effect(run_body, &cell.body);
    cell.id = id;
    if (cell.ended) graph_.dispose(id);
  }

  void set(const std::string& name, Value v) {
    Cell& cell = *names_.at(name);
    if (cell.value == v) return;
    cell.value = std::move(v);
    graph_.changed(cell.id);
  }

  void act(const std::string& what, const json::Node& a) {
    const auto name = [&] { return std::string(a.items[1].text); };
    if (what == "signal") {
      Value v = value(a.items[2]);
      Cell& cell = make(name());
      cell.id = graph_.source();
      cell.value = std::move(v);
    } else if (what == "computed") {
      make_computed(name(), [this, &a] { return value(a.items[2]); });
    } else if (what == "effect") {
      make_effect(name(), [this, &a] { perform(a.items[2]); });
    } else if (what == "scope") {
      Graph::ScopeGuard guard;
      Cell& cell = make(name());
      cell.id = graph_.scope(guard);
      perform(a.items[2]);
      graph_.end_scope(guard);
    } else if (what == "set") {
      set(name(), value(a.items[2]));
    } else if (what == "batch") {
      graph_.begin_batch();
      perform(a.items[1]);
      graph_.end_batch();
    } else if (what == "untracked") {
      const Graph::Id before = graph_.begin_untracked();
      perform(a.items[1]);
      graph_.end_untracked(before);
    } else if (what == "when") {
      const bool yes = std::get<bool>(value(a.items[1]));
      if (yes || a.items.size() > 3) perform(yes ? a.items[2] : a.items[3]);
    } else if (what == "read") {
      value(a.items[1]);
    } else if (what == "log") {
      Value v = value(a.items[2]);
      trace_.push_back(name() + "=" + text_of(v));
    } else if (what == "cleanup") {
      Cell& cell = make("~" + name());
      cell.body = [this, n = name()] { trace_.push_back("~" + n); };
      graph_.on_cleanup(run_body, &cell.body);
    } else if (what == "dispose") {
      Cell& cell = *names_.at(name());
      if (cell.is_effect && cell.id == Graph::kNone)
        cell.ended = true;  // from its own first run
      else if (!cell.ended)
        cell.ended = true, graph_.dispose(cell.id);
    } else {
      act_many(what, a);
    }
  }

  void act_many(const std::string& what, const json::Node& a) {
    const std::string prefix(a.items.size() > 1 ? std::string(a.items[1].text) : "");
    if (what == "chain" || what == "fan" || what == "effects") {
      const json::Node& x = a.items[3];
      for (std::int64_t i = 1; i <= a.items[2].integer; ++i) {
        const std::string name = prefix + std::to_string(i),
                          before = prefix + std::to_string(i - 1);
        if (what == "chain")
          make_computed(
              name, [this, i, before, &x] { return int_of(i == 1 ? value(x) : read(before)) + 1; });
        else if (what == "fan")
          make_computed(name, [this, i, &x] { return int_of(value(x)) + i; });
        else
          make_effect(name, [this, &x] { value(x); });
      }
    } else if (what == "trace") {
      std::vector<std::string> expected;
      for (const json::Node& t : a.items[1].items) expected.emplace_back(t.text);
      EXPECT_EQ(trace_, expected);
      trace_.clear();
    } else if (what == "quiet") {
      trace_.clear();
    } else if (what == "value") {
      const Graph::Id before = graph_.begin_untracked();
      EXPECT_EQ(text_of(value(a.items[1])), text_of(value(a.items[2])));
      graph_.end_untracked(before);
    } else if (what == "runs") {
      EXPECT_EQ(runs_[prefix], a.items[2].integer) << "runs of " << prefix;
    } else {
      FAIL() << "unknown action " << what;
    }
  }

  Graph graph_;
  std::vector<std::unique_ptr<Cell>> cells_;
  std::map<std::string, Cell*> names_;
  std::map<std::string, std::int64_t> runs_;
  std::vector<std::string> trace_;
};

TEST(ReactiveConformance, AllSharedCases) {
  std::ifstream in(FLIN_CASES);
  std::stringstream buffer;
  buffer << in.rdbuf();
  const std::string text = buffer.str();
  auto document = json::Document::parse(text, 200);
  ASSERT_TRUE(document.ok()) << document.error().message;
  const json::Node& cases = document.value().root();
  ASSERT_GE(cases.items.size(), 40u);
  for (const json::Node& c : cases.items) {
    SCOPED_TRACE(std::string(c.find("name")->text));
    Runner().perform(*c.find("steps"));
  }
}

}  // namespace
}  // namespace flin::reactive
