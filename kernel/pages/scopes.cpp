#include "pages/scopes.h"

#include <algorithm>

namespace flin::pages {

using bytecode::InputKind;
using bytecode::kNoIndex;
using bytecode::LiveRow;
using bytecode::PlaceKind;
using bytecode::PlaceRow;

namespace {

constexpr std::size_t kNesting = 200;    // of components (L 9.6)
constexpr std::size_t kGonePaths = 200;  // a browser is never further behind

std::string key_at(std::uint32_t row, const std::string& path) {
  return path.empty() ? std::to_string(row) : std::to_string(row) + '@' + path;
}

bool is_entity(const json::Node& node) {
  const json::Node* id = node.type == json::Type::kObject ? node.find("id") : nullptr;
  return id != nullptr && id->is_int;
}

}  // namespace

std::string row_step(std::uint32_t view_row, std::string_view key) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  static constexpr std::string_view kPlain = "-_.!~*'()";  // as encodeURIComponent has it
  std::string out = "b" + std::to_string(view_row) + ':';
  for (const unsigned char c : key) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          kPlain.find(static_cast<char>(c)) != kPlain.npos;
    if (is_plain) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  return out;
}

std::string path_below(std::string_view path, std::string_view step) {
  return path.empty() ? std::string(step) : std::string(path) + '/' + std::string(step);
}

Scopes::Scopes(const bytecode::Chunk& chunk, const bytecode::PageRow& page, Page& owner)
    : chunk_(chunk), page_(page), owner_(owner), root_(std::make_unique<Scope>()) {
  root_->own = std::make_unique<Instance>();
  root_->instance = root_->own.get();
  root_->instance->unit = page.function;
  instances_[""] = root_.get();
}

Scopes::~Scopes() = default;

void Scopes::sync() {
  for (const std::uint32_t row : page_.live) open_value(std::to_string(row), row, *root_);
  sync(*root_, true);
}

void Scopes::changed(const std::string& key) {
  const auto it = dependents_.find(key);
  if (it == dependents_.end()) return;
  const auto concerned = it->second;  // what is synced may open and close others
  for (const auto& [scope, place] : concerned) {
    const auto now = dependents_.find(key);
    if (now == dependents_.end() || now->second.count({scope, place}) == 0) continue;
    sync_place(*scope, place, false);
  }
}

void Scopes::give(const std::string& path, std::string_view name, std::string json) {
  given_[path].insert_or_assign(std::string(name), std::move(json));
}

std::optional<std::uint32_t> Scopes::unit_at(std::string_view path) const {
  std::vector<std::uint32_t> units = {page_.function};  // what is around, outermost first
  while (!path.empty()) {
    const std::string_view step = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), step.size() + 1));
    if (step.starts_with('s') && units.size() > 1) units.pop_back();
    if (!step.starts_with('c')) continue;
    const auto use =
        std::find_if(chunk_.places.begin(), chunk_.places.end(), [&](const PlaceRow& row) {
          return row.kind == PlaceKind::kUse && row.unit == units.back() &&
                 std::to_string(row.view_row) == step.substr(1);
        });
    if (use == chunk_.places.end()) return std::nullopt;
    units.push_back(use->component);
  }
  return units.back();
}

bool Scopes::is_gone(const std::string& path) const {
  return std::any_of(gone_.begin(), gone_.end(), [&](const std::string& gone) {
    return path == gone || (path.starts_with(gone) && path[gone.size()] == '/');
  });
}

// ---- Inputs ----

Scopes::Scope* Scopes::around(Scope& scope, std::uint32_t place) {
  for (Scope* s = &scope; s != nullptr; s = s->parent)
    if (s->instance == scope.instance && s->place == place) return s;
  return nullptr;
}

std::optional<std::string> Scopes::input(const bytecode::InputRow& row, Scope& scope,
                                         bool& asks) const {
  const auto from_browser = [&](const std::string& name) -> std::optional<std::string> {
    asks = true;
    const auto instance = given_.find(scope.instance->path);
    if (instance == given_.end()) return std::nullopt;
    const auto value = instance->second.find(name);
    if (value == instance->second.end()) return std::nullopt;
    return value->second;
  };
  switch (row.kind) {
    case InputKind::kLocal: {
      const Scope* loop = around(scope, row.place);
      if (loop == nullptr) return std::nullopt;
      return row.is_index ? std::to_string(loop->index) : loop->item;
    }
    case InputKind::kComponentVariable: return from_browser(row.name);
    case InputKind::kProp: {
      const auto known = scope.instance->props.find(row.name);
      if (known != scope.instance->props.end()) return known->second;
      if (scope.instance->use != nullptr) {
        const PlaceRow& use = chunk_.places[scope.instance->place];
        for (std::size_t i = 0; i < use.props.size(); ++i)
          if (use.prop_names[i] == row.name &&
              knows_props(chunk_.lives[use.props[i]], *scope.instance->use))
            return std::nullopt;  // it is being computed
      }
      return from_browser("props:" + row.name);
    }
    case InputKind::kPageVariable: asks = true; return owner_.page_input(row);
    default: return owner_.page_input(row);
  }
}

std::optional<std::string> Scopes::inputs(const LiveRow& row, Scope& scope, bool& asks) const {
  std::string out = "[";
  bool is_complete = true;
  for (const bytecode::InputRow& in : row.inputs) {
    const std::optional<std::string> value = input(in, scope, asks);
    if (out.size() > 1) out += ',';
    if (value)
      out += *value;
    else
      is_complete = false;
  }
  if (!is_complete) return std::nullopt;
  return out + "]";
}

// Whether the props that a prop is made of are the server's too.
bool Scopes::knows_props(const LiveRow& prop, const Scope& scope) const {
  return std::all_of(prop.inputs.begin(), prop.inputs.end(), [&](const bytecode::InputRow& in) {
    if (in.kind != InputKind::kProp) return true;
    const Instance& outer = *scope.instance;
    if (outer.use == nullptr) return false;
    const PlaceRow& use = chunk_.places[outer.place];
    for (std::size_t i = 0; i < use.props.size(); ++i)
      if (use.prop_names[i] == in.name) return knows_props(chunk_.lives[use.props[i]], *outer.use);
    return false;
  });
}

bool Scopes::reads(const std::string& key, std::uint32_t row, std::string_view address) const {
  const auto it = keys_.find(key);
  if (it == keys_.end()) return false;
  const Instance& instance = *it->second->instance;
  const std::string prefix = instance.path.empty() ? std::string() : instance.path + '.';
  for (const bytecode::InputRow& in : chunk_.lives[row].inputs) {
    if (in.kind == InputKind::kPageVariable && in.name == address) return true;
    if (in.kind == InputKind::kComponentVariable && prefix + in.name == address) return true;
    if (in.kind == InputKind::kProp && prefix + "props:" + in.name == address) return true;
  }
  return false;
}

// ---- Opening and closing ----

std::string Scopes::key_of(std::uint32_t row, Scope& scope) const {
  const LiveRow& live = chunk_.lives[row];
  if (live.place != kNoIndex) {
    const Scope* loop = around(scope, live.place);
    return key_at(row, loop != nullptr ? loop->path : std::string());
  }
  if (live.flags & bytecode::kInInstance) return key_at(row, scope.instance->path);
  return std::to_string(row);
}

void Scopes::open_value(const std::string& key, std::uint32_t row, Scope& scope) {
  bool asks = false;
  std::optional<std::string> in = inputs(chunk_.lives[row], scope, asks);
  if (in) {
    scope.keys.insert(key);
    keys_[key] = &scope;
    owner_.open(key, row, std::move(*in), asks);
  } else if (scope.keys.erase(key) != 0) {
    keys_.erase(key);
    owner_.close(key);
  }
}

const json::Node* Scopes::watch(const std::string& key, Scope& scope, std::uint32_t place) {
  dependents_[key].insert({&scope, place});
  scope.watched.insert(key);
  return owner_.data(key);
}

void Scopes::sync(Scope& scope, bool deep) {
  const bool is_root = scope.place == kNoIndex;
  for (std::uint32_t row = 0; row < chunk_.lives.size(); ++row) {
    const LiveRow& live = chunk_.lives[row];
    if (live.unit != scope.instance->unit || (live.flags & bytecode::kServerOnly) ||
        live.place != scope.place || !scope.content_of.empty())
      continue;
    if (is_root && !(live.flags & bytecode::kInInstance)) continue;
    open_value(key_of(row, scope), row, scope);
  }
  for (std::uint32_t place = 0; place < chunk_.places.size(); ++place) {
    const PlaceRow& row = chunk_.places[place];
    if (row.unit == scope.instance->unit && row.parent == scope.place &&
        row.content_of == scope.content_of)
      sync_place(scope, place, deep);
  }
}

void Scopes::sync_place(Scope& scope, std::uint32_t place, bool deep) {
  switch (chunk_.places[place].kind) {
    case PlaceKind::kRows: return sync_rows(scope, place, deep);
    case PlaceKind::kUse: return sync_use(scope, place, deep);
    case PlaceKind::kSlot: return sync_slot(scope, place, deep);
  }
}

Scopes::Scope& Scopes::child(Scope& scope, std::uint32_t place, std::string key, std::string step) {
  auto made = std::make_unique<Scope>();
  made->parent = &scope;
  made->instance = scope.instance;
  made->place = place;
  made->path = path_below(scope.path, step);
  return *(scope.children[{place, std::move(key)}] = std::move(made));
}

void Scopes::close(Scope& scope) {
  for (auto& [at, below] : scope.children) close(*below);
  for (const std::string& key : scope.keys) {
    keys_.erase(key);
    owner_.close(key);
  }
  for (const std::string& key : scope.watched) {
    auto& concerned = dependents_[key];
    std::erase_if(concerned, [&](const auto& entry) { return entry.first == &scope; });
    if (concerned.empty()) dependents_.erase(key);
  }
  if (!scope.own) return;
  instances_.erase(scope.path);
  given_.erase(scope.path);
}

void Scopes::sync_rows(Scope& scope, std::uint32_t place, bool deep) {
  const PlaceRow& row = chunk_.places[place];
  const json::Node* list = watch(key_of(row.live, scope), scope, place);
  if (list != nullptr && row.output != kNoIndex)
    list = row.output < list->items.size() ? &list->items[row.output] : nullptr;
  if (list == nullptr) return;
  std::set<std::string> wanted;
  std::int64_t index = 0;
  for (const json::Node& item : list->items) {
    const bool has_id = is_entity(item);
    std::string key(has_id ? item.find("id")->raw : std::to_string(index));
    std::string value = has_id ? "{\"id\":" + key + "}" : std::string(item.raw);
    wanted.insert(key);
    const auto known = scope.children.find({place, key});
    const bool is_new = known == scope.children.end();
    Scope& below = is_new ? child(scope, place, key, row_step(row.view_row, key)) : *known->second;
    const bool is_same = !is_new && below.item == value && below.index == index;
    below.item = std::move(value);
    below.index = index++;
    if (is_new) std::erase(gone_, below.path);
    if (!is_same || deep) sync(below, deep);
  }
  for (auto it = scope.children.begin(); it != scope.children.end();) {
    if (it->first.first != place || wanted.count(it->first.second) != 0) {
      ++it;
      continue;
    }
    close(*it->second);
    gone_.push_back(it->second->path);
    if (gone_.size() > kGonePaths) gone_.erase(gone_.begin());
    it = scope.children.erase(it);
  }
}

std::size_t Scopes::nesting(const Scope& scope) {
  std::size_t count = 0;
  for (const Instance* i = scope.instance; i->use != nullptr; i = i->use->instance) ++count;
  return count;
}

void Scopes::sync_use(Scope& scope, std::uint32_t place, bool deep) {
  const PlaceRow& row = chunk_.places[place];
  const auto known = scope.children.find({place, {}});
  if (row.live != kNoIndex) {
    const std::string key =
        key_at(row.live, path_below(scope.path, "c" + std::to_string(row.view_row)));
    open_value(key, row.live, scope);
    const json::Node* shown = watch(key, scope, place);
    if (shown == nullptr || shown->type != json::Type::kBool || !shown->boolean) {
      if (known == scope.children.end()) return;
      close(*known->second);
      scope.children.erase(known);
      return;
    }
  }
  std::map<std::string, std::string, std::less<>> props;
  for (std::size_t i = 0; i < row.props.size(); ++i) {
    const LiveRow& prop = chunk_.lives[row.props[i]];
    if (!knows_props(prop, scope)) continue;
    if (prop.flags & bytecode::kPassesOn) {
      bool asks = false;
      if (const auto value = input(prop.inputs[0], scope, asks)) props[row.prop_names[i]] = *value;
      continue;
    }
    const std::string key =
        key_at(row.props[i], path_below(scope.path, "c" + std::to_string(row.view_row)));
    open_value(key, row.props[i], scope);
    if (const json::Node* value = watch(key, scope, place))
      props[row.prop_names[i]] = std::string(value->raw);
  }
  const bool is_new = known == scope.children.end();
  if (is_new && nesting(scope) >= kNesting) return;
  Scope& below =
      is_new ? child(scope, place, {}, "c" + std::to_string(row.view_row)) : *known->second;
  if (is_new) {
    below.own = std::make_unique<Instance>();
    below.own->unit = row.component;
    below.own->path = below.path;
    below.own->use = &scope;
    below.own->place = place;
    below.instance = below.own.get();
    below.place = kNoIndex;
    instances_[below.path] = &below;
  }
  const bool is_same = !is_new && below.instance->props == props;
  below.instance->props = std::move(props);
  if (!is_same || deep) sync(below, true);
}

// Content belongs to the instance that wrote it: what is around it there is around it here.
void Scopes::sync_slot(Scope& scope, std::uint32_t place, bool deep) {
  const Instance& inner = *scope.instance;
  if (inner.use == nullptr) return;
  const PlaceRow& row = chunk_.places[place];
  const auto known = scope.children.find({place, {}});
  const bool is_new = known == scope.children.end();
  Scope& below =
      is_new ? child(scope, place, {}, "s" + std::to_string(row.view_row)) : *known->second;
  if (is_new) {
    below.instance = inner.use->instance;
    below.place = inner.place;
    below.content_of = row.slot;
  }
  if (is_new || deep) sync(below, deep);
}

}  // namespace flin::pages
