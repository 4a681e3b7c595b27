// One request and its answer. It is the context of the agent that runs it (IContext), the sink of a
// page (IHtmlSink) and of an action (IAnswerSink), so whoever still works on it keeps it alive: it
// is counted, and lives on without its connection when that is closed.
//
// The request part is constant once it is started and may be read on any thread. The answer part
// belongs to whoever runs the request, until finish() hands it back to the loop of the connection.
#pragma once

#include "answer.h"
#include "multipart.h"
#include "parser.h"
#include "path_answer.h"
#include "route_table.h"
#include "url.h"

#include "flin/agents.h"
#include "flin/pages.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace flin::http {

class Connection;
class Loop;
class ConnectionSlot;
struct Settings;

// The headers of a request as other plugins get them: names in lower case. Views into `head`.
class LowerCaseHeaders {
 public:
  explicit LowerCaseHeaders(const RequestHead& head);
  List<Pair> list() const { return {pairs_.data(), pairs_.size()}; }

 private:
  std::vector<std::string> names_;
  std::vector<Pair> pairs_;
};

class Exchange final : public IContext, public IHtmlSink, public IAnswerSink {
 public:
  explicit Exchange(Loop& loop) : loop(loop) {}
  ~Exchange() { leave_socket(); }

  void retain() { references_.fetch_add(1, std::memory_order_relaxed); }
  void release();  // [any-thread] the last one gives it back to its loop, or ends it
  void prepare();  // for the next request, with one reference [loop-thread]

  // Takes the bytes of a parsed head over and lets `head` point into them.
  void take_head(std::string_view raw, RequestHead& parsed);
  void take_routes(const Match& match);
  // The body is multipart/form-data: reads it into `form` as it comes. False without a boundary.
  bool begin_form(const Settings& settings);
  List<Upload> uploads();  // the files of `form`
  std::string_view scheme() const;
  // The client takes gzip, and this answer may be packed: not when another site makes the browser
  // ask, since the length would tell it about secrets in the page (BREACH).
  bool takes_gzip() const;
  // How errors are told to this client: HTML to browsers that navigate, else JSON.
  void refuse(int status, std::string_view message);
  // Starts the agent that answers; it holds one reference, which the caller has taken.
  Status start_agent(IAgents& agents, const AgentStart& what, AgentId& id);
  void start_failed(const Status& status);

  // The cookies of a changed session (L 16.10), when the program is done with the request.
  Status keep_session(ICall& call);
  // From now on it is the context of a socket: its handlers see what later requests write.
  void become_socket();
  void leave_socket();

  // IContext
  Status load(ICall& call, std::uint32_t what, Value& out) noexcept override;
  void done(ICall& call, Status error, Value result) noexcept override;
  void destroy() noexcept override;
  // IHtmlSink
  void begin(std::uint32_t status) noexcept override;
  void write(Text html) noexcept override;
  void end(Status status) noexcept override;
  // IAnswerSink
  void answer(std::uint32_t status, Text body) noexcept override;

  // Request.
  Loop& loop;
  RequestHead head;
  std::string body;                              // empty when it went into `form`
  std::unique_ptr<MultipartReader> form_reader;  // of a multipart body; null: it is something else
  FormData form;
  Method method = kGet;
  std::vector<std::string> segments;  // of the path, decoded
  const Target* target = nullptr;     // kept by `routes`
  std::shared_ptr<const RouteTable> routes;
  std::vector<Field> params;
  std::string address, sid;
  bool secure = false;     // scheme https, told by a trusted proxy
  bool fresh_sid = false;  // sid was made for this answer
  bool is_form = false;    // a form post of a page without scripts
  bool expects_body = false;
  std::uint64_t number = 0;              // for request.id
  std::shared_ptr<ConnectionSlot> slot;  // after an upgrade: counts the connection on
  std::vector<Field> query_fields;       // decoded, of pages and forms
  std::vector<Pair> param_pairs, query_pairs;
  std::vector<Upload> upload_rows;

  // Answer.
  Answer result;
  std::unique_ptr<PathAnswer> path_answer;  // another plugin writes it
  double began = 0;                  // seconds on the monotonic clock: when its bytes were read
  Connection* connection = nullptr;  // null when it is gone [loop-thread]
  Exchange* next = nullptr;          // behind this one on the connection
  bool keep_alive = true;
  bool started = false;
  bool streamed = false;  // a page wrote itself into the connection's output
  std::atomic<bool> finished{false};

  void finish();  // [any-thread] the answer is complete; once

 private:
  friend struct ContextValues;
  Status load_session(ICall& call, Value& out);
  std::string session_text();  // as the cookie has it, or newer
  void set_session_cookie(const std::string& text);
  void renew_sid(const std::string& text);
  bool is_route() const { return target && !target->is_page; }
  void set_result(ICall& call, Value value);
  void fail_result(const Status& error);
  std::string label() const { return std::string(head.method) + " " + std::string(head.path); }

  std::atomic<std::uint32_t> references_{1};
  std::string bytes_;                  // of the head
  std::atomic<bool> answered_{false};  // finish() was called
  bool starting_ = false;              // inside IAgents::start()
  int malformed_status_ = 400;         // of R0404
  bool is_socket_ = false;
  bool session_loaded_ = false;
  std::uint64_t session_handle_ = 0;  // of the map that the program works with
  std::string session_before_;        // its text when it was loaded
  friend class Loop;
};

}  // namespace flin::http
