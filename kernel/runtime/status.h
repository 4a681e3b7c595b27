// Between the kernel's Error and the boundary's Status. The record of a Status is made and dropped
// here, so it stays valid after the library of the plugin that asked for it is closed (A 3).
#pragma once

#include "base/result.h"
#include "flin/base.h"

#include <string_view>

namespace flin {

// Falls back to a record without a message when memory is out. [any-thread]
Status make_status(std::uint32_t code, std::string_view message) noexcept;
inline Status make_status(const Error& error) noexcept {
  return make_status(error.code, error.message);
}

// `status` is not ok.
Error error_of(const Status& status);

}  // namespace flin
