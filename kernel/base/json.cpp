// Reads with RapidJSON's SAX reader and builds the tree bottom up: a finished array or object takes
// its items from the top of one stack. RapidJSON is seen in this file only.
#include "base/json.h"

#include "base/number_text.h"
#include "base/text.h"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <charconv>
#include <cmath>
#include <unordered_set>

namespace flin::json {

namespace {

constexpr std::uint32_t kBadJson = static_cast<std::uint32_t>('R') << 24 | 21;

using Reader = rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>>;
using Texts = std::vector<std::unique_ptr<std::string>>;

class Builder {
 public:
  Builder(std::string_view input, const rapidjson::MemoryStream& stream, std::size_t depth_limit,
          Texts& texts)
      : input_(input), stream_(stream), depth_limit_(depth_limit), texts_(texts) {}

  bool Null() { return add(Type::kNull, 4); }
  bool Bool(bool value) {
    const bool added = add(Type::kBool, value ? 4 : 5);
    stack_.back().boolean = value;
    return added;
  }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    add(Type::kNumber, size);
    read_number(stack_.back(), {text, size});
    return true;
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    const std::size_t start = token_start();
    const std::size_t end = stream_.Tell();
    Node node;
    node.type = Type::kText;
    node.raw = input_.substr(start, end - start);
    if (!take_text(node.raw, {text, size}, node.text)) return false;
    stack_.push_back(std::move(node));
    last_ = end;
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    const std::size_t start = token_start();
    const std::size_t end = stream_.Tell();
    std::string_view key;
    if (!take_text(input_.substr(start, end - start), {text, size}, key)) return false;
    keys_.push_back(key);
    last_ = end;
    return true;
  }
  bool StartObject() { return open(Type::kObject); }
  bool StartArray() { return open(Type::kArray); }
  bool EndObject(rapidjson::SizeType count) { return close(count, true); }
  bool EndArray(rapidjson::SizeType count) { return close(count, false); }

  // With kParseNumbersAsStringsFlag none of these is called.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  Node take_root() { return std::move(stack_.back()); }

 private:
  bool add(Type type, std::size_t size) {
    const std::size_t start = token_start();
    Node node;
    node.type = type;
    node.raw = input_.substr(start, size);
    stack_.push_back(std::move(node));
    last_ = start + size;
    return true;
  }

  static void read_number(Node& node, std::string_view text) {
    node.number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), node.number);
    if (result.ec == std::errc::result_out_of_range)
      node.number = std::strtod(std::string(text).c_str(), nullptr);
    if (text.find_first_of(".eE") != std::string_view::npos) return;
    const auto whole = std::from_chars(text.data(), text.data() + text.size(), node.integer);
    node.is_int = whole.ec == std::errc{};
  }

  // Where the token begins that the reader has just taken: behind the last one and its separators.
  std::size_t token_start() const {
    std::size_t at = last_;
    while (at < input_.size() &&
           std::string_view(" \t\r\n,:").find(input_[at]) != std::string_view::npos)
      ++at;
    return at;
  }

  // RapidJSON lets lone low surrogates through; the check refuses their bytes.
  bool take_text(std::string_view raw, std::string_view decoded, std::string_view& out) {
    if (raw.size() == decoded.size() + 2) {
      out = raw.substr(1, decoded.size());
      return true;
    }
    if (!text::is_valid_utf8(decoded)) return false;
    texts_.push_back(std::make_unique<std::string>(decoded));
    out = *texts_.back();
    return true;
  }

  bool open(Type type) {
    const std::size_t start = token_start();
    last_ = start + 1;
    if (open_.size() == depth_limit_) return false;
    Node node;
    node.type = type;
    open_.push_back({std::move(node), start});
    return true;
  }

  bool close(std::size_t count, bool is_object) {
    Node node = std::move(open_.back().node);
    const std::size_t start = open_.back().start;
    open_.pop_back();
    last_ = token_start() + 1;  // the closing bracket
    node.raw = input_.substr(start, last_ - start);
    node.items.assign(std::make_move_iterator(stack_.end() - count),
                      std::make_move_iterator(stack_.end()));
    stack_.resize(stack_.size() - count);
    if (is_object) {
      node.keys.assign(keys_.end() - count, keys_.end());
      keys_.resize(keys_.size() - count);
      if (has_duplicates(node.keys)) return false;
    }
    stack_.push_back(std::move(node));
    return true;
  }

  static bool has_duplicates(const std::vector<std::string_view>& keys) {
    if (keys.size() > 16)
      return std::unordered_set<std::string_view>(keys.begin(), keys.end()).size() != keys.size();
    for (std::size_t i = 0; i < keys.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (keys[i] == keys[j]) return true;
    return false;
  }

  struct Open {
    Node node;
    std::size_t start;
  };
  std::string_view input_;
  const rapidjson::MemoryStream& stream_;
  std::size_t depth_limit_;
  Texts& texts_;
  std::vector<Node> stack_;
  std::vector<std::string_view> keys_;
  std::vector<Open> open_;
  std::size_t last_ = 0;
};

Error bad_json(std::string_view input, std::size_t at) {
  at = std::min(at, input.size());
  std::size_t line = 1, line_start = 0;
  for (std::size_t i = 0; i < at; ++i) {
    if (input[i] != '\n') continue;
    ++line;
    line_start = i + 1;
  }
  const std::size_t column = text::count(input.substr(line_start, at - line_start)) + 1;
  return {kBadJson, "bad JSON at " + std::to_string(line) + ":" + std::to_string(column)};
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (keys[i] == key) return &items[i];
  return nullptr;
}

Result<Document> Document::parse(std::string_view input, std::size_t depth_limit) {
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag |
                              rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseNumbersAsStringsFlag;
  Document document;
  rapidjson::MemoryStream stream(input.data(), input.size());
  Reader reader;
  Builder builder(input, stream, depth_limit, document.texts_);
  const auto result = reader.Parse<kFlags>(stream, builder);
  if (result.IsError()) return bad_json(input, result.Offset());
  // A zero byte looks like the end to the reader.
  if (stream.Tell() != input.size()) return bad_json(input, stream.Tell());
  document.root_ = std::make_unique<Node>(builder.take_root());
  return document;
}

void append_text(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text.data() + start, at - start);
    start = at + 1;
    out.push_back('\\');
    switch (c) {
      case '"': out.push_back('"'); break;
      case '\\': out.push_back('\\'); break;
      case '\n': out.push_back('n'); break;
      case '\r': out.push_back('r'); break;
      case '\t': out.push_back('t'); break;
      case '\b': out.push_back('b'); break;
      case '\f': out.push_back('f'); break;
      default:
        out += "u00";
        out.push_back(kHex[c >> 4]);
        out.push_back(kHex[c & 15]);
    }
  }
  out.append(text.data() + start, text.size() - start);
  out.push_back('"');
}

void append_int(std::string& out, std::int64_t value) { text::append_int(out, value); }

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  text::append_number(out, value);
}

}  // namespace flin::json
