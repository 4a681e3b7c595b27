// The ws plugin behind the http plugin on real sockets, with pages and a store of the test's own.
#pragma once

#include "client_frames.h"
#include "plugins/http/fakes/net_fakes.h"

#include "flin/store/entity_store.h"
#include "flin/ws/hub.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace flin::ws {

using test::Client;
using test::FakeBytes;
using test::FakeHost;

// Rows of one text field; a log that can be trimmed; commits by the test.
class FakeStore final : public store::IEntityStore {
 public:
  store::Snapshot snapshot() noexcept override {
    const std::lock_guard lock(mutex);
    return {0, newest};
  }
  void release(const store::Snapshot&) noexcept override {}
  void query(const store::Plan&, const store::Snapshot&, const store::Ctx&, store::IRowSink&,
             store::QueryDone, void*) noexcept override {}
  void commit(const store::ChangeSet&, const store::Ctx&, store::CommitDone,
              void*) noexcept override {}
  void history(std::uint32_t, std::uint64_t, const store::Ctx&, store::IRowSink&, store::QueryDone,
               void*) noexcept override {}
  void as_of(const store::Plan&, std::int64_t, const store::Ctx&, store::IRowSink&,
             store::QueryDone, void*) noexcept override {}
  std::uint32_t log(std::uint64_t since, std::uint64_t, const store::Ctx& ctx,
                    store::ICommitSink& out) noexcept override {
    const std::lock_guard lock(mutex);
    if (since < trimmed || since > newest) return 0;
    for (const Entry& entry : entries) {
      const bool is_given = entry.seq > since && (ctx.system || entry.title != "private");
      if (is_given && !replay(entry, out)) break;
    }
    return 1;
  }
  Status on_commit(store::ICommitSink& sink) noexcept override {
    sink_ = &sink;
    return Status();
  }
  void create(std::uint64_t id, std::string title, std::uint32_t type = 0) {
    create_all({{id, std::move(title)}}, type);
  }
  // One commit of several changes.
  void create_all(const std::vector<std::pair<std::uint64_t, std::string>>& rows,
                  std::uint32_t type = 0) {
    std::vector<Entry> commit;
    {
      const std::lock_guard lock(mutex);
      ++newest;
      for (const auto& [id, title] : rows) commit.push_back({newest, id, type, title});
      entries.insert(entries.end(), commit.begin(), commit.end());
    }
    for (const Entry& entry : commit) replay(entry, *sink_);
  }
  void remove_log() {
    const std::lock_guard lock(mutex);
    entries.clear();
    trimmed = newest;
  }

 private:
  struct Entry {
    std::uint64_t seq, id;
    std::uint32_t type;
    std::string title;
  };
  bool replay(const Entry& entry, store::ICommitSink& out) {
    Plain fields[4];
    fields[0].kind = Kind::kText;
    fields[0].text = Text(std::string_view(entry.title));
    const Row row{entry.id, 1, fields};
    return out.changed(entry.seq, {entry.type, store::kCreate, entry.id, 0, {}}, nullptr, &row);
  }
  std::mutex mutex;
  std::vector<Entry> entries;
  std::uint64_t newest = 56, trimmed = 50;
  store::ICommitSink* sink_ = nullptr;
};

inline const FieldRow kFields[] = {{"title", "text", Kind::kText, 0, 0, {}, {}}};
inline const RuleRow kRules[] = {{kRuleRead, {}, {}, {}}};

struct Browser {
  explicit Browser(std::uint16_t port, const std::string& more = "", const std::string& first = "",
                   bool slowly = false)
      : client(port) {
    const std::string head =
        "GET /_ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: "
        "websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        more + "\r\n" + first;
    if (slowly)
      client.send_slowly(head);
    else
      client.send(head);
    answer = client.read_until("\r\n\r\n");
  }
  void say(const std::string& json) { client.send(client_frame(json)); }
  // The next frame: its text, "close 1002 reason", "ping:..", "pong:..", "" at the end.
  std::string hear() {
    const std::string head = client.read(2);
    if (head.size() < 2) return {};
    std::size_t size = static_cast<unsigned char>(head[1]);
    if (size >= 126) {
      const std::string more = client.read(size == 126 ? 2 : 8);
      size = 0;
      for (const char c : more) size = size << 8 | static_cast<unsigned char>(c);
    }
    const std::string payload = client.read(size);
    const int opcode = head[0] & 15;
    is_packed = head[0] & 0x40;
    if (opcode == 8 && payload.size() < 2) return "close";
    if (opcode == 8) {
      return "close " +
             std::to_string(static_cast<unsigned char>(payload[0]) << 8 |
                            static_cast<unsigned char>(payload[1])) +
             " " + payload.substr(2);
    }
    return opcode == 9 ? "ping:" + payload : opcode == 10 ? "pong:" + payload : payload;
  }
  Client client;
  std::string answer;
  bool is_packed = false;  // of the frame heard last
};

class Ws : public testing::Test {
 protected:
  Ws() {
    host.program.entity_rows = {
        {"Todo", kFields, {}}, {"Note", kFields, kRules}, {"User", kFields, {}}};
    host.provide(std::string(store::IEntityStore::kId), static_cast<store::IEntityStore*>(&store));
    host.agents.routes[1] = [](test::FakeCall& call, IContext&, Value& result) {
      result = call.integer(7);
      return Status();
    };
    host.route_decls = {{"GET", "/seven", 1}};
  }
  std::uint16_t run() {
    host.load("http");
    host.load("ws");
    EXPECT_TRUE(host.start().ok());
    return host.port();
  }
  IHub& hub() { return *static_cast<IHub*>(host.plugin("ws")->query(IHub::kId)); }
  FakeStore store;
  FakeHost host;
};

inline const std::string kSubscribe = R"({"action":"subscribe","type":"Todo"})";
inline std::string created(int id, const std::string& title, int seq,
                           const std::string& type = "Todo") {
  return "{\"type\":\"entity_change\",\"entity_type\":\"" + type +
         "\",\"change\":\"create\",\"entity\":{\"id\":" + std::to_string(id) + ",\"title\":\"" +
         title + "\"},\"seq\":" + std::to_string(seq) + "}";
}

}  // namespace flin::ws
