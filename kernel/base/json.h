// JSON (RFC 8259): a small tree for messages, and an appending writer. Strict UTF-8, depth limit 64
// by default, duplicate keys refused, numbers kept as written.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flin::json {

enum class Type : std::uint8_t { kNull, kBool, kNumber, kText, kArray, kObject };

// A parsed value. Texts and raw() are views that live as long as the Document.
struct Node {
  Type type = Type::kNull;
  bool boolean = false;
  bool is_int = false;  // number without fraction or exponent that fits int64
  std::int64_t integer = 0;
  double number = 0;
  std::string_view text;               // kText: unescaped
  std::string_view raw;                // the bytes of this value in the input
  std::vector<Node> items;             // array items, object values
  std::vector<std::string_view> keys;  // object keys, in order

  const Node* find(std::string_view key) const;  // of an object; null: missing
};

class Document {
 public:
  // The input must outlive the document. Error R0021 "bad JSON at line:column".
  static Result<Document> parse(std::string_view input, std::size_t depth_limit = 64);
  const Node& root() const { return *root_; }

 private:
  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<std::string>> texts_;  // unescaped copies
};

void append_text(
    std::string& out,
    std::string_view text);  // quoted and escaped; also < as \u003c when `html` writers ask
void append_int(std::string& out, std::int64_t value);
void append_number(std::string& out,
                   double value);  // shortest form that reads back, as JavaScript writes it

}  // namespace flin::json
