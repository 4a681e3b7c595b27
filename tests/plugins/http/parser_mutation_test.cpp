// Seeded mutations of real requests: the fuzz target's promises in every build.
#include "parser_mutations.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace flin::http {
namespace {

const char* const kSeeds[] = {
    "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b?c=d HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: "
    "u\r\n\r\nGET / HTTP/1.1\r\nHost: b\r\n\r\n",
    "GET http://h:1/p HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: "
    "websocket\r\nExpect: 100-continue\r\n\r\n",
};

TEST(HttpParser, KeepsItsPromisesForMutatedRequests) {
  std::mt19937 random(20260131);
  const std::string_view marks = "\r\n :\t,;0aF\x00\xff/?#%";
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = kSeeds[random() % 4];
    for (unsigned i = random() % 6 + 1; i > 0; --i) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0: bytes[at] = static_cast<char>(random()); break;
        case 1: bytes[at] = marks[random() % marks.size()]; break;
        case 2: bytes.erase(at, random() % 4 + 1); break;
        default: bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 40)); break;
      }
      if (bytes.empty()) bytes = "\r";
    }
    check_any_bytes(bytes);
  }
}

}  // namespace
}  // namespace flin::http
