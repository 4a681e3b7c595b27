#include "parser_mutations.h"

#include "../../../plugins/http/src/chunked.h"
#include "../../../plugins/http/src/parser.h"

#include <cstdlib>
#include <string>

namespace flin::http {
namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

bool within(std::string_view part, std::string_view whole) {
  return part.empty() || part == "/" ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_head(std::string_view bytes, const RequestHead& head) {
  for (const std::string_view part : {head.method, head.target, head.path, head.query, head.host})
    demand(within(part, bytes));
  for (const HeaderView& header : head.headers) {
    demand(within(header.name, bytes) && within(header.value, bytes) && !header.name.empty());
    demand(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  }
  demand(!head.chunked || head.content_length == 0);
}

// Cut anywhere, a head is either not complete yet or refused in the same way as the whole.
void check_cut(std::string_view bytes, const HeadLimits& limits, const HeadResult& whole) {
  RequestHead head;
  const HeadResult part = parse_head(bytes.substr(0, bytes.size() / 2), limits, head);
  if (part.size > 0) demand(part.size == whole.size);
  if (part.status > 0) demand(whole.status > 0);
}

}  // namespace

void check_any_bytes(std::string_view bytes) {
  HeadLimits limits;
  limits.uri_bytes = 64;
  limits.header_bytes = 256;
  limits.header_count = 8;
  RequestHead head;
  ChunkedDecoder chunks;
  std::string body;
  while (!bytes.empty()) {
    const HeadResult result = parse_head(bytes, limits, head);
    demand(result.size <= bytes.size());
    check_cut(bytes, limits, result);
    if (result.status || result.size == 0) return;
    check_head(bytes, head);
    bytes.remove_prefix(result.size);
    body.clear();
    if (head.chunked) {
      std::size_t used = 0;
      chunks.reset();
      const ChunkedDecoder::State state = chunks.feed(bytes, 128, body, used);
      demand(used <= bytes.size() && body.size() <= 128);
      if (state != ChunkedDecoder::kDone) return;
      bytes.remove_prefix(used);
    } else {
      bytes.remove_prefix(static_cast<std::size_t>(
          head.content_length < bytes.size() ? head.content_length : bytes.size()));
    }
  }
}

}  // namespace flin::http
