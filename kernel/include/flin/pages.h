// kernel/pages seen by transports (A 14): http and ws move bytes, pages owns marks, state, tokens,
// live values and page records. All functions but session_changed: [loop-thread].
#pragma once

#include "flin/agents.h"

namespace flin {

struct Pair {
  Text name, value;
};
struct Upload {
  Text part, name, type, path;
};
struct Peer {
  Text sid, address;            // sid: value of the cookie flin_sid, checked by the transport
  IContext* context = nullptr;  // session and request of this connection; null: none. Owned by
                                // pages from the call on. Of render, action and form done() is
                                // called without a result when the program is through, before the
                                // answer: what it set of cookies goes with that
};
struct PageRequest {
  FunctionId page;
  Text path;  // of the page file as in L 16.2: "/", "/blog/[id]"
  List<Pair> params, query;
  Peer peer;
};

// Bytes that belong to the host, counted. [any-thread]
class IBytes {
 public:
  virtual Text text() noexcept = 0;
  virtual void retain() noexcept = 0;
  virtual void release() noexcept = 0;

 protected:
  ~IBytes() = default;
};

// One message as parts, to be written by one writev. The receiver retains the parts it keeps. Equal
// `same` other than 0: byte for byte equal, so compress once.
struct Frame {
  List<IBytes*> parts;
  std::uint64_t same;
};

// Implemented by transports: these never change. Each is called on the loop thread of the call it
// came with and stays valid until its last function: end, close of the page, answer.
class IHtmlSink {
 public:
  virtual void begin(std::uint32_t status) noexcept = 0;
  virtual void write(Text html) noexcept = 0;
  virtual void end(Status status) noexcept = 0;  // error: what failed, with its R code; begin may
                                                 // not have been called

 protected:
  ~IHtmlSink() = default;
};
class IFrameSink {
 public:
  // Gives the bytes now queued; ~0: more than this transport lets wait, so merge until drained().
  virtual std::uint64_t send(const Frame& frame) noexcept = 0;
  virtual void close(std::uint32_t code, Text reason) noexcept = 0;

 protected:
  ~IFrameSink() = default;
};
class IAnswerSink {
 public:
  virtual void answer(std::uint32_t status,
                      Text body) noexcept = 0;  // once; 303: body is the place to go to

 protected:
  ~IAnswerSink() = default;
};

class IPages {
 public:
  static constexpr Text kId = "flin.host.IPages/1";
  virtual void render(const PageRequest& request, IHtmlSink& sink) noexcept = 0;
  // The `page` message (W 4.7). Gives the page's number, or an error; then the answer (`error`,
  // `reload`) was sent already.
  virtual Status adopt(const Peer& peer, Text message, IFrameSink& sink,
                       std::uint64_t& page) noexcept = 0;
  virtual void receive(std::uint64_t page,
                       Text message) noexcept = 0;        // any other message of W 4.3
  virtual void drained(std::uint64_t page) noexcept = 0;  // its socket has nothing queued any more
  virtual void action(const Peer& peer, Text json, List<Upload> files,
                      IAnswerSink& sink) noexcept = 0;  // W 6
  virtual void form(const Peer& peer, List<Pair> fields, List<Upload> files,
                    IAnswerSink& sink) noexcept = 0;    // W 6, without scripts
  virtual void session_changed(Text sid) noexcept = 0;  // [any-thread] the kernel's sources
  virtual void close(std::uint64_t page) noexcept = 0;

 protected:
  ~IPages() = default;
};

}  // namespace flin
