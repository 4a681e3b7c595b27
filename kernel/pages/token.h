// The page token (W 4.7): what the server must know again of a page it keeps nothing of, sealed by
// AES-256-GCM (ISealer) and bound to the browser. [any-thread]
#pragma once

#include "base/result.h"
#include "flin/pages.h"
#include "flin/sealer.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flin::pages {

struct TokenData {
  std::string sid;   // the browser
  std::string view;  // 128 random bits as hex: the page view
  std::string page;  // "/blog/[id]"
  std::vector<std::pair<std::string, std::string>> params, query;
  std::string build;
  std::int64_t issued_ms = 0;                              // since 1970
  std::vector<std::pair<std::string, std::string>> cells;  // name -> value as JSON by its type
};

// 32 hex digits of the system's random bits.
std::string random_view();

// "1." and the sealed form. R0003 when it is longer than `limit` bytes.
Result<std::string> seal_token(ISealer& sealer, const TokenData& data, std::size_t limit);
// R0403 for anything that seal_token() did not give with the same secret.
Result<TokenData> open_token(ISealer& sealer, std::string_view token);

}  // namespace flin::pages
