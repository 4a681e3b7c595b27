// An open page between its messages (ARCHITECTURE 4): session, cells, references to live nodes,
// results that wait, and the agent its actions run in. It lives on the loop of its socket.
// [loop-thread]
#pragma once

#include "pages/action.h"
#include "pages/lent_context.h"
#include "pages/live_hub.h"
#include "pages/results.h"
#include "pages/scopes.h"
#include "pages/services.h"
#include "pages/token.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flin::pages {

// Messages of one step of the hub that were built already: pages that show the same get the same
// bytes.
struct FrameCache {
  std::map<std::string, BytesRef> messages;  // by fragments and numbers of questions
};

class PageRecord final : public std::enable_shared_from_this<PageRecord>, private Scopes::Page {
 public:
  PageRecord(Services& services, Results& results, agents::Loop& loop, std::uint64_t number,
             std::shared_ptr<const runtime::Program> program, const bytecode::PageRow& page,
             TokenData token, IFrameSink& sink);
  ~PageRecord() override;

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
    std::string inputs;                    // JSON array
    NodeRef node;                          // watched, or awaited
    std::shared_ptr<const LiveData> data;  // the newest that this page was told
    bool is_watched = false;
    bool is_known = true;      // at adoption: not touched since the browser has seen it
    bool must_answer = false;  // the browser has changed an input: it gets the value in any case
    std::uint64_t asked = 0;   // number of the newest question; older answers are dropped
    bool has_inputs = false;   // that come from the browser
    bool is_marked = false;    // slow socket: to be sent whole at drain
  };
  // Entries of live values that belong into one message, and those still to come.
  struct Update {
    struct Part {
      std::string key;
      BytesRef fragment;  // shared; or, empty,
      std::string text;   // the whole entry
      std::string n;      // ",12" behind the fragment
    };
    std::vector<Part> parts;
    std::set<std::string> awaited;
    bool empty() const { return parts.empty() && awaited.empty(); }
  };
  struct WaitingResult {
    ActionCall call;
    ActionOutcome outcome;
    Update live;  // what belongs to it
  };

  // ---- Live values (page_live.cpp) ----
  std::optional<std::string> page_input(const bytecode::InputRow& input) override;
  void open(const std::string& key, std::uint32_t row, std::string inputs, bool asks) override;
  void close(const std::string& key) override;
  const json::Node* data(const std::string& key) override;
  bool is_server_only(const Live& live) const;
  // Runs `change`, which may open and close live values; what is opened belongs to `update`.
  void collect(Update& update, const std::function<void()>& change);
  void ask_waiting();
  void answer(const std::string& key, std::uint64_t asked, const LiveSnapshot& snapshot);
  Update* update_awaiting(const std::string& key);
  void mark_changed(const std::string& address);
  Result<void> check_inputs();
  void send_page();
  void send_wanted(const json::Node& message);
  void cells(const json::Node& message);
  Result<void> read_cells(const json::Node& set);
  Result<void> read_scopes(const json::Node& open, bool is_adopting);
  Result<Scopes::Inputs> read_scope(const json::Node& inputs, std::optional<std::uint32_t> unit);
  const bytecode::InputRow* scope_input(std::optional<std::uint32_t> unit,
                                        std::string_view name) const;
  Result<std::string> read_input(const json::Node& value, const bytecode::InputRow& input);
  Update::Part part_of(const std::string& key, const Live& live, const BytesRef& fragment) const;
  Update::Part whole_part(const std::string& key, const Live& live) const;
  static std::string text_of(const Update& update);
  std::string live_message(const std::string& entries) const;
  void send_updates(FrameCache* cache);
  void send_update(const Update& update, FrameCache* cache);

  // ---- Calls and results ----
  void call_message(const json::Node& message);
  void run(ActionCall call, IContext* context, const Answered& answered);
  void ended(ActionCall call, ActionOutcome outcome);
  void take_outputs(WaitingResult& waiting);
  void send_ready_results();
  void send_result(WaitingResult& waiting);
  void send_kept(std::int64_t id, const std::string& rest);
  void fail_call(std::int64_t id, Error error);
  void send(const BytesRef& message, bool is_shared);
  void send(std::string message) { send(BytesRef(std::move(message)), false); }
  void refuse(const Error& error, std::string_view action, std::string_view key = {});
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

  std::map<std::string, std::string> cells_;  // input cells of the page: name -> JSON
  std::map<std::string, Live> live_;          // by key
  Scopes scopes_;
  std::uint64_t n_ = 0;     // of the newest `cells` message
  std::uint64_t seq_ = 0;   // newest number sent
  std::uint64_t step_ = 0;  // newest step of the hub heard of
  std::uint64_t asked_ = 0;
  bool is_adopted_ = false, is_recovered_ = false;
  std::set<std::string> wanted_;  // at adoption: what the browser has no value of
  Update adopted_;                // what is awaited before `page` can be answered
  Update* collecting_ = nullptr;  // what is opened now belongs to it
  std::vector<std::string> to_ask_;
  bool is_asking_ = false;
  std::deque<Update> updates_;  // live messages in order
  Update stash_;                // kept back for the running action

  std::deque<std::string> early_;           // messages that came before adoption
  std::set<std::int64_t> awaited_results_;  // of calls that run for an older record of this view
  bool has_written_ = false;                // the action that runs may have committed something
  std::deque<WaitingResult> waiting_;
  bool is_slow_ = false;
};

}  // namespace flin::pages
