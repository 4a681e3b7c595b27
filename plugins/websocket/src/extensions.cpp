#include "extensions.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace flin::ws {
namespace {

// RFC 2616 2.2, which RFC 6455 takes its `token` from.
bool is_token_char(char c) {
  return c > 0x20 && c < 0x7F &&
         std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
}

struct Parameter {
  std::string name, value;
  bool has_value = false;
};
struct Offer {
  std::string name;
  std::vector<Parameter> parameters;
};

// Reads lists of tokens with parameters, piece by piece.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) { skip_blanks(); }

  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }
  bool token(std::string& out) {
    std::size_t size = 0;
    while (size < rest_.size() && is_token_char(rest_[size])) ++size;
    if (size == 0) return false;
    out.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
    skip_blanks();
    return true;
  }
  // A quoted value has to be a token once its quotes and backslashes are gone (RFC 6455 9.1).
  bool value(std::string& out) {
    if (rest_.empty() || rest_.front() != '"') return token(out);
    std::size_t i = 1;
    for (; i < rest_.size() && rest_[i] != '"'; ++i) {
      if (rest_[i] == '\\') ++i;
      if (i >= rest_.size() || !is_token_char(rest_[i])) return false;
      out.push_back(rest_[i]);
    }
    if (i >= rest_.size() || out.empty()) return false;
    rest_.remove_prefix(i + 1);
    skip_blanks();
    return true;
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
      rest_.remove_prefix(1);
  }
  std::string_view rest_;
};

bool read_offer(Scanner& scanner, Offer& out) {
  if (!scanner.token(out.name)) return false;
  while (scanner.take(';')) {
    Parameter parameter;
    if (!scanner.token(parameter.name)) return false;
    if (scanner.take('=')) {
      parameter.has_value = true;
      if (!scanner.value(parameter.value)) return false;
    }
    out.parameters.push_back(std::move(parameter));
  }
  return true;
}

// One header line: 1#item, where empty items count for nothing.
template <class Read>
bool read_list(std::string_view text, Read read) {
  Scanner scanner(text);
  bool any = false;
  for (bool more = true; more; more = scanner.take(',')) {
    while (scanner.take(',')) {}
    if (scanner.at_end()) return any;
    if (!read(scanner)) return false;
    any = true;
  }
  return scanner.at_end();
}

// 8 to 15 without leading zeros (RFC 7692 7.1.2); 0 for anything else.
int window_bits(const Parameter& parameter) {
  const std::string& text = parameter.value;
  if (text.size() == 1 && (text[0] == '8' || text[0] == '9')) return text[0] - '0';
  if (text.size() == 2 && text[0] == '1' && text[1] >= '0' && text[1] <= '5')
    return 10 + text[1] - '0';
  return 0;
}

// A parameter that is unknown, given twice or has a value it may not have declines the offer (RFC
// 7692 7.1).
bool accept(const Offer& offer, Compression& out) {
  if (offer.name != "permessage-deflate") return false;
  std::vector<std::string_view> seen;
  Compression agreed;
  for (const Parameter& parameter : offer.parameters) {
    if (std::find(seen.begin(), seen.end(), parameter.name) != seen.end()) return false;
    seen.push_back(parameter.name);
    if (parameter.name == "server_no_context_takeover" ||
        parameter.name == "client_no_context_takeover") {
      if (parameter.has_value) return false;
    } else if (parameter.name == "server_max_window_bits") {
      agreed.window_bits = window_bits(parameter);
      agreed.names_window = true;
      if (agreed.window_bits < 9) return false;  // zlib makes no raw stream with a window of 2^8
    } else if (parameter.name == "client_max_window_bits") {
      // A hint: what a client compresses with is no matter to a window of 2^15.
      if (parameter.has_value && window_bits(parameter) == 0) return false;
    } else {
      return false;
    }
  }
  agreed.agreed = true;
  out = agreed;
  return true;
}

}  // namespace

bool negotiate(List<Pair> headers, Compression& out) {
  out = Compression();
  for (const Pair& header : headers) {
    if (std::string_view(header.name) != "sec-websocket-extensions") continue;
    const bool is_well_formed = read_list(header.value, [&](Scanner& scanner) {
      Offer offer;
      if (!read_offer(scanner, offer)) return false;
      if (!out.agreed) accept(offer, out);
      return true;
    });
    if (!is_well_formed) return false;
  }
  return true;
}

std::string extensions_answer(const Compression& compression) {
  if (!compression.agreed) return {};
  std::string out = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  if (compression.names_window)
    out.append("; server_max_window_bits=").append(std::to_string(compression.window_bits));
  return out;
}

bool check_protocols(List<Pair> headers) {
  std::vector<std::string> seen;
  for (const Pair& header : headers) {
    if (std::string_view(header.name) != "sec-websocket-protocol") continue;
    const bool is_well_formed = read_list(header.value, [&](Scanner& scanner) {
      std::string name;
      if (!scanner.token(name) || std::find(seen.begin(), seen.end(), name) != seen.end())
        return false;
      seen.push_back(std::move(name));
      return true;
    });
    if (!is_well_formed) return false;
  }
  return true;
}

}  // namespace flin::ws
