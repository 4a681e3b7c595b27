// What a function of the store gives when it fails: a code of L 23 and its sentence. The boundary
// turns it into a Status; inside, nothing throws.
#pragma once

#include "flin/base.h"

#include <optional>
#include <string>

namespace flin::store {

constexpr std::uint32_t kMemoryLimit = code('R', 3);
constexpr std::uint32_t kWrongType = code('R', 6);
constexpr std::uint32_t kNoMember = code('R', 8);
constexpr std::uint32_t kZeroDivision = code('R', 9);
constexpr std::uint32_t kOverflow = code('R', 10);
constexpr std::uint32_t kBadArgument = code('R', 14);
constexpr std::uint32_t kCurrencies = code('R', 17);
constexpr std::uint32_t kValidation = code('R', 101);
constexpr std::uint32_t kDenied = code('R', 102);
constexpr std::uint32_t kConflict = code('R', 103);
constexpr std::uint32_t kStillNeeded = code('R', 104);
constexpr std::uint32_t kGone = code('R', 105);
constexpr std::uint32_t kUnavailable = code('R', 106);

struct Fault {
  std::uint32_t code = 0;
  std::string message;
};

using MaybeFault = std::optional<Fault>;

}  // namespace flin::store
