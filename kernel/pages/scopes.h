// The scopes of an open page (W 4.2): rows of live lists, instances of components and contents of
// slots, as far as live values depend on them. They open and close as the data of the server comes
// and goes; what the server cannot know (variables of components, props made of them) the browser
// gives by scope. One per open page. [loop-thread]
#pragma once

#include "base/json.h"
#include "bytecode/chunk.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flin::pages {

class Scopes {
 public:
  // The page that the scopes belong to: opens live values and has their newest data.
  class Page {
   public:
    virtual ~Page() = default;
    // A page variable or a path of the request as JSON; none: it is not known.
    virtual std::optional<std::string> page_input(const bytecode::InputRow& input) = 0;
    // The live value `key` of row `row` is open from now on, with these inputs (a JSON array).
    // `asks`: some of its inputs come from the browser. Called again when inputs change, or
    // `force`.
    virtual void open(const std::string& key, std::uint32_t row, std::string inputs, bool asks) = 0;
    virtual void close(const std::string& key) = 0;
    virtual const json::Node* data(const std::string& key) = 0;  // null: not yet
  };

  // `unit`: function of the page.
  Scopes(const bytecode::Chunk& chunk, const bytecode::PageRow& page, Page& owner);
  ~Scopes();

  // Opens and closes what must be by now, everywhere.
  void sync();
  // The value of a live value has changed: what hangs on it is opened and closed.
  void changed(const std::string& key);

  // What the browser gives: input name ("filter", "props:user") -> JSON, of the instance `path`.
  using Inputs = std::map<std::string, std::string, std::less<>>;
  void give(const std::string& path, Inputs inputs) { given_[path] = std::move(inputs); }
  void give(const std::string& path, std::string_view name, std::string json);
  void take(const std::string& path) { given_.erase(path); }
  bool is_given(const std::string& path) const { return given_.count(path) != 0; }
  std::size_t given() const { return given_.size(); }
  // Whether an instance is shown at `path`.
  bool is_shown(const std::string& path) const { return instances_.count(path) != 0; }
  // The page or component whose instances stand at such a path, whether one does or not.
  std::optional<std::uint32_t> unit_at(std::string_view path) const;
  // Whether `path`, or a scope around it, has been open and is closed: the browser cannot know yet.
  bool is_gone(const std::string& path) const;

  // The inputs of an open live value that have this address ("q", "c2.filter", "c2.props:user").
  bool reads(const std::string& key, std::uint32_t row, std::string_view address) const;

 private:
  struct Scope;
  struct Instance {
    std::uint32_t unit = 0;
    std::string path;
    Scope* use = nullptr;  // where it is used; null: the page
    std::uint32_t place = bytecode::kNoIndex;
    std::map<std::string, std::string, std::less<>> props;  // what the server knows of them
  };
  struct Scope {
    Scope* parent = nullptr;
    Instance* instance = nullptr;
    std::unique_ptr<Instance> own;             // of the scope that begins it
    std::uint32_t place = bytecode::kNoIndex;  // kNoIndex: the root of its instance
    std::string_view content_of;
    std::string path, item;
    std::int64_t index = 0;
    std::set<std::string> keys, watched;  // live values opened here; those its structure hangs on
    std::map<std::pair<std::uint32_t, std::string>, std::unique_ptr<Scope>> children;
  };
  using Child = std::map<std::pair<std::uint32_t, std::string>, std::unique_ptr<Scope>>::iterator;

  void sync(Scope& scope, bool deep);
  void sync_place(Scope& scope, std::uint32_t place, bool deep);
  void sync_rows(Scope& scope, std::uint32_t place, bool deep);
  void sync_use(Scope& scope, std::uint32_t place, bool deep);
  void sync_slot(Scope& scope, std::uint32_t place, bool deep);
  void open_value(const std::string& key, std::uint32_t row, Scope& scope);
  std::optional<std::string> input(const bytecode::InputRow& row, Scope& scope, bool& asks) const;
  std::optional<std::string> inputs(const bytecode::LiveRow& row, Scope& scope, bool& asks) const;
  std::string key_of(std::uint32_t row, Scope& scope) const;
  // The scope of a place that lies around, in the same instance.
  static Scope* around(Scope& scope, std::uint32_t place);
  const json::Node* watch(const std::string& key, Scope& scope, std::uint32_t place);
  static std::size_t nesting(const Scope& scope);
  bool knows_props(const bytecode::LiveRow& prop, const Scope& scope) const;
  Scope& child(Scope& scope, std::uint32_t place, std::string key, std::string step);
  void close(Scope& scope);

  const bytecode::Chunk& chunk_;
  const bytecode::PageRow& page_;
  Page& owner_;
  std::unique_ptr<Scope> root_;
  std::map<std::string, Inputs, std::less<>> given_;
  std::map<std::string, Scope*, std::less<>> instances_;  // roots of instances, by path
  std::map<std::string, Scope*, std::less<>> keys_;       // open live values
  std::map<std::string, std::set<std::pair<Scope*, std::uint32_t>>> dependents_;
  std::vector<std::string> gone_;  // paths closed lately
};

// The step of a row, of `{for}` at view row 4 with key 7: "b4:7".
std::string row_step(std::uint32_t view_row, std::string_view key);
// "c2" and "b4:7" make "c2/b4:7".
std::string path_below(std::string_view path, std::string_view step);

}  // namespace flin::pages
