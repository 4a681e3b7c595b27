#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace flin {

void assertion_failed(const char* condition, const char* belief, const char* file, int line) {
  std::fprintf(stderr, "flin: internal error: %s (%s) at %s:%d\n", belief, condition, file, line);
  std::abort();
}

}  // namespace flin
