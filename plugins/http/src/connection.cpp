#include "connection.h"

#include "loop.h"
#include "server.h"

#include <algorithm>
#include <ctime>

namespace flin::http {
namespace {

constexpr std::size_t kMuchOutput =
    256 * 1024;  // beyond it nothing more is started until it is written
constexpr std::int64_t kLingerMs = 2000;

double clock_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

bool is_multipart(const RequestHead& head) {
  constexpr std::string_view kMultipart = "multipart/form-data";
  return equals_ignoring_case(head.header("content-type").substr(0, kMultipart.size()), kMultipart);
}

}  // namespace

Connection::Connection(Loop& loop, TcpSocket socket, std::string address,
                       std::shared_ptr<ConnectionSlot> slot)
    : loop_(loop),
      socket_(std::move(socket)),
      address_(std::move(address)),
      slot_(std::move(slot)) {
  loop_.server().metrics().connections.fetch_add(1, std::memory_order_relaxed);
}

Connection::~Connection() {
  loop_.server().metrics().connections.fetch_sub(1, std::memory_order_relaxed);
  loop_.timers().clear(*this);
  if (reading_exchange_) reading_exchange_->release();
  while (front_) {
    Exchange* exchange = front_;
    front_ = exchange->next;
    exchange->connection = nullptr;
    if (exchange->path_answer) exchange->path_answer->tell_gone();
    loop_.server().metrics().in_flight.fetch_sub(1, std::memory_order_relaxed);
    exchange->release();
  }
}

bool Connection::open() {
  interest_ = kReadable;
  if (!loop_.poller()->add(socket_.handle(), interest_, *this).ok()) return false;
  loop_.timers().set(*this, now_ms() + loop_.server().settings().idle_time);
  return true;
}

void Connection::close() {
  if (gone_) return;
  gone_ = true;
  if (!given_away_) {
    [[maybe_unused]] const Status status = loop_.poller()->remove(socket_.handle());
    socket_.close();
  }
  slot_.reset();
  for (Exchange* exchange = front_; exchange; exchange = exchange->next)
    exchange->connection = nullptr;
  loop_.timers().clear(*this);
  loop_.retire(*this);
}

void Connection::ready(std::uint32_t events) noexcept {
  if (gone_) return;
  if (events & kReadable) {
    read();
  } else if (events & (kHangup | kPollError)) {
    close();
    return;
  }
  if (!gone_ && (events & kWritable)) pump();
  if (!gone_ && pending() == 0 && is_streaming()) front_->path_answer->tell_sent();
}

void Connection::read() {
  char* buffer = loop_.read_buffer();
  const std::int64_t count = socket_.receive(buffer, Loop::kReadBytes);
  if (count == TcpSocket::kLater) return;
  if (count == TcpSocket::kBroken ||
      (count == 0 && (lingering_ || is_streaming() || (!front_ && pending() == 0 && !file_)))) {
    close();
    return;
  }
  if (lingering_ || closing_) return;
  loop_.server().metrics().received.add(static_cast<std::uint64_t>(count));
  read_at_ = clock_seconds();
  if (count == 0) {
    ended_ = true;
  } else if (in_.empty()) {
    input_ = {buffer, static_cast<std::size_t>(count)};
  } else {
    in_.append(buffer, static_cast<std::size_t>(count));
    input_ = in_;
  }
  pump();
}

// Everything the connection does comes by here: parse, start, settle until nothing moves, then
// write. An exchange that finishes at once calls answered() from within and finds pumping_ set.
void Connection::pump() {
  if (pumping_ || gone_) return;
  pumping_ = true;
  if (input_.empty() && !in_.empty()) input_ = in_;
  for (;;) {
    while (!gone_ && (settle() || start_front() || parse())) {}
    if (gone_) break;
    send_continue();
    const bool was_full = pending() >= kMuchOutput || file_;
    flush();
    if (gone_ || !was_full || pending() >= kMuchOutput || file_) break;
  }
  pumping_ = false;
  if (gone_) return;
  keep_rest();
  if (closing_ && pending() == 0 && !file_ && !front_) {
    shut();
  } else if (ended_ && !front_ && pending() == 0 && !file_) {
    close();
  } else {
    update();
  }
}

void Connection::keep_rest() {
  if (closing_) input_ = {};
  if (input_.empty()) {
    loop_.give_buffer(in_);
  } else if (in_.empty()) {
    loop_.take_buffer(in_);
    in_.assign(input_);
  } else {
    in_.erase(0, in_.size() - input_.size());
  }
  input_ = {};
  if (out_.empty()) loop_.give_buffer(out_);
}

bool Connection::can_parse() const {
  return !closing_ && reading_ != Reading::kStopped &&
         queued_ < loop_.server().settings().pipeline && pending() < kMuchOutput && !file_;
}

// Takes finished exchanges off the front.
bool Connection::settle() {
  if (!front_ || !front_->finished.load(std::memory_order_acquire) || file_) return false;
  Exchange* exchange = front_;
  write_answer(*exchange);
  loop_.server().metrics().answered(exchange->result.status, clock_seconds() - exchange->began);
  loop_.server().metrics().in_flight.fetch_sub(1, std::memory_order_relaxed);
  const bool keep = exchange->keep_alive && !draining_;
  front_ = exchange->next;
  if (!front_) back_ = nullptr;
  --queued_;
  exchange->connection = nullptr;
  exchange->next = nullptr;
  if (exchange->head.upgrade && keep && !closing_ && reading_ == Reading::kStopped)
    reading_ = Reading::kHead;
  exchange->release();
  if (!keep) {
    closing_ = true;
    while (front_) {
      Exchange* dropped = front_;
      front_ = dropped->next;
      dropped->connection = nullptr;
      dropped->next = nullptr;
      loop_.server().metrics().in_flight.fetch_sub(1, std::memory_order_relaxed);
      dropped->release();
    }
    back_ = nullptr;
    queued_ = 0;
  }
  return true;
}

bool Connection::start_front() {
  if (!front_ || front_->started || closing_ || file_ || pending() >= kMuchOutput) return false;
  front_->started = true;
  loop_.start(*front_, *this);
  return true;
}

bool Connection::parse() {
  if (input_.empty() && !(reading_ == Reading::kLengthBody && body_left_ == 0)) return false;
  if (!can_parse()) return false;
  return reading_ == Reading::kHead ? parse_request_head() : parse_body();
}

bool Connection::parse_request_head() {
  RequestHead& head = loop_.scratch_head();
  const HeadResult result = parse_head(input_, loop_.server().settings().head, head);
  if (result.status) {
    refuse(result.status, result.reason);
    return true;
  }
  if (result.size == 0) {
    if (!head_started_) {
      head_started_ = true;
      loop_.timers().set(*this, now_ms() + loop_.server().settings().header_time);
    }
    return false;
  }
  head_started_ = false;
  reading_exchange_ = loop_.make_exchange();
  reading_exchange_->take_head(input_.substr(0, result.size), head);
  reading_exchange_->address = address_;
  input_.remove_prefix(result.size);
  begin_body(reading_exchange_->head.content_length, reading_exchange_->head.chunked);
  return true;
}

void Connection::begin_body(std::uint64_t length, bool chunked) {
  const Settings& settings = loop_.server().settings();
  const RequestHead& head = reading_exchange_->head;
  const bool is_form = is_multipart(head);
  body_limit_ = is_form ? settings.multipart_bytes : settings.body_bytes;
  if (length > body_limit_) {
    refuse(413, "the body is larger than " + std::to_string(body_limit_) + " bytes");
    return;
  }
  if (length == 0 && !chunked) {
    body_complete();
    return;
  }
  if (is_form && !reading_exchange_->begin_form(settings)) {
    refuse(400, "multipart/form-data needs a boundary");
    return;
  }
  body_left_ = length;
  chunks_.reset();
  reading_ = chunked ? Reading::kChunkedBody : Reading::kLengthBody;
  if (!is_form)
    reading_exchange_->body.reserve(
        static_cast<std::size_t>(std::min<std::uint64_t>(length, Loop::kReadBytes)));
  continue_wanted_ = head.expects_continue && input_.empty();
}

bool Connection::parse_body() {
  continue_wanted_ = false;
  if (reading_ == Reading::kLengthBody) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, input_.size()));
    const std::string_view bytes = input_.substr(0, count);
    input_.remove_prefix(count);
    body_left_ -= count;
    if (take_body(bytes) && body_left_ == 0) body_complete();
    return true;
  }
  std::string& body = reading_exchange_->body;
  std::size_t used = 0;
  const ChunkedDecoder::State state = chunks_.feed(input_, body_limit_, body, used);
  input_.remove_prefix(used);
  if (reading_exchange_->form_reader) {
    std::string bytes;
    bytes.swap(body);
    if (!take_body(bytes)) return true;
    body.swap(bytes);
    body.clear();
  }
  if (state == ChunkedDecoder::kDone) body_complete();
  if (state == ChunkedDecoder::kBad) refuse(400, "the body is not chunked as it says");
  if (state == ChunkedDecoder::kTooLarge)
    refuse(413, "the body is larger than " + std::to_string(body_limit_) + " bytes");
  return true;
}

// False when the request is refused for what came.
bool Connection::take_body(std::string_view bytes) {
  MultipartReader* form = reading_exchange_->form_reader.get();
  if (!form) {
    reading_exchange_->body.append(bytes);
    return true;
  }
  if (form->feed(bytes)) return true;
  refuse_form(*form);
  return false;
}

void Connection::refuse_form(const MultipartReader& form) {
  if (form.status() >= 500) {
    loop_.server().log(3, form.reason());
    refuse(form.status(), "internal error");
  } else {
    refuse(form.status(), form.reason());
  }
}

void Connection::body_complete() {
  Exchange* exchange = reading_exchange_;
  if (exchange->form_reader && !exchange->form_reader->finish())
    return refuse_form(*exchange->form_reader);
  reading_exchange_ = nullptr;
  const bool stop = !exchange->keep_alive ||
                    (exchange->head.upgrade && loop_.server().is_upgrade(exchange->head));
  if (!stop) exchange->head.upgrade = false;
  reading_ = stop ? Reading::kStopped : Reading::kHead;
  enqueue(exchange);
}

void Connection::enqueue(Exchange* exchange) {
  exchange->connection = this;
  exchange->began = read_at_;
  loop_.server().metrics().in_flight.fetch_add(1, std::memory_order_relaxed);
  if (back_)
    back_->next = exchange;
  else
    front_ = exchange;
  back_ = exchange;
  ++queued_;
}

// A request that cannot be understood: answered in its turn, and nothing behind it is looked at.
void Connection::refuse(int status, std::string_view message) {
  Exchange* exchange = reading_exchange_ ? reading_exchange_ : loop_.make_exchange();
  reading_exchange_ = nullptr;
  loop_.server().metrics().malformed.add();
  exchange->refuse(status, message);
  exchange->keep_alive = false;
  exchange->started = true;
  exchange->finished = true;
  reading_ = Reading::kStopped;
  continue_wanted_ = false;
  enqueue(exchange);
}

void Connection::answered() { pump(); }

void Connection::send_continue() {
  if (!continue_wanted_ || front_ || closing_) return;
  continue_wanted_ = false;
  out_.append("HTTP/1.1 100 Continue\r\n\r\n");
}

void Connection::shut() {
  if (lingering_) return;
  lingering_ = true;
  socket_.end_sending();
  if (ended_) {
    close();
    return;
  }
  update();
}

void Connection::update() {
  const Settings& settings = loop_.server().settings();
  std::uint32_t wanted = 0;
  const bool writing = (hold_ ? hold_ - 1 : out_.size()) > sent_;
  if (lingering_ || (!ended_ && can_parse())) wanted |= kReadable;
  if (writing) wanted |= kWritable;
  if (wanted != interest_) {
    interest_ = wanted;
    if (!loop_.poller()->modify(socket_.handle(), wanted, *this).ok()) return close();
  }
  const std::int64_t now = now_ms();
  if (lingering_)
    loop_.timers().set(*this, now + kLingerMs);
  else if (writing)
    loop_.timers().set(*this, now + settings.body_time);
  else if (reading_exchange_)
    loop_.timers().set(*this, now + settings.body_time);
  else if (front_)
    loop_.timers().clear(*this);
  else if (!head_started_)
    loop_.timers().set(*this, now + settings.idle_time);
}

void Connection::expired() noexcept {
  if (gone_) return;
  const bool late =
      !lingering_ && !closing_ && pending() == 0 && (head_started_ || reading_exchange_);
  const HttpMetrics& metrics = loop_.server().metrics();
  if (late)
    metrics.timed_out(head_started_ ? Timeout::kHead : Timeout::kBody);
  else if (!lingering_)
    metrics.timed_out(pending() > 0 ? Timeout::kAnswer : Timeout::kIdle);
  if (!late) return close();
  refuse(408, head_started_ ? "the head of the request did not come in time"
                            : "the body of the request did not come in time");
  head_started_ = false;
  pump();
}

void Connection::drain() {
  if (gone_ || draining_) return;
  draining_ = true;
  if (is_streaming()) return close();
  if (!front_ && !reading_exchange_ && pending() == 0 && !file_ && !lingering_) close();
}

void Connection::flush_last() {
  if (!gone_ && !given_away_ && sent_ < out_.size() && !hold_) {
    [[maybe_unused]] const auto n = socket_.send(std::string_view(out_).substr(sent_));
  }
}

}  // namespace flin::http
