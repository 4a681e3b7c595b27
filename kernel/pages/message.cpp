#include "pages/message.h"

namespace flin::pages {

void send_text(IFrameSink& sink, std::string message) {
  const BytesRef bytes(std::move(message));
  IBytes* const parts[] = {bytes.get()};
  sink.send(Frame{List<IBytes*>(parts), 0});
}

std::string error_message(const Error& error, std::string_view action, std::string_view key) {
  std::string out = "{\"type\":\"error\",\"code\":";
  json::append_text(out, code_text(error.code));
  out += ",\"message\":";
  json::append_text(out, error.message);
  if (!action.empty()) {
    out += ",\"action\":";
    json::append_text(out, action);
  }
  if (!key.empty()) {
    out += ",\"key\":";
    json::append_text(out, key);
  }
  return out + "}";
}

std::string reload_message(std::string_view reason, std::string_view build) {
  std::string out = "{\"type\":\"reload\",\"reason\":";
  json::append_text(out, reason);
  if (!build.empty()) {
    out += ",\"build\":";
    json::append_text(out, build);
  }
  return out + "}";
}

std::string diagnostics_message(std::string_view text) {
  std::string out = "{\"type\":\"diagnostics\",\"text\":";
  json::append_text(out, text);
  return out + "}";
}

std::string shown_message(const Error& error, bool production) {
  const std::uint32_t number = error.code & 0xFFFFFF;
  const bool is_for_people = number >= 100 && number < 500;
  const bool was_raised = number == 16;  // fail("..") speaks to people
  return production && !is_for_people && !was_raised ? "internal error" : error.message;
}

std::string error_object(const ShownError& shown, bool production) {
  std::string out = "{\"code\":";
  json::append_text(out, code_text(shown.error.code));
  out += ",\"message\":";
  json::append_text(out, shown_message(shown.error, production));
  if (!shown.fields.empty()) {
    out += ",\"fields\":{";
    for (std::size_t i = 0; i < shown.fields.size(); ++i) {
      if (i > 0) out += ',';
      json::append_text(out, shown.fields[i].first);
      out += ':';
      json::append_text(out, shown.fields[i].second);
    }
    out += '}';
  }
  return out + "}";
}

namespace {

// Values are kept while their neighbours are made: making one may collect.
class Keeper {
 public:
  explicit Keeper(ICall& call) : call_(call) {}
  ~Keeper() {
    for (const std::uint64_t handle : handles_) call_.forget(handle);
  }
  void add(Value value) { handles_.push_back(call_.keep(value)); }
  std::vector<Value> values() const {
    std::vector<Value> values;
    for (const std::uint64_t handle : handles_) values.push_back(call_.kept(handle));
    return values;
  }

 private:
  ICall& call_;
  std::vector<std::uint64_t> handles_;
};

Value make_text(ICall& call, std::string_view text) {
  Plain plain;
  plain.kind = Kind::kText;
  plain.text = text;
  return call.make(plain);
}

}  // namespace

Value from_json(ICall& call, const json::Node& node) {
  Plain plain;
  switch (node.type) {
    case json::Type::kNull: break;
    case json::Type::kBool:
      plain.kind = Kind::kBool;
      plain.i = node.boolean ? 1 : 0;
      break;
    case json::Type::kNumber:
      plain.kind = node.is_int ? Kind::kInt : Kind::kNumber;
      plain.i = node.integer;
      plain.n = node.number;
      break;
    case json::Type::kText: return make_text(call, node.text);
    case json::Type::kArray: {
      Keeper keeper(call);
      for (const json::Node& item : node.items) keeper.add(from_json(call, item));
      const std::vector<Value> values = keeper.values();
      return call.make_list(values.data(), values.size());
    }
    case json::Type::kObject: {
      Keeper keeper(call);
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        keeper.add(make_text(call, node.keys[i]));
        keeper.add(from_json(call, node.items[i]));
      }
      const std::vector<Value> values = keeper.values();
      return call.make_map(values.data(), values.size() / 2);
    }
  }
  return call.make(plain);
}

Value make_text_map(ICall& call, const std::vector<std::pair<std::string, std::string>>& pairs) {
  Keeper keeper(call);
  for (const auto& [name, value] : pairs) {
    keeper.add(make_text(call, name));
    keeper.add(make_text(call, value));
  }
  const std::vector<Value> values = keeper.values();
  return call.make_map(values.data(), pairs.size());
}

}  // namespace flin::pages
