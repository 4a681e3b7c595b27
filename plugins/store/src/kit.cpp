#include "flin/store/kit.h"

#include "backends/memory_backend.h"

namespace flin::store {

IStoreBackend* make_memory_backend(IHost& host, ClockFn clock, void* data) {
  if (clock == nullptr) return new MemoryBackend(host);
  return new MemoryBackend(host, [clock, data] { return clock(data); });
}

IReservedIds* reserved_ids_of(IStoreBackend* memory_backend) {
  return static_cast<MemoryBackend*>(memory_backend);
}

void drop_memory_backend(IStoreBackend* backend) { delete static_cast<MemoryBackend*>(backend); }

}  // namespace flin::store
