// A FLIN value as the machine holds it: one 8-byte word. Doubles stand for themselves; everything
// else hides in the space of quiet NaNs: 16 bits of tag, 48 bits of payload. Ints, times and
// durations that do not fit into 48 bits are boxed on the heap. The same bits as flin::Value at the
// plugin boundary.
#pragma once

#include "flin/base.h"

#include <bit>
#include <cstdint>

namespace flin::runtime {

struct Object;

// Tags, in the top 16 bits. A word whose top 13 bits are not all ones is a double.
enum class Tagged : std::uint16_t {
  kNone = 0xFFF9,
  kBool = 0xFFFA,      // payload 0 or 1
  kInt = 0xFFFB,       // payload signed 48 bits
  kTime = 0xFFFC,      // milliseconds since 1970, signed 48 bits
  kDuration = 0xFFFD,  // milliseconds, signed 48 bits
  kObject = 0xFFFE,    // payload: address of an Object
  kEmpty = 0xFFFF      // no value: an unset variable, an argument not given. Never seen by programs
};

constexpr std::uint64_t tag_bits(Tagged tag) { return static_cast<std::uint64_t>(tag) << 48; }
constexpr std::uint64_t kPayload = (std::uint64_t{1} << 48) - 1;
constexpr std::int64_t kSmallIntMax = (std::int64_t{1} << 47) - 1;
constexpr std::int64_t kSmallIntMin = -(std::int64_t{1} << 47);

constexpr Value kNone{tag_bits(Tagged::kNone)};
constexpr Value kFalse{tag_bits(Tagged::kBool)};
constexpr Value kTrue{tag_bits(Tagged::kBool) | 1};
constexpr Value kEmpty{tag_bits(Tagged::kEmpty)};

constexpr bool is_double(Value v) { return v.bits < tag_bits(Tagged::kNone); }
constexpr bool has_tag(Value v, Tagged tag) {
  return (v.bits >> 48) == static_cast<std::uint64_t>(tag);
}
constexpr bool is_none(Value v) { return v.bits == kNone.bits; }
constexpr bool is_empty(Value v) { return v.bits == kEmpty.bits; }
constexpr bool is_bool(Value v) { return has_tag(v, Tagged::kBool); }
constexpr bool is_small_int(Value v) { return has_tag(v, Tagged::kInt); }
constexpr bool is_object(Value v) { return has_tag(v, Tagged::kObject); }

constexpr Value from_bool(bool b) { return b ? kTrue : kFalse; }
// NaN is written as the one quiet NaN that is no tag.
inline Value from_double(double d) {
  return d != d ? Value{0x7FF8000000000000} : Value{std::bit_cast<std::uint64_t>(d)};
}
inline double as_double(Value v) { return std::bit_cast<double>(v.bits); }
constexpr bool fits_small(std::int64_t i) { return i >= kSmallIntMin && i <= kSmallIntMax; }
constexpr Value from_small(Tagged tag, std::int64_t i) {
  return {tag_bits(tag) | (static_cast<std::uint64_t>(i) & kPayload)};
}
constexpr std::int64_t small_payload(Value v) {
  return static_cast<std::int64_t>(v.bits << 16) >> 16;
}
inline Object* as_object(Value v) { return std::bit_cast<Object*>(v.bits & kPayload); }
inline Value from_object(const Object* o) {
  return {tag_bits(Tagged::kObject) | std::bit_cast<std::uint64_t>(o)};
}

}  // namespace flin::runtime
