#include "path_answer.h"

#include "connection.h"
#include "exchange.h"
#include "loop.h"

namespace flin::http {

void PathAnswer::take() {
  std::string path;
  for (const std::string& segment : exchange_.segments) path.append("/").append(segment);
  const LowerCaseHeaders headers(exchange_.head);
  PathRequest request{};
  request.loop = exchange_.loop.index();
  request.method = exchange_.head.method;
  request.path = std::string_view(path);
  request.query = exchange_.head.query;
  request.headers = headers.list();
  request.body = std::string_view(exchange_.body);
  request.sid = std::string_view(exchange_.sid);
  request.address = std::string_view(exchange_.address);
  request.poller = exchange_.loop.poller();
  taker_.take(request, *this);
}

void PathAnswer::begin(std::uint32_t status, List<Pair> headers, std::int64_t length) noexcept {
  if (begun_ || ended_) return;
  begun_ = true;
  Answer& answer = exchange_.result;
  answer.status = static_cast<int>(status);
  for (const Pair& header : headers) {
    if (equals_ignoring_case(header.name, "content-type"))
      answer.type = std::string(std::string_view(header.value));
    else
      answer.add_header(header.name, header.value);
  }
  chunked_ = length < 0 && exchange_.head.minor > 0;
  if (exchange_.connection) exchange_.connection->begin_stream(exchange_, length);
}

std::uint64_t PathAnswer::write(Text bytes) noexcept {
  if (!begun_ || ended_ || bytes.size == 0 || !exchange_.connection) return 0;
  if (exchange_.method == kHead) return 0;
  const std::uint64_t waiting = exchange_.connection->write_stream(bytes, chunked_);
  waits_ = waiting > 0;
  return waiting;
}

void PathAnswer::end() noexcept {
  if (ended_) return;
  if (!begun_) begin(500, {}, 0);
  ended_ = true;
  if (chunked_ && exchange_.method != kHead && exchange_.connection)
    exchange_.connection->end_stream();
  exchange_.finish();
  exchange_.release();  // start_path() retained it; this object may be gone now
}

void PathAnswer::tell_sent() {
  if (!waits_ || ended_) return;
  waits_ = false;
  taker_.drained(*this);
}

void PathAnswer::tell_gone() {
  if (ended_) return;
  ended_ = true;
  taker_.gone(*this);
  exchange_.release();
}

}  // namespace flin::http
