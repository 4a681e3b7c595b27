// IPages for every transport: renders, adopted pages, actions by POST and forms without scripts.
// Records of pages live on the loop of their socket; this object finds them.
#pragma once

#include "pages/page_record.h"
#include "pages/results.h"
#include "pages/services.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace flin::pages {

class PagesService final : public IPages {
 public:
  // `services.hub` must deliver to deliver().
  explicit PagesService(Services& services);
  ~PagesService();

  void render(const PageRequest& request, IHtmlSink& sink) noexcept override;
  Status adopt(const Peer& peer, Text message, IFrameSink& sink,
               std::uint64_t& page) noexcept override;
  void receive(std::uint64_t page, Text message) noexcept override;
  void drained(std::uint64_t page) noexcept override;
  void action(const Peer& peer, Text json, List<Upload> files, IAnswerSink& sink) noexcept override;
  void form(const Peer& peer, List<Pair> fields, List<Upload> files,
            IAnswerSink& sink) noexcept override;
  void session_changed(Text sid) noexcept override;
  void close(std::uint64_t page) noexcept override;

  // A step of the live hub, on the loop of the pages concerned.
  void deliver(std::uint32_t loop, std::uint64_t seq,
               const std::vector<LiveHub::Delivery>& entries);
  std::size_t open_pages() const;  // [any-thread]

  // Development. Every open page of another build is told to load itself again. [any-thread]
  void announce(const std::string& build);
  // What is wrong with the newest source text, for every page open now and every one that comes;
  // "" takes it away. [any-thread]
  void set_diagnostics(const std::string& text);

 private:
  using Record = std::shared_ptr<PageRecord>;
  struct Place {
    std::uint32_t loop;
    std::uint64_t page;
  };
  struct Found {
    std::shared_ptr<const runtime::Program> program;
    const bytecode::PageRow* page = nullptr;
    TokenData token;
  };

  Record find(std::uint64_t page);
  Status refuse(const Peer& peer, IFrameSink& sink, const std::string& message, const Error& error);
  // Opens a token and finds its page in the Program served now. The error's message is for a reload
  // when its code is R0403: "token", "build".
  Result<Found> open(std::string_view token, std::string_view sid) const;
  void tell_records(const std::function<void(PageRecord&)>& tell);
  bool place_of(const std::string& view, Place& out) const;
  void run_detached(Found found, ActionCall call, IContext* context, ActionJob::Done done);

  Services& services_;
  Results results_;
  std::vector<std::unordered_map<std::uint64_t, Record>> by_loop_;  // each used on its loop only
  std::atomic<std::uint64_t> next_{0};
  mutable std::mutex lock_;  // guards views_ and diagnostics_
  std::unordered_map<std::string, Place> views_;
  std::string diagnostics_;
};

}  // namespace flin::pages
