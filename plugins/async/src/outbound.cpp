#include "outbound.h"

#include "answer_reader.h"
#include "tls.h"

#include "flin/plugin.h"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HostEntry.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/URI.h>

#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <sstream>

namespace flin::async {
namespace {

using Clock = std::chrono::steady_clock;
using Poco::Net::IPAddress;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

constexpr std::chrono::milliseconds kLook{100};  // how often a connect looks whether it is over

OutboundFailure network(const std::string& why, bool may_help_again = true) {
  return {code('R', 202), "network failed: " + why, may_help_again};
}
OutboundFailure argument(const std::string& why) {
  return {code('R', 14), "invalid argument: " + why, false};
}

Poco::Timespan left(Clock::time_point deadline) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(deadline - Clock::now());
  return Poco::Timespan(std::max<Poco::Timespan::TimeDiff>(us.count(), 1));
}

Address address_of(const IPAddress& ip) {
  Address out;
  out.is_v6 = ip.family() == IPAddress::IPv6;
  std::memcpy(out.bytes.data(), ip.addr(), std::min<std::size_t>(16, ip.length()));
  return out;
}

// The addresses of the host that may be connected to.
OutboundFailure resolve(const Poco::URI& url, const OutboundLimits& limits,
                        std::vector<IPAddress>& out) {
  const std::string& host = url.getHost();
  std::vector<IPAddress> found;
  try {
    const Poco::Net::HostEntry entry = Poco::Net::DNS::hostByName(host);
    for (const IPAddress& ip : entry.addresses())
      if (std::find(found.begin(), found.end(), ip) == found.end()) found.push_back(ip);
  } catch (const Poco::Exception&) { return network("the host '" + host + "' is not known"); }
  const bool is_allowed = limits.allowed.has(host, url.getPort());
  for (const IPAddress& ip : found)
    if (is_allowed || is_public(address_of(ip))) out.push_back(ip);
  if (!out.empty()) return {};
  if (found.empty()) return network("the host '" + host + "' has no address");
  return argument("the address " + found.front().toString() + " of '" + host +
                  "' is loopback, private or reserved; the setting async.allow_hosts can allow the "
                  "host");
}

// Gives the descriptor to `abort` for as long as the socket is used.
class InUse {
 public:
  InUse(Abort& abort, StreamSocket& socket) : abort_(abort) {
    is_ok_ = abort_.use(socket.impl()->sockfd());
  }
  ~InUse() { abort_.use(-1); }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;
  bool is_ok() const { return is_ok_; }

 private:
  Abort& abort_;
  bool is_ok_ = false;
};

// "" or why not.
std::string connect(StreamSocket& socket, const SocketAddress& address, Clock::time_point deadline,
                    const Abort& abort) {
  socket = StreamSocket(address.family());
  socket.connectNB(address);
  const int modes = Poco::Net::Socket::SELECT_WRITE | Poco::Net::Socket::SELECT_ERROR;
  while (!socket.poll(Poco::Timespan(std::chrono::microseconds(kLook).count()), modes)) {
    if (abort.is_set()) return "cancelled";
    if (Clock::now() >= deadline) return "no connection to " + address.toString() + " in time";
  }
  if (const int error = socket.impl()->socketError(); error != 0)
    return address.toString() + ": " + std::strerror(error);
  socket.setBlocking(true);
  socket.setReceiveTimeout(left(deadline));
  socket.setSendTimeout(left(deadline));
  socket.setNoDelay(true);
  return {};
}

class SocketSource final : public ByteSource {
 public:
  explicit SocketSource(StreamSocket& socket) : socket_(socket) {}
  std::string_view more() override {
    const int count = socket_.receiveBytes(bytes_, sizeof bytes_);
    return {bytes_, count > 0 ? static_cast<std::size_t>(count) : 0};
  }

 private:
  StreamSocket& socket_;
  char bytes_[16 * 1024];
};

std::string written(const OutboundRequest& request, const Poco::URI& url) {
  const std::string path = url.getPathAndQuery();
  Poco::Net::HTTPRequest head(request.method, path.empty() ? "/" : path,
                              Poco::Net::HTTPMessage::HTTP_1_1);
  const bool is_default_port = url.getPort() == (url.getScheme() == "https" ? 443 : 80);
  const std::string& host = url.getHost();
  const std::string named = host.find(':') != std::string::npos ? "[" + host + "]" : host;
  head.set("Host", is_default_port ? named : named + ":" + std::to_string(url.getPort()));
  head.set("User-Agent", "flin");
  head.set("Accept", "*/*");
  for (const auto& [name, value] : request.headers) head.set(name, value);
  head.set("Connection", "close");
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
      request.method == "PATCH")
    head.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
  std::ostringstream out;
  head.write(out);
  return out.str() + request.body;
}

OutboundFailure talk(const OutboundRequest& request, const Poco::URI& url, StreamSocket socket,
                     const OutboundLimits& limits, Abort& abort, OutboundAnswer& answer) {
  const InUse in_use(abort, socket);
  if (!in_use.is_ok()) return network("cancelled", false);
  if (url.getScheme() == "https") {
    std::string why;
    const TlsConnect tls = load_tls(why);
    if (tls != nullptr) tls(socket, url.getHost().c_str(), why);
    if (!why.empty()) return network(why, false);
  }
  const std::string text = written(request, url);
  for (std::size_t sent = 0; sent < text.size();) {
    const std::size_t piece = std::min<std::size_t>(text.size() - sent, 1u << 20);
    const int count = socket.sendBytes(text.data() + sent, static_cast<int>(piece));
    if (count <= 0) return network("the connection was lost while sending");
    sent += static_cast<std::size_t>(count);
  }
  SocketSource source(socket);
  return AnswerReader(source, limits.answer_bytes).read(request.method, answer);
}

// One request without redirects.
OutboundFailure one(const OutboundRequest& request, const Poco::URI& url,
                    const OutboundLimits& limits, Clock::time_point deadline, Abort& abort,
                    OutboundAnswer& answer) {
  std::vector<IPAddress> addresses;
  if (OutboundFailure failure = resolve(url, limits, addresses); failure.code != 0) return failure;
  OutboundFailure last;
  for (const IPAddress& ip : addresses) {
    try {
      StreamSocket socket;
      const SocketAddress address(ip, url.getPort());
      if (const std::string why = connect(socket, address, deadline, abort); !why.empty()) {
        last = network(why);
        continue;
      }
      return talk(request, url, socket, limits, abort, answer);
    } catch (const Poco::TimeoutException&) {
      return {code('R', 201), "timed out", false};
    } catch (const Poco::Exception& e) { return network(e.displayText()); }
  }
  return last;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

const std::string* location_of(const OutboundAnswer& answer) {
  for (const auto& [name, value] : answer.headers)
    if (name == "location") return &value;
  return nullptr;
}

// What a browser does (WHATWG Fetch 4.4): 303, and 301 and 302 after a POST, ask by GET; what names
// a person stays with the site it was for.
void follow(OutboundRequest& request, int status, bool is_same_site) {
  const bool asks_anew = (status == 303 && request.method != "HEAD") ||
                         ((status == 301 || status == 302) && request.method == "POST");
  const auto drop = [&](std::initializer_list<std::string_view> names) {
    request.headers.erase(std::remove_if(request.headers.begin(), request.headers.end(),
                                         [&](const HeaderField& field) {
                                           std::string name = field.first;
                                           for (char& c : name) c = static_cast<char>(tolower(c));
                                           return std::find(names.begin(), names.end(), name) !=
                                                  names.end();
                                         }),
                          request.headers.end());
  };
  if (asks_anew) {
    request.method = "GET";
    request.body.clear();
    drop({"content-type", "content-encoding", "content-language"});
  }
  if (!is_same_site) drop({"authorization", "cookie", "proxy-authorization"});
}

}  // namespace

void Abort::now() {
  is_set_ = true;
  const std::lock_guard lock(lock_);
  if (descriptor_ >= 0) shutdown(descriptor_, SHUT_RDWR);
}

bool Abort::use(int descriptor) {
  const std::lock_guard lock(lock_);
  descriptor_ = descriptor;
  return !is_set_;
}

std::string check_url(const std::string& text) {
  try {
    const Poco::URI url(text);
    if (url.getScheme() != "http" && url.getScheme() != "https")
      return "'" + text + "' is no URL that begins with http:// or https://";
    if (url.getHost().empty()) return "'" + text + "' has no host";
    if (!url.getUserInfo().empty())
      return "the URL holds a user name; give it in the header Authorization";
    return {};
  } catch (const Poco::Exception&) { return "'" + text + "' is no URL"; }
}

OutboundFailure exchange(const OutboundRequest& given, const OutboundLimits& limits,
                         Clock::time_point deadline, Abort& abort, OutboundAnswer& answer) {
  OutboundRequest request = given;
  for (std::size_t hop = 0;; ++hop) {
    const std::string wrong = check_url(request.url);
    if (!wrong.empty()) return hop == 0 ? argument(wrong) : network("redirect: " + wrong, false);
    Poco::URI url(request.url);
    OutboundFailure failure = one(request, url, limits, deadline, abort, answer);
    if (failure.code != 0) return failure;
    const std::string* location = is_redirect(answer.status) ? location_of(answer) : nullptr;
    if (location == nullptr) return {};
    if (hop >= limits.redirects)
      return network(
          "more than " + std::to_string(limits.redirects) + " redirects (setting async.redirects)",
          false);
    try {
      Poco::URI next(url);
      next.resolve(*location);
      if (url.getScheme() == "https" && next.getScheme() != "https")
        return network("redirect from https to " + next.getScheme(), false);
      follow(request, answer.status,
             url.getHost() == next.getHost() && url.getPort() == next.getPort());
      request.url = next.toString();
    } catch (const Poco::Exception&) {
      return network("redirect to '" + *location + "', which is no URL", false);
    }
  }
}

}  // namespace flin::async
