// What a connection writes: answers, pages in progress, files; and how it gives its socket away.
#include "connection.h"

#include "loop.h"
#include "server.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace flin::http {
namespace {

constexpr std::size_t kFileStep = 64 * 1024;
constexpr std::size_t kMostPacked = 1024 * 1024;  // larger ones would hold up the loop too long
constexpr int kDynamicLevel = 4;                  // of gzip: about half the time of the usual 6

}  // namespace

void Connection::write_answer(Exchange& exchange) {
  if (exchange.streamed) return;
  if (out_.empty()) loop_.take_buffer(out_);
  Answer& answer = exchange.result;
  if (may_be_packed(exchange)) pack(exchange);
  const std::string_view body =
      answer.shared ? std::string_view(*answer.shared) : std::string_view(answer.body);
  const HeadPlan plan{exchange.keep_alive && !draining_, exchange.head.minor, loop_.date()};
  const bool bodiless = exchange.method == kHead || answer.status == 204 || answer.status == 304;
  append_head(out_, answer, plan, answer.file ? answer.size : body.size());
  if (bodiless) return;
  if (answer.file) {
    file_ = std::move(answer.file);
    file_at_ = answer.offset;
    file_left_ = answer.size;
    if (file_left_ == 0) file_.reset();
  } else {
    out_.append(body);
  }
}

// Answers made for this request, of a size and type that are worth it, and not coded by the program
// itself (no-transform: RFC 9111 5.2.2.6).
bool Connection::may_be_packed(const Exchange& exchange) const {
  const Answer& answer = exchange.result;
  const std::size_t least = loop_.server().settings().compress_bytes;
  return least != 0 && answer.body.size() >= least && answer.body.size() <= kMostPacked &&
         !answer.shared && !answer.file && answer.status != 206 && is_compressible(answer.type) &&
         !answer.has_header("content-encoding") &&
         answer.headers.find("no-transform") == std::string::npos;
}

void Connection::pack(Exchange& exchange) {
  Answer& answer = exchange.result;
  answer.headers.append("Vary: Accept-Encoding\r\n");
  if (!exchange.takes_gzip()) return;
  std::string packed;
  loop_.take_buffer(packed);
  packed.clear();
  if (loop_.compressor().gzip(answer.body, kDynamicLevel, packed) &&
      packed.size() < answer.body.size()) {
    answer.headers.append("Content-Encoding: gzip\r\n");
    answer.body.swap(packed);
  }
  loop_.give_buffer(packed);
}

// A page that is to be packed is collected first; one that is not goes straight to the output.
void Connection::begin_page(Exchange& exchange) {
  if (gone_ || &exchange != front_) return;
  if (loop_.server().settings().compress_bytes != 0) {
    if (exchange.takes_gzip()) return loop_.add_sid(exchange);
    exchange.result.headers.append("Vary: Accept-Encoding\r\n");
  }
  if (out_.empty()) loop_.take_buffer(out_);
  exchange.streamed = true;
  hold_ = out_.size() + 1;
  loop_.add_sid(exchange);
  length_at_ =
      append_head_open(out_, exchange.result,
                       {exchange.keep_alive && !draining_, exchange.head.minor, loop_.date()});
  page_from_ = out_.size();
}

void Connection::write_page(std::string_view html) {
  if (hold_ && !gone_) out_.append(html);
}

void Connection::end_page() {
  if (!hold_ || gone_) return;
  fill_length(out_, length_at_, out_.size() - page_from_);
  if (front_->method == kHead) out_.resize(page_from_);
  hold_ = 0;
}

void Connection::drop_page() {
  if (!hold_ || gone_) return;
  out_.resize(hold_ - 1);
  hold_ = 0;
}

void Connection::begin_stream(Exchange& exchange, std::int64_t length) {
  if (gone_ || &exchange != front_) return;
  if (out_.empty()) loop_.take_buffer(out_);
  exchange.streamed = true;
  if (length < 0 && exchange.head.minor == 0) exchange.keep_alive = false;
  const HeadPlan plan{exchange.keep_alive && !draining_, exchange.head.minor, loop_.date()};
  if (length >= 0)
    append_head(out_, exchange.result, plan, static_cast<std::uint64_t>(length));
  else
    append_head_unended(out_, exchange.result, plan);
  pump();
}

std::uint64_t Connection::write_stream(std::string_view bytes, bool chunked) {
  if (gone_) return 0;
  if (out_.empty()) loop_.take_buffer(out_);
  if (sent_ > kFileStep && sent_ > out_.size() / 2) {  // a slow reader: drop what it has taken
    out_.erase(0, sent_);
    sent_ = 0;
  }
  if (chunked) {
    char size[24];
    const int digits = std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    out_.append(size, static_cast<std::size_t>(digits));
  }
  out_.append(bytes);
  if (chunked) out_.append("\r\n");
  pump();
  return gone_ ? 0 : pending();
}

void Connection::end_stream() {
  if (!gone_) out_.append("0\r\n\r\n");
}

// Reads the next piece of the file being sent. A file that got shorter cannot be answered any more.
void Connection::read_file() {
  if (out_.empty()) loop_.take_buffer(out_);
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(file_left_, kFileStep));
  out_.resize(count);
  const ssize_t got = ::pread(file_.handle(), out_.data(), count, static_cast<off_t>(file_at_));
  if (got <= 0) {
    close();
    return;
  }
  out_.resize(static_cast<std::size_t>(got));
  file_at_ += static_cast<std::uint64_t>(got);
  file_left_ -= static_cast<std::uint64_t>(got);
  if (file_left_ == 0) file_.reset();
}

void Connection::flush() {
  for (;;) {
    const std::size_t end = hold_ ? hold_ - 1 : out_.size();
    while (sent_ < end) {
      const std::int64_t count = socket_.send(std::string_view(out_).substr(sent_, end - sent_));
      if (count == TcpSocket::kLater) return;
      if (count < 0) {
        close();
        return;
      }
      sent_ += static_cast<std::size_t>(count);
      loop_.server().metrics().sent.add(static_cast<std::uint64_t>(count));
      if (sent_ < end) loop_.timers().set(*this, now_ms() + loop_.server().settings().body_time);
    }
    if (hold_) return;
    out_.clear();
    sent_ = 0;
    if (!file_) return;
    read_file();
    if (gone_) return;
  }
}

bool Connection::hand_over(Exchange& exchange, std::string_view protocol) {
  const LowerCaseHeaders headers(exchange.head);
  std::string path;
  for (const std::string& segment : exchange.segments) path.append("/").append(segment);
  Handover handover{};
  handover.handle = socket_.handle();
  handover.loop = loop_.index();
  handover.poller = loop_.poller();
  handover.method = exchange.head.method;
  handover.path = std::string_view(path);
  handover.query = exchange.head.query;
  handover.headers = headers.list();
  handover.sid = std::string_view(exchange.sid);
  handover.address = std::string_view(exchange.address);
  handover.input = input_;
  handover.output = std::string_view(out_).substr(sent_);
  handover.context = &exchange;
  IUpgradeTaker* taker = loop_.server().taker(protocol, path);
  if (!taker) return false;
  [[maybe_unused]] const Status removed = loop_.poller()->remove(socket_.handle());
  exchange.retain();
  exchange.slot = slot_;
  exchange.become_socket();
  Text reason;
  const std::uint32_t status = taker->take(handover, reason);
  if (status == 0) {
    [[maybe_unused]] const int handle = socket_.release();
    given_away_ = true;
    input_ = {};
    close();
    return true;
  }
  exchange.slot.reset();
  exchange.leave_socket();
  exchange.release();
  exchange.refuse(static_cast<int>(status), reason);
  if (status == 426)
    exchange.result.headers.append(
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");
  if (!loop_.poller()->add(socket_.handle(), interest_, *this).ok()) close();
  return false;
}

}  // namespace flin::http
