// permessage-deflate on real sockets: what goes compressed, what comes, and what is bounded.
#include "../../../plugins/websocket/src/deflate.h"
#include "ws_fixture.h"

#include <gtest/gtest.h>

#include <string>

namespace flin::ws {
namespace {

const std::string kOffer =
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

std::string packed_frame(std::string_view text) {
  Deflater deflater(15);
  std::string payload;
  EXPECT_TRUE(deflater.deflate({text}, payload));
  return client_frame(payload, {1, true, true, 0x40});
}
std::string inflated(const std::string& payload) {
  Inflater inflater;
  std::string out;
  EXPECT_EQ(inflater.inflate(payload, 1 << 24, out), Inflater::Outcome::kDone);
  return out;
}

TEST_F(Ws, AgreesOnCompressionWithoutContext) {
  Browser browser(run(), kOffer);
  EXPECT_NE(browser.answer.find("\r\nSec-WebSocket-Extensions: permessage-deflate; "
                                "server_no_context_takeover; client_no_context_takeover\r\n"),
            std::string::npos);
}
TEST_F(Ws, AgreesOnNothingWhenCompressionIsOff) {
  host.set("ws.compression", "false");
  Browser browser(run(), kOffer);
  EXPECT_EQ(browser.answer.substr(9, 3), "101");
  EXPECT_EQ(browser.answer.find("Extensions"), std::string::npos);
  browser.client.send(packed_frame("{}"));
  EXPECT_EQ(browser.hear().substr(0, 10), "close 1002");
}
TEST_F(Ws, ReadsCompressedMessages) {
  Browser browser(run(), kOffer);
  for (int i = 0; i < 3; ++i) {
    browser.client.send(packed_frame(R"({"action":"ping"})"));
    EXPECT_EQ(browser.hear(), R"({"type":"pong"})");
    EXPECT_FALSE(browser.is_packed);  // short ones go as they are
  }
}
TEST_F(Ws, CompressesFromTheThresholdOn) {
  host.set("ws.compress_from", "1000");
  const std::uint16_t port = run();
  Browser packing(port, kOffer),
      narrow(port,
             "Sec-WebSocket-Extensions: permessage-deflate; "
             "server_max_window_bits=9\r\n"),
      plain(port);
  for (Browser* browser : {&packing, &narrow, &plain}) {
    browser->say(kSubscribe);
    EXPECT_EQ(browser->hear().substr(0, 20), R"({"type":"subscribed")");
  }
  const std::string head = created(1, "", 57);
  const std::string at = std::string(1000 - head.size(), 'x'), below = at.substr(1);
  store.create(1, below);
  store.create(1, at);
  for (Browser* browser : {&packing, &narrow}) {
    EXPECT_EQ(browser->hear(), created(1, below, 57));
    EXPECT_FALSE(browser->is_packed);
    const std::string payload = browser->hear();
    EXPECT_TRUE(browser->is_packed);
    EXPECT_LT(payload.size(), 200u);
    EXPECT_EQ(inflated(payload), created(1, at, 58));
  }
  EXPECT_EQ(plain.hear(), created(1, below, 57));
  EXPECT_EQ(plain.hear(), created(1, at, 58));
}
TEST_F(Ws, CompressesFramesOfPages) {
  std::vector<IFrameSink*> sinks;
  host.pages.on_adopt = [&](const Peer&, std::string_view, IFrameSink& to, std::uint64_t& page) {
    sinks.push_back(&to);
    page = sinks.size();
    return Status();
  };
  const std::uint16_t port = run();
  Browser one(port, kOffer), two(port, kOffer), plain(port);
  for (Browser* browser : {&one, &two, &plain}) {
    const std::size_t before = sinks.size();
    browser->say(R"({"action":"page"})");
    for (bool open = false; !open;) host.on_loop(0, [&] { open = sinks.size() > before; });
  }
  for (int round = 0; round < 3; ++round) {  // `same` may come again for other bytes later
    const std::string text(3000 + 1000 * static_cast<std::size_t>(round), 'p');
    host.on_loop(0, [&] {
      FakeBytes* bytes = FakeBytes::make(text);
      IBytes* parts[] = {bytes};
      for (IFrameSink* sink : sinks) sink->send({parts, 7});
      bytes->release();
    });
    for (Browser* browser : {&one, &two}) {
      EXPECT_EQ(inflated(browser->hear()), text);
      EXPECT_TRUE(browser->is_packed);
    }
    EXPECT_EQ(plain.hear(), text);
  }
  host.on_loop(0, [&] {  // in parts, for each socket alone
    FakeBytes* head = FakeBytes::make(std::string(900, 'h'));
    FakeBytes* tail = FakeBytes::make(std::string(900, 't'));
    IBytes* parts[] = {head, tail};
    sinks[0]->send({parts, 0});
    sinks[2]->send({parts, 0});
    head->release();
    tail->release();
  });
  const std::string whole = std::string(900, 'h') + std::string(900, 't');
  EXPECT_EQ(inflated(one.hear()), whole);
  EXPECT_TRUE(one.is_packed);
  EXPECT_EQ(plain.hear(), whole);
}
TEST_F(Ws, ClosesOnCompressedBombs) {
  const std::uint16_t port = run();
  const std::string bomb = packed_frame(std::string(64 << 20, ' '));
  for (int i = 0; i < 3; ++i) {
    Browser browser(port, kOffer);
    browser.client.send(bomb);
    EXPECT_EQ(browser.hear(), "close 1009 the message is too large");
  }
}

}  // namespace
}  // namespace flin::ws
