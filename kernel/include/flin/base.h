// Types that may cross the plugin boundary. Nothing here depends on the layout of a standard
// library type, so host and plugin may be built by different compilers and libraries (A 3).
#pragma once

#include <cstdint>
#include <string_view>

namespace flin {

// Borrowed UTF-8 text, not terminated. Valid until the call it came with returns, unless the
// function that takes or gives it says otherwise.
struct Text {
  const char* data = nullptr;
  std::uint64_t size = 0;

  constexpr Text() = default;
  constexpr Text(const char* d, std::uint64_t n) : data(d), size(n) {}
  constexpr Text(std::string_view s) : data(s.data()), size(s.size()) {}
  constexpr Text(const char* s) : Text(std::string_view(s)) {}
  constexpr operator std::string_view() const { return {data, static_cast<std::size_t>(size)}; }
};

// Borrowed array, under the same rule as Text.
template <class T>
struct List {
  const T* data = nullptr;
  std::uint64_t size = 0;

  constexpr List() = default;
  constexpr List(const T* d, std::uint64_t n) : data(d), size(n) {}
  template <std::size_t N>
  constexpr List(const T (&items)[N]) : data(items), size(N) {}
  constexpr const T* begin() const { return data; }
  constexpr const T* end() const { return data + size; }
  constexpr const T& operator[](std::uint64_t i) const { return data[i]; }
  constexpr bool empty() const { return size == 0; }
};

// A FLIN value. Its bits are the kernel's secret: plugins ask ICall what it holds.
struct Value {
  std::uint64_t bits = 0;
};

// Error codes over the boundary: code('R', 101) is R0101. Families E, R, S and P.
constexpr std::uint32_t code(char family, std::uint32_t number) {
  return (static_cast<std::uint32_t>(static_cast<unsigned char>(family)) << 24) | number;
}

// Outcome of a call over the boundary: nothing when it went well, otherwise one record that
// belongs to the host. Plugins make one with IHost::fail() or ICall::fail(), so it stays valid
// after the plugin's library is closed.
class [[nodiscard]] Status {
 public:
  struct Record {
    std::uint32_t code;
    Text message;
    void (*drop)(Record*);
  };

  Status() = default;
  explicit Status(Record* record) : record_(record) {}
  Status(const Status&) = delete;
  Status& operator=(const Status&) = delete;
  Status(Status&& other) noexcept : record_(other.record_) { other.record_ = nullptr; }
  Status& operator=(Status&& other) noexcept {
    Record* taken = other.record_;
    other.record_ = nullptr;
    clear();
    record_ = taken;
    return *this;
  }
  ~Status() { clear(); }

  bool ok() const { return record_ == nullptr; }
  std::uint32_t code() const { return record_ ? record_->code : 0; }
  std::string_view message() const {
    return record_ ? std::string_view(record_->message) : std::string_view();
  }

 private:
  void clear() {
    if (record_) record_->drop(record_);
    record_ = nullptr;
  }
  Record* record_ = nullptr;
};
static_assert(sizeof(Status) == sizeof(void*));

// What a value is. Numbers never change; new kinds come at the end.
enum class Kind : std::uint32_t {
  kNone,
  kBool,
  kInt,
  kNumber,
  kText,
  kTime,
  kDuration,
  kMoney,
  kList,
  kMap,
  kTuple,
  kEnum,
  kRecord,
  kFunction,
  kView,
  kError,
  kFile,
  kAgent,
  kRegex,
  kQuery,
  kPredicate,
  kForeign
};

// Plain::extra of an error that a plugin puts into a map: whoever reads it there as a member gets
// it raised. Since ABI 1.1.
constexpr std::uint32_t kRaisedWhenRead = 1;

// A value without a heap: arguments, rows, parameters, constants. The eight scalar kinds stand in
// the fields named here; kRecord carries type and id alone; every other kind is `text` in the
// encoding of W 4.1 by its static type.
struct Plain {
  Kind kind = Kind::kNone;
  std::uint32_t extra =
      0;  // money: three letters of the currency, first lowest; record: row of the entity table
  std::int64_t i = 0;  // bool, int, milliseconds, minor units, id
  double n = 0;        // number
  Text text;           // text, or the encoded form
};

// Given with every `data` that waits for its function: called once if that function never is.
using DropFn = void (*)(void* data) noexcept;

}  // namespace flin
