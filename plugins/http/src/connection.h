// A connection of HTTP/1.1 on its loop: reads and parses in place, keeps requests in order, writes
// their answers in that order (RFC 9112 9.3.2). Requests of one connection run one after another;
// what is read ahead waits, up to `pipeline` requests, then reading pauses. [loop-thread]
#pragma once

#include "chunked.h"
#include "exchange.h"
#include "parser.h"
#include "socket.h"
#include "timers.h"

#include "flin/poller.h"

#include <memory>
#include <string>
#include <string_view>

namespace flin::http {

class Loop;
class ConnectionSlot;

class Connection final : public IReady, public Timer {
 public:
  Connection(Loop& loop, TcpSocket socket, std::string address,
             std::shared_ptr<ConnectionSlot> slot);
  ~Connection();

  bool open();  // registers with the poller
  void ready(std::uint32_t events) noexcept override;
  void expired() noexcept override;
  void answered();    // the exchange in front is finished
  void drain();       // the server stops: what runs is finished, then it closes
  void close();       // now; the object ends after the turn
  void flush_last();  // at stop(): one attempt to write what is there

  // The page in front writes itself.
  void begin_page(Exchange& exchange);
  void write_page(std::string_view html);
  void end_page();
  void drop_page();

  // An answer of another plugin in front writes itself, as long as it likes (path_answer.h).
  void begin_stream(Exchange& exchange, std::int64_t length);
  std::uint64_t write_stream(std::string_view bytes, bool chunked);  // bytes that wait
  void end_stream();                                                 // the last chunk

  // Gives the socket away; true: the taker has it. Called while the exchange in front is started.
  bool hand_over(Exchange& exchange, std::string_view protocol);
  std::string_view checked_sid() const { return checked_sid_; }
  void remember_sid(std::string_view sid) { checked_sid_ = sid; }
  bool is_drained() const { return draining_; }

  Connection* previous = nullptr;  // list of the loop
  Connection* following = nullptr;

 private:
  enum class Reading : std::uint8_t { kHead, kLengthBody, kChunkedBody, kStopped };

  void pump();
  bool settle();  // each gives true when it got further
  bool start_front();
  bool parse();
  bool parse_request_head();
  bool parse_body();
  bool take_body(std::string_view bytes);
  void refuse_form(const MultipartReader& form);
  void body_complete();
  void begin_body(std::uint64_t length, bool chunked);
  void refuse(int status, std::string_view message);
  void enqueue(Exchange* exchange);
  void write_answer(Exchange& exchange);
  bool may_be_packed(const Exchange& exchange) const;
  void pack(Exchange& exchange);
  void send_continue();
  void read_file();
  void flush();
  void read();
  void keep_rest();
  void shut();    // everything is written: say so and wait for the other side
  void update();  // interest and deadline
  std::size_t pending() const { return out_.size() - sent_; }
  bool can_parse() const;
  bool is_streaming() const { return front_ && front_->path_answer; }

  Loop& loop_;
  TcpSocket socket_;
  std::string address_;
  std::shared_ptr<ConnectionSlot> slot_;
  std::string in_;          // bytes not parsed yet, between turns
  std::string_view input_;  // the same and what was just read, during pump()
  std::string out_;
  std::size_t sent_ = 0;  // of out_
  std::size_t hold_ = 0;  // a page in progress starts here and is not sent yet; 0: none
  std::size_t length_at_ = 0,
              page_from_ = 0;  // of that page: place of its length, start of its body
  File file_;                  // of the answer being written
  std::uint64_t file_at_ = 0, file_left_ = 0;
  Exchange* front_ = nullptr;
  Exchange* back_ = nullptr;
  Exchange* reading_exchange_ = nullptr;  // its body is being read
  std::size_t queued_ = 0;
  double read_at_ = 0;  // seconds on the monotonic clock at which input_ was read
  std::uint64_t body_left_ = 0;
  std::size_t body_limit_ = 0;
  ChunkedDecoder chunks_;
  std::string checked_sid_;  // the last flin_sid whose signature was checked
  std::uint32_t interest_ = 0;
  Reading reading_ = Reading::kHead;
  bool head_started_ = false;  // its first bytes have come: header_time runs
  bool continue_wanted_ = false;
  bool closing_ = false;    // nothing is read or run any more; close when written
  bool lingering_ = false;  // our side is closed; what still comes is thrown away
  bool ended_ = false;      // the other side sends no more
  bool draining_ = false;
  bool pumping_ = false;
  bool given_away_ = false;
  bool gone_ = false;
};

}  // namespace flin::http
