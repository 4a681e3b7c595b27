// The limit of HTTP over epoll on this machine: one thread that answers every request with the same
// bytes and reads nothing of it but where it ends. Prints `listening on http://127.0.0.1:PORT`.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: application/json; "
    "charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 7\r\n\r\n\"hello\"";

int listen_anywhere() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(socket, 1024) != 0)
    return -1;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return socket;
}

void watch(int epoll, int handle) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = handle;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, handle, &event);
}

void accept_all(int epoll, int listener) {
  for (;;) {
    const int handle = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
    if (handle < 0) return;
    const int on = 1;
    ::setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(epoll, handle);
  }
}

bool answer(int handle) {
  static char buffer[65536];
  const ssize_t count = ::recv(handle, buffer, sizeof buffer, 0);
  if (count <= 0) return false;
  std::string_view input(buffer, static_cast<std::size_t>(count));
  std::string out;
  for (std::size_t at = 0; (at = input.find("\r\n\r\n", at)) != std::string_view::npos; at += 4)
    out.append(kAnswer);
  return out.empty() || ::send(handle, out.data(), out.size(), MSG_NOSIGNAL) > 0;
}

}  // namespace

int main() {
  const int listener = listen_anywhere(), epoll = ::epoll_create1(0);
  if (listener < 0 || epoll < 0) return 1;
  watch(epoll, listener);
  epoll_event events[256];
  for (;;) {
    const int count = ::epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < count; ++i) {
      const int handle = events[i].data.fd;
      if (handle == listener)
        accept_all(epoll, listener);
      else if (!answer(handle))
        ::close(handle);
    }
  }
}
