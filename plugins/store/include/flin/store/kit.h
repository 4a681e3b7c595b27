// Parts for store backends of one's own: the engine of the backend "memory", with everything that
// predicates, aggregates, history, snapshots, conflicts, references and additive schema changes ask
// for. A backend that keeps its rows elsewhere and can hold them in memory hands its calls to an
// engine and writes each commit down (tests/sdk/jsonlines_plugin is one). A static library,
// Flin::store_kit: it becomes part of the plugin that links it, so no ABI is crossed.
#pragma once

#include "flin/store/entity_store.h"

namespace flin::store {

// Microseconds since 1970. Asked at the first open, for the number of the first commit, and once by
// each commit.
using ClockFn = std::int64_t (*)(void* data);

// An engine without rows; its address is not used. It keeps the promises of IStoreBackend but for
// durability: everything is done inline, in the calling thread. Given the same schemas, change sets
// and times in the same order it gives the same versions and numbers again, and the same ids
// if each create has its id: reserve() gives them in rising order, as create does. `host` makes the
// errors; it and `data` outlive the engine. `clock` null: the system's.
IStoreBackend* make_memory_backend(IHost& host, ClockFn clock, void* data);
// The engine's ids ahead of the commit; as long as the engine.
IReservedIds* reserved_ids_of(IStoreBackend* memory_backend);
// After close(). Null: nothing happens.
void drop_memory_backend(IStoreBackend* backend);

}  // namespace flin::store
