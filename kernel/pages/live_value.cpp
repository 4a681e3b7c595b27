#include "pages/live_value.h"

#include "base/json.h"

#include <algorithm>
#include <unordered_map>

namespace flin::pages {

namespace {

LiveRow read_row(const json::Node& node) {
  LiveRow row;
  row.json = std::string(node.raw);
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const json::Node& value = node.items[i];
    if (node.keys[i] == "id") {
      row.id = value.integer;
      continue;
    }
    // Keys are names of fields: they stand in front of their value as written, in quotes and a
    // colon.
    const auto value_at = static_cast<std::uint32_t>(value.raw.data() - node.raw.data());
    const auto key_size = static_cast<std::uint32_t>(node.keys[i].size());
    row.fields.push_back({value_at - key_size - 2, key_size, value_at,
                          static_cast<std::uint32_t>(value.raw.size())});
  }
  return row;
}

// Positions of a longest rising run of `order`: the rows that need not move.
std::vector<bool> longest_rising(const std::vector<std::size_t>& order) {
  std::vector<std::size_t> tails, previous(order.size()), tail_at;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto it = std::lower_bound(tails.begin(), tails.end(), order[i]);
    const auto at = static_cast<std::size_t>(it - tails.begin());
    if (it == tails.end()) {
      tails.push_back(order[i]);
      tail_at.push_back(i);
    } else {
      *it = order[i];
      tail_at[at] = i;
    }
    previous[i] = at == 0 ? order.size() : tail_at[at - 1];
  }
  std::vector<bool> stays(order.size(), false);
  if (tail_at.empty()) return stays;
  for (std::size_t i = tail_at.back(); i < order.size(); i = previous[i]) stays[i] = true;
  return stays;
}

class OpsWriter {
 public:
  void begin(const char* op) {
    out_ += out_.empty() ? "[[\"" : ",[\"";
    out_ += op;
    out_ += '"';
  }
  void id(std::int64_t value) {
    out_ += ',';
    json::append_int(out_, value);
  }
  void after(const LiveRow* row) {
    if (row != nullptr)
      id(row->id);
    else
      out_ += ",null";
  }
  void raw(std::string_view text) {
    out_ += ',';
    out_ += text;
  }
  void end() { out_ += ']'; }
  std::string take() {
    if (!out_.empty()) out_ += ']';
    return std::move(out_);
  }

 private:
  std::string out_;
};

std::string changed_fields(const LiveRow& before, const LiveRow& after) {
  std::string out;
  for (std::size_t i = 0; i < after.fields.size(); ++i) {
    const std::string_view key = after.key(after.fields[i]), value = after.value(after.fields[i]);
    // Rows of one live value have the same fields in the same order, but for "$set".
    if (i < before.fields.size() && before.key(before.fields[i]) == key &&
        before.value(before.fields[i]) == value)
      continue;
    out += out.empty() ? "{" : ",";
    json::append_text(out, key);
    out += ':';
    out += value;
  }
  if (!out.empty()) out += '}';
  return out;
}

std::string list_difference(const LiveData& before, const LiveData& after) {
  std::unordered_map<std::int64_t, std::size_t> old_at, new_at;
  for (std::size_t i = 0; i < before.rows().size(); ++i) old_at.emplace(before.rows()[i].id, i);
  for (std::size_t i = 0; i < after.rows().size(); ++i) new_at.emplace(after.rows()[i].id, i);

  OpsWriter ops;
  for (const LiveRow& row : before.rows())
    if (!new_at.contains(row.id)) {
      ops.begin("-");
      ops.id(row.id);
      ops.end();
    }
  std::vector<std::size_t> kept;  // old positions of rows in both, in new order
  for (const LiveRow& row : after.rows())
    if (const auto it = old_at.find(row.id); it != old_at.end()) kept.push_back(it->second);
  const std::vector<bool> stays = longest_rising(kept);

  std::size_t nth_kept = 0;
  const LiveRow* last = nullptr;
  for (const LiveRow& row : after.rows()) {
    const auto it = old_at.find(row.id);
    if (it == old_at.end()) {
      ops.begin("+");
      ops.after(last);
      ops.raw(row.json);
      ops.end();
    } else {
      if (!stays[nth_kept++]) {
        ops.begin(">");
        ops.id(row.id);
        ops.after(last);
        ops.end();
      }
      if (const std::string fields = changed_fields(before.rows()[it->second], row);
          !fields.empty()) {
        ops.begin("~");
        ops.id(row.id);
        ops.raw(fields);
        ops.end();
      }
    }
    last = &row;
  }
  return ops.take();
}

}  // namespace

LiveData::LiveData(std::string json, bool is_entity_list)
    : json_(std::move(json)), is_list_(is_entity_list) {
  // The JSON was written by this process, so it parses.
  auto document = json::Document::parse(json_);
  if (document.ok())
    document_ = std::make_shared<const json::Document>(std::move(document).value());
  const json::Node* top = root();
  if (!is_list_ || top == nullptr || top->type != json::Type::kArray) {
    is_list_ = false;
    return;
  }
  rows_.reserve(top->items.size());
  for (const json::Node& node : top->items) rows_.push_back(read_row(node));
}

std::string whole(const LiveData& value) { return "[[\"=\"," + value.json() + "]]"; }

std::string difference(const LiveData& before, const LiveData& after) {
  if (before.json() == after.json()) return {};
  if (!before.is_list() || !after.is_list()) return whole(after);
  std::string ops = list_difference(before, after);
  return ops.empty() || ops.size() > after.json().size() + 8 ? whole(after) : ops;
}

}  // namespace flin::pages
