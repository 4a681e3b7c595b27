#include "event_stream.h"

#include "entities.h"
#include "hub.h"
#include "messages.h"
#include "shard.h"

#include "flin/http/utf8.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace flin::ws {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Percent-encoding as in forms (WHATWG URL 5.1). False: it is malformed.
bool decode(std::string_view text, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return false;
    const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    out.push_back(static_cast<char>(high << 4 | low));
    i += 2;
  }
  return http::is_utf8(out);
}

bool read_number(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

void add_names(std::string_view list, std::vector<std::string>& out) {
  while (!list.empty()) {
    const std::size_t end = list.find(',');
    std::string name(list.substr(0, end));
    if (!name.empty() && std::find(out.begin(), out.end(), name) == out.end())
      out.push_back(std::move(name));
    list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
  }
}

// "58": the first change of commit 58 was told; "58.2": its second too.
Since read_id(std::string_view id) {
  Since since{0, 1};
  const std::size_t dot = id.find('.');
  if (!read_number(id.substr(0, dot), since.seq)) return {};
  if (dot != std::string_view::npos && !read_number(id.substr(dot + 1), since.known)) return {};
  return since;
}

}  // namespace

std::string read_event_request(std::string_view query, std::string_view last_event_id,
                               EventRequest& out) {
  out = EventRequest();
  std::string name, value;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view field = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    const std::size_t equals = std::min(field.find('='), field.size());
    if (!decode(field.substr(0, equals), name) ||
        !decode(field.substr(std::min(equals + 1, field.size())), value))
      return "The query is not well encoded.";
    if (name == "subscribe") add_names(value, out.names);
    if (name != "since") continue;
    out.since = Since();
    if (!read_number(value, out.since->seq)) return "'since' of an event stream is a whole number.";
  }
  if (out.names.empty())
    return "'subscribe' names the entities of an event stream, as in ?subscribe=Todo,User.";
  if (!last_event_id.empty()) {
    out.since = read_id(last_event_id);
    out.is_resumed = true;
  }
  return {};
}

EventStream::EventStream(Shard& shard, http::IPathAnswer& answer, EventRequest request)
    : Subscriber(shard), answer_(&answer), request_(std::move(request)), sent_(now_ms()) {
  shard_.counters().streams.add();
}

EventStream::~EventStream() { shard_.counters().streams.take(); }

// `subscribed` bears an id only where nothing follows that belongs before it.
void EventStream::open() {
  std::vector<Pair> headers = {{"Content-Type", "text/event-stream"},
                               {"Cache-Control", "no-store"},
                               {"X-Accel-Buffering", "no"},
                               {"Vary", "Origin"}};
  if (!request_.allowed_origin.empty()) {
    headers.push_back(
        {"Access-Control-Allow-Origin", Text(std::string_view(request_.allowed_origin))});
    headers.push_back({"Access-Control-Allow-Credentials", "true"});
  }
  answer_->begin(200, {headers.data(), headers.size()}, -1);
  const List<EntityRow> entities = shard_.hub().program().entities();
  std::vector<std::uint32_t> types;
  for (const std::string& name : request_.names) {
    if (const auto type = find_type(entities, name)) types.push_back(*type);
  }
  std::uint64_t seq = 0;
  const auto missed = subscribe_to(types, request_.since, seq);
  const bool resumes = request_.since && missed;
  at_ = resumes ? *request_.since : Since{seq, 1};
  for (const std::uint32_t type : types) {
    const std::string json = subscribed_message(entities[type].name, seq, missed.has_value());
    queue(make_event(json, resumes ? 0 : seq));
  }
  if (!missed) return;
  for (const Told& told : *missed) send_numbered(told.json, told.seq);
}

// ---- Out

bool EventStream::make_room() {
  const std::size_t most = shard_.hub().settings().queue_bytes;
  if (waiting_ + out_.size() > most) flush();
  return waiting_ <= most;
}

void EventStream::queue(std::string_view event) {
  if (!answer_) return;
  out_.append(event);
  sent_ = now_ms();
  shard_.flush_later(*this);
}

void EventStream::told(std::uint64_t seq) {
  at_ = {seq, at_.seq == seq ? at_.known + 1 : 1};
  shard_.counters().messages_out.add();
  if (at_.known > 1) queue("id: " + std::to_string(seq) + "." + std::to_string(at_.known) + "\n\n");
}

void EventStream::send_message(std::string_view json) {
  queue(make_event(json, 0));
  shard_.counters().messages_out.add();
}

void EventStream::send_numbered(std::string_view json, std::uint64_t seq) {
  queue(make_event(json, seq));
  told(seq);
}

void EventStream::send_shared(SharedMessage& message) {
  queue(*message.event());
  if (message.seq() != 0)
    told(message.seq());
  else
    shard_.counters().messages_out.add();
}

// What every stream gets is bounded here, what it subscribed to by make_room().
void EventStream::flush() {
  if (!answer_ || out_.empty()) return;
  waiting_ = answer_->write(Text(std::string_view(out_)));
  out_.clear();
  if (out_.capacity() > 4096) out_.shrink_to_fit();
  if (waiting_ > 4 * shard_.hub().settings().queue_bytes) return end();
  if (waiting_ == 0) drained();
}

void EventStream::drained() {
  waiting_ = 0;
  if (std::exchange(owes_drained_, false)) tell_dropped();
}

// ---- The end

void EventStream::gone() {
  if (!answer_) return;
  answer_ = nullptr;
  forget_all();
  shard_.retire(*this);
}

void EventStream::end() {
  if (!answer_) return;
  http::IPathAnswer* answer = answer_;
  shard_.hub().stream_ended(*answer);
  gone();
  answer->end();
}

// A stream has no word for why it ends; its client comes back by itself and says what it has.
void EventStream::close_with(std::uint16_t, std::string_view) {
  flush();
  end();
}

void EventStream::tick(std::int64_t now) {
  if (now - sent_ >= shard_.hub().settings().ping_time) queue(":\n\n");
}

}  // namespace flin::ws
