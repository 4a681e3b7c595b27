// One exchange with another machine, on a worker thread: connect, TLS, send, receive, redirects.
// Poco Net does HTTP; addresses are resolved and judged here, and only judged ones are connected
// to.
#pragma once

#include "address_rules.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace flin::async {

using HeaderField = std::pair<std::string, std::string>;

struct OutboundRequest {
  std::string method, url, body;
  std::vector<HeaderField> headers;
};
struct OutboundAnswer {
  int status = 0;
  std::vector<HeaderField> headers;  // names in lower case, in order
  std::string body;
};
struct OutboundFailure {
  std::uint32_t code = 0;  // R0014, R0202; 0: none
  std::string message;
  bool may_help_again = false;  // the network's fault: another attempt may go well
};

struct OutboundLimits {
  std::size_t answer_bytes = 16u << 20;
  std::size_t redirects = 5;
  AllowedHosts allowed;
};

// Ends an exchange from another thread: the socket is shut down, so that whatever waits fails.
class Abort {
 public:
  void now();
  bool is_set() const { return is_set_; }

  // For the exchange: the descriptor in use, -1 for none. False: it was ended already.
  bool use(int descriptor);

 private:
  std::mutex lock_;  // guards descriptor_
  int descriptor_ = -1;
  std::atomic<bool> is_set_{false};
};

// Blocks until the answer is there whole, at most to the deadline or until `abort` is set.
OutboundFailure exchange(const OutboundRequest& request, const OutboundLimits& limits,
                         std::chrono::steady_clock::time_point deadline, Abort& abort,
                         OutboundAnswer& answer);

// "" or what is wrong with it: only http and https, no user, a host.
std::string check_url(const std::string& url);

}  // namespace flin::async
