#include "messages.h"

#include "flin/http/json_out.h"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace flin::ws {
namespace {

using http::append_json_text;

// Walks the object and keeps the members of its top that matter here.
class Reader : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Reader> {
 public:
  Reader(Message& out, std::size_t depth) : out_(out), most_(depth) {}

  bool Default() { return scalar(); }
  bool Uint(unsigned value) { return number(value); }
  bool Uint64(std::uint64_t value) { return number(value); }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ == 1 && key_ == "action") {
      out_.action.assign(text, size);
    } else if (depth_ == 1 && key_ == "type") {
      out_.type.assign(text, size);
      out_.has_type = true;
    } else {
      return scalar();
    }
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ == 1) key_.assign(text, size);
    return true;
  }
  bool StartObject() { return open(); }
  bool StartArray() { return depth_ > 0 && open(); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  std::string problem;

 private:
  bool fail(const char* what) {
    if (problem.empty()) problem = what;
    return false;
  }
  bool scalar() {
    if (depth_ == 0) return fail("A message is a JSON object.");
    if (depth_ == 1 && key_ == "action") return fail("'action' of a message is a text.");
    if (depth_ == 1 && key_ == "type") return fail("'type' of a message is a text.");
    if (depth_ == 1 && key_ == "since") return fail("'since' of a message is a whole number.");
    return true;
  }
  bool number(std::uint64_t value) {
    if (depth_ != 1 || key_ != "since") return scalar();
    out_.since = value;
    out_.has_since = true;
    return true;
  }
  bool open() {
    if (depth_ == 1 && (key_ == "action" || key_ == "type" || key_ == "since")) return scalar();
    return ++depth_ <= most_ || fail("A message is nested too deeply.");
  }
  bool close() {
    --depth_;
    return true;
  }

  Message& out_;
  std::size_t most_;
  std::size_t depth_ = 0;
  std::string key_;
};

}  // namespace

std::string read_message(std::string_view json, std::size_t depth, Message& out) {
  out = Message();
  rapidjson::MemoryStream stream(json.data(), json.size());
  rapidjson::Reader reader;
  Reader handler(out, depth);
  if (reader.Parse<rapidjson::kParseIterativeFlag>(stream, handler).IsError()) {
    return handler.problem.empty() ? "A message is a JSON object." : handler.problem;
  }
  if (out.action.empty()) return "A message has an 'action'.";
  return {};
}

std::string error_message(std::string_view code, std::string_view message) {
  std::string out = "{\"type\":\"error\",\"code\":";
  append_json_text(out, code);
  out.append(",\"message\":");
  append_json_text(out, message);
  return out.append("}");
}

std::string page_error(std::string_view code, std::string_view message, std::string_view action) {
  std::string out = error_message(code, message);
  out.pop_back();
  out.append(",\"action\":");
  append_json_text(out, action);
  return out.append("}");
}

std::string subscribed_message(std::string_view type, std::uint64_t seq, bool recovered) {
  std::string out = "{\"type\":\"subscribed\",\"entity_type\":";
  append_json_text(out, type);
  out.append(",\"seq\":")
      .append(std::to_string(seq))
      .append(recovered ? ",\"recovered\":true}" : ",\"recovered\":false}");
  return out;
}

std::string unsubscribed_message(std::string_view type) {
  std::string out = "{\"type\":\"unsubscribed\",\"entity_type\":";
  append_json_text(out, type);
  return out.append("}");
}

}  // namespace flin::ws
