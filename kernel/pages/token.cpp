#include "pages/token.h"

#include "base/json.h"

#include <random>

namespace flin::pages {

namespace {

constexpr std::string_view kVersion = "1.";
constexpr std::string_view kPurpose = "page token";

class StringSink final : public ITextSink {
 public:
  void text(Text t) noexcept override { bytes += std::string_view(t); }
  std::string bytes;
};

void append_pairs(std::string& out, const std::vector<std::pair<std::string, std::string>>& pairs,
                  bool values_are_json) {
  out += '[';
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (i > 0) out += ',';
    out += '[';
    json::append_text(out, pairs[i].first);
    out += ',';
    if (values_are_json)
      out += pairs[i].second;
    else
      json::append_text(out, pairs[i].second);
    out += ']';
  }
  out += ']';
}

std::vector<std::pair<std::string, std::string>> read_pairs(const json::Node* node,
                                                            bool values_are_json) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (node == nullptr) return pairs;
  for (const json::Node& pair : node->items)
    if (pair.items.size() == 2)
      pairs.emplace_back(pair.items[0].text,
                         values_are_json ? pair.items[1].raw : pair.items[1].text);
  return pairs;
}

std::string text_of(const json::Node& root, std::string_view key) {
  const json::Node* node = root.find(key);
  return node != nullptr ? std::string(node->text) : std::string();
}

}  // namespace

std::string random_view() {
  static constexpr char kHex[] = "0123456789abcdef";
  std::random_device random;
  std::string view;
  for (int word = 0; word < 4; ++word) {
    const std::uint32_t bits = random();
    for (int shift = 28; shift >= 0; shift -= 4) view += kHex[(bits >> shift) & 15];
  }
  return view;
}

Result<std::string> seal_token(ISealer& sealer, const TokenData& data, std::size_t limit) {
  std::string plain = "{\"sid\":";
  json::append_text(plain, data.sid);
  plain += ",\"view\":";
  json::append_text(plain, data.view);
  plain += ",\"page\":";
  json::append_text(plain, data.page);
  plain += ",\"params\":";
  append_pairs(plain, data.params, false);
  plain += ",\"query\":";
  append_pairs(plain, data.query, false);
  plain += ",\"build\":";
  json::append_text(plain, data.build);
  plain += ",\"issued\":";
  json::append_int(plain, data.issued_ms);
  plain += ",\"cells\":";
  append_pairs(plain, data.cells, true);
  plain += '}';
  StringSink sealed;
  sealed.bytes = kVersion;
  if (const Status status = sealer.seal(kPurpose, std::string_view(plain), sealed); !status.ok())
    return Error{status.code(), std::string(status.message())};
  if (sealed.bytes.size() > limit)
    return Error{code('R', 3), "memory limit reached: the token of this page has " +
                                   std::to_string(sealed.bytes.size()) +
                                   " bytes, token_bytes allows " + std::to_string(limit)};
  return std::move(sealed.bytes);
}

Result<TokenData> open_token(ISealer& sealer, std::string_view token) {
  const Error refused{code('R', 403), "action not allowed"};
  if (token.substr(0, kVersion.size()) != kVersion) return refused;
  StringSink plain;
  if (!sealer.open(kPurpose, token.substr(kVersion.size()), plain).ok()) return refused;
  const auto document = json::Document::parse(plain.bytes);
  if (!document.ok()) return refused;
  const json::Node& root = document.value().root();
  TokenData data;
  data.sid = text_of(root, "sid");
  data.view = text_of(root, "view");
  data.page = text_of(root, "page");
  data.build = text_of(root, "build");
  data.params = read_pairs(root.find("params"), false);
  data.query = read_pairs(root.find("query"), false);
  data.cells = read_pairs(root.find("cells"), true);
  if (const json::Node* issued = root.find("issued")) data.issued_ms = issued->integer;
  return data;
}

}  // namespace flin::pages
