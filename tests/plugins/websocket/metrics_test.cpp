// The numbers of the ws plugin for operators.
#include "../../../plugins/websocket/src/deflate.h"
#include "ws_fixture.h"

#include "flin/metrics.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

namespace flin::ws {
namespace {

class FakeMetrics final : public IMetrics {
 public:
  Status add(std::uint32_t, const MetricDecl& decl, MetricCells& out) noexcept override {
    const std::lock_guard lock(mutex_);
    std::string name(decl.name);
    for (const MetricLabel& label : decl.labels)
      name += "{" + std::string(label.name) + "=" + std::string(label.value) + "}";
    auto& cell = cells_[name];
    if (!cell) cell = std::make_unique<std::uint64_t>(0);
    out.value = cell.get();
    return Status();
  }
  Status compute(std::uint32_t, const MetricDecl& decl, MetricFn fn, IPlugin& self,
                 void* data) noexcept override {
    computed_[std::string(decl.name)] = {fn, &self, data};
    return Status();
  }
  void write(ITextSink&) noexcept override {}

  std::uint64_t operator()(const std::string& name) {
    if (const auto found = computed_.find(name); found != computed_.end())
      return static_cast<std::uint64_t>(found->second.fn(*found->second.self, found->second.data));
    const std::lock_guard lock(mutex_);
    const auto found = cells_.find(name);
    return found == cells_.end() ? 0 : metric_cells::load(found->second.get());
  }

 private:
  struct Computed {
    MetricFn fn;
    IPlugin* self;
    void* data;
  };
  std::mutex mutex_;
  std::map<std::string, Computed> computed_;
  std::map<std::string, std::unique_ptr<std::uint64_t>> cells_;
};

// A base before Ws: plugins count until the host is gone.
struct Counted {
  FakeMetrics metrics;
};

class WsMetrics : protected Counted, public Ws {
 protected:
  WsMetrics() { host.provide(std::string(IMetrics::kId), static_cast<IMetrics*>(&metrics)); }
};

TEST_F(WsMetrics, CountConnectionsMessagesAndBytes) {
  const std::uint16_t port = run();
  {
    Browser browser(port);
    Client stream(port);
    stream.send("GET /_flin/events?subscribe=Todo HTTP/1.1\r\nHost: a\r\n\r\n");
    stream.read_until("recovered");
    browser.say(R"({"action":"ping"})");
    EXPECT_EQ(browser.hear(), R"({"type":"pong"})");
    host.on_loop(0, [] {});  // it counts behind the sending
    EXPECT_EQ(metrics("flin_ws_connections"), 1u);
    EXPECT_EQ(metrics("flin_ws_event_streams"), 1u);
    EXPECT_EQ(metrics("flin_ws_messages_received_total"), 1u);
    EXPECT_EQ(metrics("flin_ws_messages_sent_total"), 1u);
    EXPECT_EQ(metrics("flin_ws_received_bytes_total"), client_frame(R"({"action":"ping"})").size());
    EXPECT_EQ(metrics("flin_ws_sent_bytes_total"), browser.answer.size() + 17);
  }
  while (hub().connections() > 0) host.on_loop(0, [] {});
  host.on_loop(0, [] {});
  EXPECT_EQ(metrics("flin_ws_connections"), 0u);
  EXPECT_EQ(metrics("flin_ws_event_streams"), 0u);
}
TEST_F(WsMetrics, CountWhatIsCompressed) {
  Browser browser(run(), "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  Deflater deflater(15);
  std::string payload;
  ASSERT_TRUE(deflater.deflate({kSubscribe}, payload));
  browser.client.send(client_frame(payload, {1, true, true, 0x40}));
  browser.hear();
  EXPECT_EQ(metrics("flin_ws_compressed_received_total"), 1u);
  EXPECT_EQ(metrics("flin_ws_compressed_sent_total"), 0u);
  store.create(1, std::string(5000, 'x'));
  const std::size_t packed = browser.hear().size();
  host.on_loop(0, [] {});
  EXPECT_EQ(metrics("flin_ws_compressed_sent_total"), 1u);
  const std::size_t plain = created(1, std::string(5000, 'x'), 57).size();
  EXPECT_NEAR(static_cast<double>(metrics("flin_ws_compression_saved_bytes_total")),
              static_cast<double>(plain - packed), 10);
}
TEST_F(WsMetrics, CountClosesByCode) {
  const std::uint16_t port = run();
  const std::pair<std::string, std::string> cases[] = {
      {client_frame("\x03\xe8", {8, true, true, 0}), "1000"},
      {client_frame("", {8, true, true, 0}), "1005"},
      {client_frame("\x0f\xa0", {8, true, true, 0}), "other"},
      {client_frame("{}", {1, true, false, 0}), "1002"}};
  for (const auto& [bytes, code] : cases) {
    Browser browser(port);
    browser.client.send(bytes);
    browser.hear();
    host.on_loop(0, [] {});
    EXPECT_EQ(metrics("flin_ws_closes_total{code=" + code + "}"), 1u) << code;
  }
  { Browser gone(port); }
  while (hub().connections() > 0) host.on_loop(0, [] {});
  EXPECT_EQ(metrics("flin_ws_closes_total{code=1006}"), 1u);
}
TEST_F(WsMetrics, CountWhatSlowReadersMiss) {
  host.set("ws.queue_bytes", "1000");
  IFrameSink* sink = nullptr;
  host.pages.on_adopt = [&](const Peer&, std::string_view, IFrameSink& to, std::uint64_t& page) {
    sink = &to;
    page = 1;
    return Status();
  };
  Browser browser(run());
  browser.say(kSubscribe);
  browser.hear();
  browser.say(R"({"action":"page"})");
  for (bool open = false; !open;) host.on_loop(0, [&] { open = sink != nullptr; });
  FakeBytes* bytes = FakeBytes::make(std::string(100000, 'y'));
  std::uint64_t told = 0, sent = 0, waits = 0;
  while (told != ~std::uint64_t{0}) {  // until the network takes no more
    host.on_loop(0, [&] {
      IBytes* parts[] = {bytes};
      told = sink->send({parts, 0});
      waits = metrics("flin_ws_queue_bytes");
    });
    ++sent;
  }
  bytes->release();
  EXPECT_EQ(metrics("flin_ws_merges_total"), 1u);
  EXPECT_GT(waits, 1000u);
  EXPECT_LE(waits, 100010u);
  for (int i = 0; i < 5; ++i) store.create(1, "x");
  host.on_loop(0, [] {});
  host.on_loop(0, [] {});
  EXPECT_EQ(metrics("flin_ws_changes_left_out_total"), 5u);
  for (; sent > 0; --sent) EXPECT_EQ(browser.hear().size(), 100000u);
  EXPECT_EQ(browser.hear(),
            R"({"type":"subscribed","entity_type":"Todo","seq":61,"recovered":false})");
  host.on_loop(0, [] {});
  EXPECT_EQ(metrics("flin_ws_queue_bytes"), 0u);
}

}  // namespace
}  // namespace flin::ws
