#include "sqlite_codec.h"

#include <sqlite3.h>

#include <charconv>
#include <cmath>
#include <cstring>

namespace flin::store {
namespace {

constexpr char kVersionForm = 1;  // first byte of an encoded version

void put(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}
void put_signed(std::string& out, std::int64_t value) {
  put(out, (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : left_(bytes) {}
  bool is_fine() const { return is_fine_; }
  bool at_end() const { return left_.empty(); }
  std::uint64_t read() {
    std::uint64_t out = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (left_.empty()) break;
      const auto byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      out |= static_cast<std::uint64_t>(byte & 0x7F) << (shift < 64 ? shift : 63);
      if (byte < 0x80) return out;
    }
    is_fine_ = false;
    return 0;
  }
  std::int64_t read_signed() {
    const std::uint64_t value = read();
    return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
  }
  std::string_view take(std::uint64_t size) {
    if (size > left_.size()) {
      is_fine_ = false;
      return {};
    }
    const std::string_view out = left_.substr(0, size);
    left_.remove_prefix(size);
    return out;
  }

 private:
  std::string_view left_;
  bool is_fine_ = true;
};

void put_scalar(std::string& out, const Scalar& value) {
  out += static_cast<char>(value.kind);
  switch (value.kind) {
    case Kind::kNone: return;
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kTime:
    case Kind::kDuration: return put_signed(out, value.i);
    case Kind::kNumber: out.append(reinterpret_cast<const char*>(&value.n), sizeof value.n); return;
    case Kind::kMoney:
    case Kind::kRecord: put(out, value.extra); return put_signed(out, value.i);
    default: put(out, value.text.size()); out += value.text;
  }
}

bool read_scalar(Bytes& in, Scalar& out) {
  const std::string_view kind = in.take(1);
  if (!in.is_fine() || static_cast<unsigned char>(kind[0]) > static_cast<unsigned>(Kind::kForeign))
    return false;
  out = {};
  out.kind = static_cast<Kind>(kind[0]);
  switch (out.kind) {
    case Kind::kNone: break;
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kTime:
    case Kind::kDuration: out.i = in.read_signed(); break;
    case Kind::kNumber: {
      const std::string_view bytes = in.take(sizeof out.n);
      if (in.is_fine()) std::memcpy(&out.n, bytes.data(), sizeof out.n);
      break;
    }
    case Kind::kMoney:
    case Kind::kRecord:
      out.extra = static_cast<std::uint32_t>(in.read());
      out.i = in.read_signed();
      break;
    default: out.text = in.take(in.read());
  }
  return in.is_fine();
}

std::string money_text(const Scalar& value) {
  return currency_text(value.extra) + " " + std::to_string(value.i);
}

bool read_money(std::string_view text, Scalar& out) {
  if (text.size() < 5) return false;
  out.kind = Kind::kMoney;
  out.extra = currency_number(text.substr(0, 3));
  const auto [end, error] = std::from_chars(text.data() + 4, text.data() + text.size(), out.i);
  return error == std::errc() && end == text.data() + text.size();
}

bool is_numeric(Kind kind) { return kind == Kind::kInt || kind == Kind::kNumber; }

// Kinds whose column is an INTEGER with the value in Scalar::i.
bool is_integral(Kind kind) {
  return kind == Kind::kBool || kind == Kind::kTime || kind == Kind::kDuration;
}

bool is_textual(Kind kind) {
  return kind == Kind::kText ||
         (static_cast<int>(kind) > static_cast<int>(Kind::kMoney) && kind != Kind::kRecord);
}

bool read_integer(std::int64_t value, const Column& column, Scalar& out) {
  if (is_numeric(column.kind)) {
    out = Scalar::of_int(value);
  } else if (column.kind == Kind::kRecord) {
    out = Scalar::of_record(column.target, static_cast<std::uint64_t>(value));
  } else {
    out = Scalar::of_int(value);
    out.kind = column.kind;
    return is_integral(column.kind);
  }
  return true;
}

bool read_text(std::string_view text, const Column& column, Scalar& out) {
  if (column.kind == Kind::kMoney) return read_money(text, out);
  out = Scalar::of_written(column.kind, text);
  return is_textual(column.kind);
}

}  // namespace

void bind_value(SqlStatement& statement, int at, const Column& column, const Scalar& value) {
  const Kind kind = value.kind;
  if (kind == Kind::kNone) return;  // bindings are NULL until bound
  if (kind == Kind::kInt && is_numeric(column.kind)) {
    statement.bind(at, value.i);
  } else if (kind == Kind::kNumber && is_numeric(column.kind) && !std::isnan(value.n)) {
    statement.bind_number(at, value.n);
  } else if (kind == column.kind && is_integral(kind)) {
    statement.bind(at, value.i);
  } else if (kind == Kind::kRecord && column.kind == kind && value.extra == column.target) {
    statement.bind(at, value.i);
  } else if (kind == column.kind && is_textual(kind)) {
    statement.bind_text(at, value.text);
  } else if (kind == Kind::kMoney && column.kind == kind) {
    statement.bind_text_copy(at, money_text(value));
  } else {
    statement.bind_blob_copy(at, encode(value));
  }
}

bool read_value(const SqlStatement& statement, int at, const Column& column, Scalar& out) {
  switch (statement.type(at)) {
    case SQLITE_NULL: out = {}; return true;
    case SQLITE_INTEGER: return read_integer(statement.integer(at), column, out);
    case SQLITE_FLOAT: out = Scalar::of_number(statement.number(at)); return true;
    case SQLITE_TEXT: return read_text(statement.text(at), column, out);
    default: return decode(statement.blob(at), out);
  }
}

bool read_plain(const SqlStatement& statement, int at, const Column& column, Plain& out) {
  out = {};
  switch (statement.type(at)) {
    case SQLITE_NULL: return true;
    case SQLITE_INTEGER:
      out.kind = is_numeric(column.kind) ? Kind::kInt : column.kind;
      out.extra = column.kind == Kind::kRecord ? column.target : 0;
      out.i = statement.integer(at);
      return out.kind == Kind::kInt || out.kind == Kind::kRecord || is_integral(out.kind);
    case SQLITE_FLOAT:
      out.kind = Kind::kNumber;
      out.n = statement.number(at);
      return true;
    case SQLITE_TEXT:
      out.kind = column.kind;
      out.text = statement.text(at);
      return is_textual(column.kind);
    default: return false;
  }
}

std::string encode(const Scalar& value) {
  std::string out;
  put_scalar(out, value);
  return out;
}

bool decode(std::string_view bytes, Scalar& out) {
  Bytes in(bytes);
  return read_scalar(in, out) && in.at_end();
}

std::string encode(const Version& version) {
  std::string out(1, kVersionForm);
  put(out, version.seq);
  put(out, version.number);
  put(out, version.kind);
  put_signed(out, version.from);
  put_signed(out, version.created_at);
  put(out, version.deleted_at ? 1 : 0);
  if (version.deleted_at) put_signed(out, *version.deleted_at);
  put(out, version.changed.size());
  for (const std::uint32_t column : version.changed) put(out, column);
  put(out, version.cells.size());
  for (const Scalar& value : version.cells) put_scalar(out, value);
  return out;
}

bool decode(std::string_view bytes, Version& out) {
  Bytes in(bytes);
  if (in.take(1) != std::string_view(&kVersionForm, 1)) return false;
  out.seq = in.read();
  out.number = in.read();
  out.kind = static_cast<std::uint32_t>(in.read());
  out.from = in.read_signed();
  out.created_at = in.read_signed();
  if (in.read() != 0) out.deleted_at = in.read_signed();
  for (std::uint64_t left = in.read(); left > 0 && in.is_fine(); --left)
    out.changed.push_back(static_cast<std::uint32_t>(in.read()));
  for (std::uint64_t left = in.read(); left > 0 && in.is_fine(); --left) {
    if (!read_scalar(in, out.cells.emplace_back())) return false;
  }
  return in.is_fine() && in.at_end();
}

}  // namespace flin::store
