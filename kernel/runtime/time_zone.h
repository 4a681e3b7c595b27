// Time zones by name ("Europe/Paris") from the compiled tables of the system (RFC 8536, package
// tzdata): g++ 12 has no std::chrono::tzdb, and Poco knows only the zone of the process.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace flin::runtime {

// Minutes east of UTC that hold in `zone` at an instant; none if there is no such zone. Tables are
// read once per process. [any-thread]
std::optional<int> zone_offset_minutes(std::string_view zone, std::int64_t ms);

}  // namespace flin::runtime
