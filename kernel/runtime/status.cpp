#include "runtime/status.h"

#include <cstring>
#include <new>

namespace flin {

namespace {

constexpr Text kNoMemory = "out of memory while telling an error";

void drop_block(Status::Record* record) { ::operator delete(record); }
void drop_nothing(Status::Record*) {}

}  // namespace

Status make_status(std::uint32_t code, std::string_view message) noexcept {
  void* block = ::operator new(sizeof(Status::Record) + message.size(), std::nothrow);
  if (block == nullptr) {
    static thread_local Status::Record last_resort{};
    last_resort = {code, kNoMemory, drop_nothing};
    return Status(&last_resort);
  }
  char* text = static_cast<char*>(block) + sizeof(Status::Record);
  std::memcpy(text, message.data(), message.size());
  return Status(new (block) Status::Record{code, Text(text, message.size()), drop_block});
}

Error error_of(const Status& status) { return Error{status.code(), std::string(status.message())}; }

}  // namespace flin
