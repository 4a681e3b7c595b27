// An open page between its messages (ARCHITECTURE 4): session, cells, references to live nodes,
// results that wait, and the agent its actions run in. It lives on the loop of its socket.
// [loop-thread]
#pragma once

#include "pages/action.h"
#include "pages/lent_context.h"
#include "pages/live_hub.h"
#include "pages/results.h"
#include "pages/services.h"
#include "pages/token.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace flin::pages {

// Messages of one step of the hub that were built already: pages that show the same get the same
// bytes.
struct FrameCache {
  std::map<std::string, BytesRef> messages;  // by fragments and numbers of questions
};

class PageRecord : public std::enable_shared_from_this<PageRecord> {
 public:
  PageRecord(Services& services, Results& results, agents::Loop& loop, std::uint64_t number,
             std::shared_ptr<const runtime::Program> program, const bytecode::PageRow& page,
             TokenData token, IFrameSink& sink);
  ~PageRecord();

  std::uint64_t number() const { return number_; }
  const std::string& view() const { return token_.view; }
  const std::string& sid() const { return token_.sid; }
  const bytecode::PageRow& page() const { return page_; }
  bool is_open() const { return sink_ != nullptr; }

  // The `page` message: opens the live values and answers. R0401: nothing was opened.
  Result<void> adopt(const json::Node& message);
  void receive(std::string_view message);
  void drained();
  // What the hub tells of step `seq`; also called with nothing, so that waiting results go out.
  void deliver(std::uint64_t seq, const std::vector<const LiveHub::Delivery*>& entries,
               FrameCache& cache);
  // The result of a call that another record of this view was asked for is there.
  void result_kept(std::int64_t id);
  // An action that came by POST: runs in order with the others; its result comes on the socket.
  // `answered`: it is over, or was refused; new cookies are known then.
  using Answered = std::function<void()>;
  void call(ActionCall call, IContext* context, const Answered& answered);
  // Session and request of the socket, for calls that come on it. [before adopt]
  void keep_context(IContext* context) { context_ = share_context(context); }
  void send_reload(std::string_view reason);
  // Development: another build is served; what is wrong with the newest source text ("": nothing).
  void send_build(const std::string& build);
  void send_diagnostics(std::string_view text);
  // Ends it: its socket is gone, or another socket adopted the view (then with a close code).
  void close(std::uint32_t code, std::string_view reason);

 private:
  struct Live {
    std::uint32_t row = 0;
    std::string inputs;  // JSON array
    NodeRef node;        // watched, or awaited
    bool is_watched = false;
    std::uint64_t asked = 0;  // number of the newest question; older answers are dropped
    bool has_inputs = false;
    bool is_marked = false;  // slow socket: to be sent whole at drain
  };
  struct WaitingResult {
    ActionCall call;
    ActionOutcome outcome;
    std::set<std::string> awaited;  // live keys whose new value belongs to it
    std::string live;               // entries so far, joined by commas
  };

  Result<std::string> inputs_of(const bytecode::LiveRow& row) const;
  Result<void> read_cells(const json::Node& set, std::vector<std::string>& changed);
  Result<void> open_live();
  void opened();
  void send_page(bool recovered);
  void cells(const json::Node& message);
  void refresh(const std::vector<std::string>& changed, WaitingResult* for_result);
  void answer(const std::string& key, std::uint64_t asked, const LiveSnapshot& snapshot);
  void call_message(const json::Node& message);
  void run(ActionCall call, IContext* context, const Answered& answered);
  void ended(ActionCall call, ActionOutcome outcome);
  void send_ready_results();
  void send_result(WaitingResult& waiting);
  void send_kept(std::int64_t id, const std::string& rest);
  void fail_call(std::int64_t id, Error error);
  std::string live_message(const std::string& entries) const;
  std::string entry(const Live& live, std::string_view fragment) const;
  std::string whole_entry(const std::string& key, const Live& live, const LiveData& data) const;
  void send(const BytesRef& message, bool is_shared);
  void send(std::string message) { send(BytesRef(std::move(message)), false); }
  void refuse(const Error& error, std::string_view action, std::string_view key = {});
  Result<void> check_value(const std::string& json, const std::string& type,
                           const std::string& name);
  void stop_agent();

  Services& services_;
  Results& results_;
  agents::Loop& loop_;
  const std::uint64_t number_;
  const std::shared_ptr<const runtime::Program> program_;
  const bytecode::PageRow& page_;
  TokenData token_;
  IFrameSink* sink_;  // null: closed
  AgentId agent_;
  SharedContext context_;  // of the socket; null: none

  std::map<std::string, std::string> cells_;  // input cells: name -> JSON
  std::map<std::string, Live> live_;          // by key
  std::uint64_t n_ = 0;                       // of the newest `cells` message
  std::uint64_t seq_ = 0;                     // newest number sent
  std::uint64_t step_ = 0;                    // newest step of the hub heard of
  std::uint64_t asked_ = 0;
  std::size_t opening_ = 0;  // live values awaited before `page` can be answered
  bool is_adopted_ = false;
  std::deque<std::string> early_;           // messages that came before that
  std::set<std::int64_t> awaited_results_;  // of calls that run for an older record of this view
  std::uint64_t running_commit_ = 0;        // oldest commit of the action that runs; 0: none
  std::deque<WaitingResult> waiting_;
  std::string stash_;  // live entries kept back for the running action
  bool is_slow_ = false;
  bool is_recovered_ = false;
};

}  // namespace flin::pages
