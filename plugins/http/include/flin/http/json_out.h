// JSON as FLIN writes it to the outside (L 3.13): what routes answer and entity events carry.
// Linked statically into each plugin that uses it.
#pragma once

#include "flin/base.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace flin::http {

void append_json_text(std::string& out,
                      std::string_view text);  // quoted and escaped; `text` is UTF-8
void append_json_int(std::string& out, std::int64_t value);
// Shortest form that reads back, laid out as by JavaScript (1e21, 0.1); NaN and infinities are
// null.
void append_json_number(std::string& out, double value);
// ISO 8601 in UTC with milliseconds; `ms` since 1970. Years beyond 0..9999 as in ECMA-262
// (+012345-..).
void append_json_time(std::string& out, std::int64_t ms);
// {"amount":"12.50","currency":"EUR"}; `currency` packed as in Plain::extra, minor digits by ISO
// 4217.
void append_json_money(std::string& out, std::int64_t minor, std::uint32_t currency);
// The scalar kinds by the functions above, a record as its id, every other kind by its own text.
void append_json_plain(std::string& out, const Plain& value);

}  // namespace flin::http
