// The http plugin: HTTP/1.1 server, pollers for the loops, sealing of tokens.
#pragma once

#include "server.h"

#include "flin/plugin.h"

namespace flin::http {

class HttpPlugin final : public IPlugin {
 public:
  Status load(IHost& host) noexcept override;
  Status start() noexcept override;
  void stop() noexcept override;
  void* query(Text interface_id) noexcept override;
  void destroy() noexcept override;

  Server& server() { return server_; }

 private:
  Server server_;
};

Status op_route(IPlugin& self, ICall& call, const Value* args, std::uint32_t count, Value& result);
Status op_page(IPlugin& self, ICall& call, const Value* args, std::uint32_t count, Value& result);

}  // namespace flin::http
