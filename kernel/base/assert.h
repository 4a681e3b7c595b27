// FLIN_ASSERT(condition, "the broken belief in words"): for faults of our own, never for input.
// Kept in release builds; costs a predicted branch.
#pragma once

namespace flin {
[[noreturn]] void assertion_failed(const char* condition, const char* belief, const char* file,
                                   int line);
}

#define FLIN_ASSERT(condition, belief) \
  (__builtin_expect(!!(condition), 1)  \
       ? (void)0                       \
       : ::flin::assertion_failed(#condition, belief, __FILE__, __LINE__))
