// Paths of FLIN's own (`/_flin/events`) that other plugins answer through http's server: they get a
// request and write an answer that may go on for as long as both sides like. http does framing,
// order, timeouts of slow readers, 405 and OPTIONS.
#pragma once

#include "flin/pages.h"
#include "flin/poller.h"

namespace flin::http {

// Everything is borrowed until take() returns, but for what the comments say.
struct PathRequest {
  std::uint32_t loop;        // the loop this runs on
  Text method, path, query;  // path decoded, query as in the request line
  List<Pair> headers;        // names in lower case, in order
  Text body;
  Text sid, address;  // checked browser id ("" when the request has none), address of the client
  IPoller* poller;    // of that loop, for timers of an answer that goes on
};

// One answer being written, by http. Its calls and those of its taker happen on the loop of the
// request. It ends with end() or with IPathTaker::gone(); after either it is no more.
class IPathAnswer {
 public:
  // Status and headers, once, before anything else. `length`: bytes of the body when known; -1: it
  // goes on until end(), in chunks (HTTP/1.0: until the connection closes). Content-Length,
  // Transfer-Encoding, Connection and Date are http's.
  virtual void begin(std::uint32_t status, List<Pair> headers, std::int64_t length) noexcept = 0;
  // Gives the bytes that wait to be sent. Not 0: drained() follows when they are gone. A reader
  // that takes nothing for http.body_time is disconnected. To HEAD nothing is sent.
  virtual std::uint64_t write(Text bytes) noexcept = 0;
  virtual void end() noexcept = 0;

 protected:
  ~IPathAnswer() = default;
};

// Implemented by the taker: never changes. [loop-thread]
class IPathTaker {
 public:
  virtual void take(const PathRequest& request, IPathAnswer& answer) noexcept = 0;
  virtual void drained(IPathAnswer& answer) noexcept = 0;
  // The client left, or the server stops. Never from within a call of `answer`.
  virtual void gone(IPathAnswer& answer) noexcept = 0;

 protected:
  ~IPathTaker() = default;
};

class IPaths {
 public:
  static constexpr Text kId = "flin.http.IPaths/1";
  // Requests for `path`, which begins with "/_flin/", with one of `methods` ("GET, HEAD") go to
  // `taker`. A path that is taken already, or is no such path, is P108. [load]
  virtual Status offer(Text path, Text methods, IPathTaker& taker) noexcept = 0;

 protected:
  ~IPaths() = default;
};

}  // namespace flin::http
