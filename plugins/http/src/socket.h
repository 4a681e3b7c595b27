// TCP sockets of this plugin: Poco::Net sockets that own the descriptor, read and written by plain
// system calls, since Poco's own non-blocking calls throw on a full buffer. Poco stays in
// socket.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace Poco::Net {
class StreamSocketImpl;
class ServerSocket;
}  // namespace Poco::Net

namespace flin::http {

class TcpSocket {
 public:
  TcpSocket() = default;
  explicit TcpSocket(int handle);  // takes the descriptor, which is non-blocking
  ~TcpSocket() { close(); }
  TcpSocket(TcpSocket&& other) noexcept : impl_(other.impl_), handle_(other.handle_) {
    other.impl_ = nullptr;
    other.handle_ = -1;
  }
  TcpSocket& operator=(TcpSocket&&) = delete;

  int handle() const { return handle_; }
  // Bytes read or written; 0 for the end of the stream; kLater when nothing can be done now;
  // kBroken.
  static constexpr std::int64_t kLater = -1, kBroken = -2;
  std::int64_t receive(char* buffer, std::size_t size);
  std::int64_t send(std::string_view bytes);
  void end_sending();  // FIN
  void close();
  int release();  // the descriptor, which now belongs to the caller

 private:
  Poco::Net::StreamSocketImpl* impl_ = nullptr;
  int handle_ = -1;
};

class ListenSocket {
 public:
  ListenSocket() = default;
  ~ListenSocket();
  ListenSocket(ListenSocket&& other) noexcept : socket_(other.socket_) { other.socket_ = nullptr; }
  ListenSocket& operator=(ListenSocket&&) = delete;

  // Binds and listens; `shared`: other sockets of this process may bind the same port. Gives "" or
  // what went wrong.
  std::string open(const std::string& host, std::uint16_t port, bool shared);
  std::uint16_t port() const;
  int handle() const;
  // A new connection, non-blocking, TCP_NODELAY; handle() -1 when there is none now. `failed` tells
  // that the system has no descriptor left.
  TcpSocket accept(std::string& address, bool& failed);
  void close();

 private:
  Poco::Net::ServerSocket* socket_ = nullptr;
};

}  // namespace flin::http
