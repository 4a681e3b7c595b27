// The session of a browser (L 16.10, W 1): a map that the program reads and writes, kept sealed in
// the cookie flin_session. Nothing of it is kept on the server, but for browsers with an open
// socket, whose handlers have to see what a later request wrote.
#pragma once

#include "flin/program.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace flin::http {

class Sealer;

// A session as text: a JSON list of rows [key, kind, number, extra, text], entities as type and id.
// "" is the empty session.
Status write_session(ICall& call, List<EntityRow> entities, Value map, std::string& out);
// The map of such a text; what cannot be read (an entity type that is gone) is left out.
Value read_session(ICall& call, List<EntityRow> entities, std::string_view text);
// The row of `user` in it, "" without one: two sessions of one user have the same.
std::string user_of_session(std::string_view text);

// A sealed session and when it was sealed, for a cookie. "" when it cannot be sealed.
std::string seal_session(Sealer& sealer, std::string_view text, std::int64_t now_ms);
// The text of a cookie's value; "" when it was not sealed here or is older than a year.
std::string open_session(Sealer& sealer, std::string_view sealed, std::int64_t now_ms);

constexpr std::size_t kMostSessionBytes = 3800;  // of the cookie's value: browsers take 4 KiB
constexpr std::int64_t kSessionSeconds = 365 * 24 * 3600;

// The newest session text of browsers (by flin_sid) that have sockets open. [any-thread]
class OpenSessions {
 public:
  void enter(const std::string& sid);
  void leave(const std::string& sid);
  void changed(const std::string& sid, const std::string& text);  // nothing without a socket
  // False: no request has changed it since the first socket was opened.
  bool find(const std::string& sid, std::string& text) const;

 private:
  struct Entry {
    std::size_t sockets = 0;
    bool is_changed = false;
    std::string text;
  };
  mutable std::mutex mutex_;  // guards entries_
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace flin::http
