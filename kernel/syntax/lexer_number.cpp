// Int, number and money literals (L 2.5).
#include "syntax/lexer.h"
#include "syntax/utf8.h"

#include <charconv>
#include <limits>

namespace flin::syntax {

namespace {

constexpr std::uint64_t kLeastMagnitude = 1ULL
                                          << 63;  // -2^63 needs it; the parser checks the minus

int digit_of(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// False if the digits are more than 2^63.
bool to_integer(std::string_view digits, int radix, std::uint64_t& value) {
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, radix);
  return error == std::errc() && end == digits.data() + digits.size() && value <= kLeastMagnitude;
}

int decimals_of(std::string_view currency) {
  struct Row {
    std::string_view code;
    int decimals;
  };
  static constexpr Row kRows[] = {
#define CURRENCY(code, decimals) {#code, decimals},
#include "syntax/currencies.def"
#undef CURRENCY
  };
  for (const Row& row : kRows)
    if (row.code == currency) return row.decimals;
  return -1;
}

}  // namespace

std::string Lexer::decimal_digits(bool& malformed) {
  std::string digits;
  for (bool underscore = false; is_digit(here()) || here() == '_'; ++at_) {
    if (here() == '_') {
      malformed |= underscore || !is_digit(here(1));
      underscore = true;
    } else {
      digits += here();
      underscore = false;
    }
  }
  return digits;
}

bool Lexer::radix_number(Token& token) {
  const char mark = here(1);
  const int radix = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
  if (here() != '0' || radix == 0) return false;
  at_ += 2;
  const std::uint32_t begin = at_;
  std::string digits;
  bool malformed = false;
  while (is_digit(here()) || is_ascii_letter(here()) || here() == '_') {
    if (here() != '_')
      digits += here();
    else
      malformed |= at_ == begin || digit_of(here(1)) >= radix;
    malformed |= here() != '_' && digit_of(here()) >= radix;
    ++at_;
  }
  token.kind = Tok::Int;
  if (malformed || digits.empty()) {
    reporter_.report(Code::E0105, token.begin, at_, {}).helps = {"write 0xFF, 0o17 or 0b101"};
  } else if (!to_integer(digits, radix, token.integer) || token.integer == kLeastMagnitude) {
    reporter_.report(Code::E0104, token.begin, at_, {});
    token.integer = 0;
  }
  return true;
}

void Lexer::number(Token& token) {
  if (previous_ == Tok::Dot) {  // `t.0.1`: only digits belong to it
    bool ignored = false;
    to_integer(decimal_digits(ignored), 10, token.integer);
    token.kind = Tok::Int;
    token.value = text_.substr(token.begin, at_ - token.begin);
    return;
  }
  if (radix_number(token)) return;
  bool malformed = false;
  std::string digits = decimal_digits(malformed);
  bool fraction = false, exponent = false;
  if (here() == '.' && is_digit(here(1))) {
    ++at_;
    fraction = true;
    digits += '.' + decimal_digits(malformed);
  } else if (here() == '.' && here(1) != '.' && name_end(text_, at_ + 1) == at_ + 1) {
    ++at_;  // `1.`
    malformed = true;
  }
  const bool sign = here(1) == '+' || here(1) == '-';
  if ((here() == 'e' || here() == 'E') && is_digit(here(sign ? 2 : 1))) {
    exponent = true;
    digits += text_.substr(at_, sign ? 2 : 1);
    at_ += sign ? 2 : 1;
    digits += decimal_digits(malformed);
  }
  if (name_end(text_, at_) > at_) {  // `12abc`
    at_ = static_cast<std::uint32_t>(name_end(text_, at_));
    malformed = true;
  }
  token.kind = fraction || exponent ? Tok::Number : Tok::Int;
  if (malformed) {
    Diagnostic& d = reporter_.report(Code::E0105, token.begin, at_, {});
    if (at_ > 0 && text_[at_ - 1] != '.') d.helps = {"digits, with single _ between them: 1_000"};
  } else if (exponent || !money(token, digits, fraction)) {
    if (token.kind == Tok::Number) {
      // Out of range: from_chars leaves the value; such a literal is infinite or zero.
      const bool negative_exponent =
          digits.find("e-") != digits.npos || digits.find("E-") != digits.npos;
      double value = 0;
      const auto r = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      token.number = r.ec == std::errc::result_out_of_range
                         ? (negative_exponent ? 0.0 : std::numeric_limits<double>::infinity())
                         : value;
    } else if (!to_integer(digits, 10, token.integer)) {
      reporter_.report(Code::E0104, token.begin, at_, {});
      token.integer = 0;
    }
  }
}

bool Lexer::money(Token& token, const std::string& digits, bool fraction) {
  std::uint32_t word = at_;
  while (is_blank(peek(word))) ++word;
  const std::size_t end = name_end(text_, word);
  const std::string_view code = text_.substr(word, end - word);
  if (word == at_ || code.size() != 3) return false;
  for (char c : code)
    if (c < 'A' || c > 'Z') return false;
  at_ = static_cast<std::uint32_t>(end);
  token.kind = Tok::Money;
  token.value = code == "CFA" ? "XOF" : code;
  const int decimals = decimals_of(token.value);
  if (decimals < 0) {
    reporter_.report(Code::E0108, token.begin, at_, {}).helps = {"unknown currency " +
                                                                 std::string(code)};
    return true;
  }
  const std::size_t dot = digits.find('.');
  const std::size_t given = fraction ? digits.size() - dot - 1 : 0;
  if (given > static_cast<std::size_t>(decimals)) {
    reporter_.report(Code::E0108, token.begin, at_, {}).helps = {
        std::string(code) + " has " + std::to_string(decimals) + " decimals"};
    return true;
  }
  std::string minor = digits;
  if (fraction) minor.erase(dot, 1);
  minor.append(static_cast<std::size_t>(decimals) - given, '0');
  if (!to_integer(minor, 10, token.integer) || token.integer == kLeastMagnitude) {
    reporter_.report(Code::E0108, token.begin, at_, {}).helps = {"the amount is too large"};
    token.integer = 0;
  }
  return true;
}

}  // namespace flin::syntax
