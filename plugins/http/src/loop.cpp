#include "loop.h"

#include "server.h"

#include <ctime>

namespace flin::http {
namespace {

constexpr std::size_t kPooledBuffers = 64, kPooledExchanges = 64;
constexpr std::size_t kPooledBytes = 64 * 1024;  // a buffer grown larger is freed
constexpr int kAcceptsPerTurn = 64;
constexpr std::int64_t kAcceptPauseMs = 200;
constexpr std::int64_t kSessionNoticeMs = 300;  // L 16.10 asks for a second at most

}  // namespace

Loop::~Loop() { end(); }

void SessionNotices::add(const std::string& sid) {
  waiting_.emplace_back(now_ms() + kSessionNoticeMs, sid);
  if (waiting_.size() == 1) timers_.set(*this, waiting_.front().first);
}

void SessionNotices::expired() noexcept {
  const std::int64_t now = now_ms();
  std::size_t due = 0;
  while (due < waiting_.size() && waiting_[due].first <= now) {
    server_.services().pages->session_changed(Text(std::string_view(waiting_[due].second)));
    ++due;
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(due));
  if (!waiting_.empty()) timers_.set(*this, waiting_.front().first);
}

void Loop::tell_session_changed(const std::string& sid) {
  if (server_.services().agents->current_loop() == index_) return session_notices_.add(sid);
  struct Told {
    Loop& loop;
    std::string sid;
  };
  server_.services().host->post(
      index_,
      [](IPlugin&, void* data) noexcept {
        const std::unique_ptr<Told> told(static_cast<Told*>(data));
        told->loop.session_notices_.add(told->sid);
      },
      new Told{*this, sid}, [](void* data) noexcept { delete static_cast<Told*>(data); });
}

IPoller* Loop::make_poller() {
  read_buffer_ = std::make_unique<char[]>(kReadBytes);
  poller_ = http::make_poller(server_.settings().poller, *server_.services().host, timers_);
  return poller_;
}

void Loop::listen(ListenSocket socket) {
  if (!poller_) return;  // make() gave none, and said so
  listener_ = std::make_unique<ListenSocket>(std::move(socket));
  const Status status = poller_->add(listener_->handle(), kReadable, *this);
  if (!status.ok())
    server_.log(
        3, "loop " + std::to_string(index_) + " cannot listen: " + std::string(status.message()));
}

void Loop::stop_listening() {
  if (!listener_) return;
  [[maybe_unused]] const Status status = poller_->remove(listener_->handle());
  timers_.clear(*this);
  listener_.reset();
}

void Loop::drain() {
  stop_listening();
  for (Connection* connection = connections_; connection;) {
    Connection* following = connection->following;
    connection->drain();
    connection = following;
  }
}

void Loop::end() {
  listener_.reset();
  while (connections_) {
    Connection* connection = connections_;
    connections_ = connection->following;
    connection->flush_last();
    delete connection;
  }
  for (Connection* connection : dead_) delete connection;
  dead_.clear();
  exchanges_.clear();
}

void Loop::set_routes(std::shared_ptr<const RouteTable> routes) {
  routes_ = std::move(routes);
  assets_.clear();
  files_.clear();
}

void Loop::ready(std::uint32_t) noexcept {
  for (int i = 0; i < kAcceptsPerTurn && listener_; ++i) {
    std::string address;
    bool failed = false;
    TcpSocket socket = listener_->accept(address, failed);
    if (failed) {
      server_.log(2, "no descriptors left; new connections wait");
      [[maybe_unused]] const Status status = poller_->modify(listener_->handle(), 0, *this);
      timers_.set(static_cast<Timer&>(*this), now_ms() + kAcceptPauseMs);
    }
    if (socket.handle() < 0) return;
    accept_one(std::move(socket), std::move(address));
  }
}

void Loop::expired() noexcept {
  if (!listener_) return;
  [[maybe_unused]] const Status status = poller_->modify(listener_->handle(), kReadable, *this);
}

void Loop::accept_one(TcpSocket socket, std::string address) {
  std::shared_ptr<ConnectionSlot> slot = server_.take_slot(address);
  if (!slot) {
    constexpr std::string_view kBusy =
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: "
        "1\r\nContent-Length: 0\r\n\r\n";
    [[maybe_unused]] const auto n = socket.send(kBusy);
    socket.end_sending();
    return;
  }
  auto* connection = new Connection(*this, std::move(socket), std::move(address), std::move(slot));
  if (!connection->open()) {
    delete connection;
    return;
  }
  connection->following = connections_;
  if (connections_) connections_->previous = connection;
  connections_ = connection;
}

std::string_view Loop::date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_second_) {
    date_second_ = now;
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char format[40];
    std::snprintf(format, sizeof format, "%s, %%d %s %%Y %%H:%%M:%%S GMT", kDays[parts.tm_wday],
                  kMonths[parts.tm_mon]);
    std::strftime(date_, sizeof date_, format, &parts);
  }
  return date_;
}

void Loop::take_buffer(std::string& buffer) {
  if (buffer.capacity() > 64 || buffers_.empty()) return;
  std::swap(buffer, buffers_.back());
  buffers_.pop_back();
}

void Loop::give_buffer(std::string& buffer) {
  if (buffer.capacity() > 64 && buffer.capacity() <= kPooledBytes &&
      buffers_.size() < kPooledBuffers) {
    buffer.clear();
    buffers_.push_back(std::move(buffer));
  }
  buffer = std::string();
}

Exchange* Loop::make_exchange() {
  Exchange* exchange = nullptr;
  if (exchanges_.empty()) {
    exchange = new Exchange(*this);
  } else {
    exchange = exchanges_.back().release();
    exchanges_.pop_back();
    exchange->prepare();
  }
  exchange->number = (static_cast<std::uint64_t>(index_) << 48) + ++next_number_;
  return exchange;
}

void Loop::recycle(Exchange& exchange) {
  const bool here = server_.services().agents->current_loop() == index_;
  if (!here || exchanges_.size() >= kPooledExchanges || exchange.body.capacity() > kPooledBytes ||
      exchange.result.body.capacity() > kPooledBytes) {
    delete &exchange;
    return;
  }
  exchange.form_reader.reset();
  exchange.form.clear();  // its temporary files go now
  exchange.slot.reset();
  exchange.routes.reset();
  exchange.result.clear();
  exchanges_.emplace_back(&exchange);
}

// Whoever is in the poller's list of this turn may still be told of; so the object ends in a later
// one.
void Loop::retire(Connection& connection) {
  if (connection.previous)
    connection.previous->following = connection.following;
  else
    connections_ = connection.following;
  if (connection.following) connection.following->previous = connection.previous;
  connection.previous = connection.following = nullptr;
  dead_.push_back(&connection);
  if (purge_posted_) return;
  purge_posted_ = true;
  server_.services().host->post(
      index_, [](IPlugin&, void* data) noexcept { static_cast<Loop*>(data)->purge(); }, this,
      [](void*) noexcept {});
}

void Loop::purge() {
  purge_posted_ = false;
  std::vector<Connection*> dead;
  dead.swap(dead_);
  for (Connection* connection : dead) delete connection;
}

}  // namespace flin::http
