#include "socket.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

namespace flin::http {
namespace {

constexpr int kBacklog = 1024;

class OwnedImpl final : public Poco::Net::StreamSocketImpl {
 public:
  explicit OwnedImpl(int handle) : StreamSocketImpl(handle) {}
  int let_go() {
    const int handle = sockfd();
    reset();
    return handle;
  }
};

std::string address_text(const sockaddr_storage& from) {
  char text[INET6_ADDRSTRLEN] = "";
  if (from.ss_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(from).sin_addr, text, sizeof text);
  } else if (from.ss_family == AF_INET6) {
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(from).sin6_addr, text,
                sizeof text);
  }
  return text;
}

}  // namespace

TcpSocket::TcpSocket(int handle) : impl_(new OwnedImpl(handle)), handle_(handle) {}

std::int64_t TcpSocket::receive(char* buffer, std::size_t size) {
  const ssize_t count = ::recv(handle_, buffer, size, 0);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? kLater : kBroken;
}

std::int64_t TcpSocket::send(std::string_view bytes) {
  const ssize_t count = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? kLater : kBroken;
}

void TcpSocket::end_sending() { ::shutdown(handle_, SHUT_WR); }

void TcpSocket::close() {
  if (!impl_) return;
  impl_->release();  // counted by Poco; the last one closes
  impl_ = nullptr;
  handle_ = -1;
}

int TcpSocket::release() {
  const int handle = static_cast<OwnedImpl*>(impl_)->let_go();
  close();
  return handle;
}

ListenSocket::~ListenSocket() { close(); }

std::string ListenSocket::open(const std::string& host, std::uint16_t port, bool shared) {
  try {
    socket_ = new Poco::Net::ServerSocket;
    socket_->bind(Poco::Net::SocketAddress(host, port), true, shared);
    socket_->listen(kBacklog);
    socket_->setBlocking(false);
    return {};
  } catch (const Poco::Exception& e) {
    close();
    return e.displayText();
  } catch (const std::exception& e) {
    close();
    return e.what();
  }
}

std::uint16_t ListenSocket::port() const { return socket_->address().port(); }
int ListenSocket::handle() const { return socket_->impl()->sockfd(); }

TcpSocket ListenSocket::accept(std::string& address, bool& failed) {
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  failed = false;
  const int handle = ::accept4(this->handle(), reinterpret_cast<sockaddr*>(&from), &size,
                               SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (handle < 0) {
    failed = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return {};
  }
  const int on = 1;
  ::setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  address = address_text(from);
  return TcpSocket(handle);
}

void ListenSocket::close() {
  delete socket_;
  socket_ = nullptr;
}

}  // namespace flin::http
