// What this plugin keeps on one loop thread: poller deadlines, listener, connections, and memory to
// use again. Nothing in it is shared with another loop. [loop-thread]
#pragma once

#include "connection.h"
#include "route_table.h"
#include "static_files.h"
#include "timers.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace flin::http {

class Server;
struct PathOffer;

// Browsers whose session changed, to be told of at its deadline. [loop-thread]
class SessionNotices final : public Timer {
 public:
  SessionNotices(Server& server, Timers& timers) : server_(server), timers_(timers) {}
  ~SessionNotices() { timers_.clear(*this); }
  void add(const std::string& sid);
  void expired() noexcept override;

 private:
  Server& server_;
  Timers& timers_;
  std::vector<std::pair<std::int64_t, std::string>> waiting_;  // when (ms), which
};

class Loop final : private IReady, private Timer {
 public:
  static constexpr std::size_t kReadBytes = 64 * 1024;

  Loop(Server& server, std::uint32_t index)
      : server_(server), index_(index), session_notices_(server, timers_) {}
  ~Loop();

  IPoller* make_poller();
  void listen(ListenSocket socket);
  void stop_listening();
  void drain();  // close the listener; connections end after what they are at
  void end();    // [stop] the loop threads are gone: end every connection
  void set_routes(std::shared_ptr<const RouteTable> routes);

  void start(Exchange& exchange, Connection& connection);
  // The pages of this browser load themselves again, once its answer had time to arrive: a page
  // that is faster than its new cookies would come with the old ones.
  void tell_session_changed(const std::string& sid);  // [any-thread]
  void add_sid(Exchange& exchange);                   // Set-Cookie of a fresh flin_sid, once

  Server& server() { return server_; }
  std::uint32_t index() const { return index_; }
  IPoller* poller() { return poller_; }
  Timers& timers() { return timers_; }
  std::string_view date();  // of now, for the Date header; made once a second
  char* read_buffer() { return read_buffer_.get(); }
  RequestHead& scratch_head() { return scratch_head_; }
  Compressor& compressor() { return compressor_; }
  void take_buffer(std::string& buffer);
  void give_buffer(std::string& buffer);
  Exchange* make_exchange();
  void recycle(Exchange& exchange);     // [any-thread] its last reference is gone
  void retire(Connection& connection);  // ends it after this turn

 private:
  void ready(std::uint32_t events) noexcept override;
  void expired() noexcept override;  // accepting pauses when the system has no descriptors left
  void accept_one(TcpSocket socket, std::string address);
  void purge();

  // dispatch.cpp
  void read_proxy(Exchange& exchange);
  void read_sid(Exchange& exchange, Connection& connection, bool make);
  void start_own(Exchange& exchange, Connection& connection);
  void start_upgrade(Exchange& exchange, Connection& connection);
  void start_path(Exchange& exchange, Connection& connection, const PathOffer& offer);
  void start_route(Exchange& exchange);
  void start_page(Exchange& exchange);
  void start_action(Exchange& exchange, Connection& connection);
  void start_form(Exchange& exchange);
  void start_asset(Exchange& exchange);
  void start_operators(Exchange& exchange, const std::string& path);
  void start_file(Exchange& exchange, const std::string& allow);
  const StoredBody* stored_asset(const std::string& path);

  Server& server_;
  const std::uint32_t index_;
  Timers timers_;
  SessionNotices session_notices_;
  IPoller* poller_ = nullptr;  // the host's
  std::unique_ptr<ListenSocket> listener_;
  std::shared_ptr<const RouteTable> routes_;
  std::map<std::string, StoredBody, std::less<>> assets_;
  FileCache files_;
  Compressor compressor_;
  std::unique_ptr<char[]> read_buffer_;
  RequestHead scratch_head_;
  std::vector<std::string> buffers_;
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  Connection* connections_ = nullptr;
  std::vector<Connection*> dead_;
  std::uint64_t next_number_ = 0;
  std::int64_t date_second_ = -1;
  char date_[32] = {};
  bool purge_posted_ = false;
};

}  // namespace flin::http
