// Size and offset of everything that crosses the plugin boundary (A 12), on 64-bit machines. A line
// that no longer compiles is a change of the ABI: it needs another major, or does not happen.
// Compiled as C++17 and as C++20.
#include "flin/agents.h"
#include "flin/events.h"
#include "flin/metrics.h"
#include "flin/pages.h"
#include "flin/poller.h"
#include "flin/program.h"
#include "flin/sealer.h"
#include "flin/sources.h"
#include "flin/validators.h"

#include <gtest/gtest.h>

#include <cstddef>

namespace flin {
namespace {

#define SIZE(type, bytes) static_assert(sizeof(type) == (bytes), "the size of " #type " changed")
#define AT(type, field, offset) \
  static_assert(offsetof(type, field) == (offset), "the place of " #field " in " #type " changed")

static_assert(FLIN_ABI_MAGIC == 0x4E494C46u && FLIN_ABI_MAJOR == 1 && FLIN_ABI_MINOR == 1,
              "the ABI's version changed: record a new list of virtuals beside abi_1.txt");
static_assert(code('R', 101) == 0x52000065u, "the number of a code changed");
static_assert(static_cast<std::uint32_t>(Kind::kForeign) == 21, "a kind changed its number");
static_assert(kCounted == -1 && kNoTimeout == 0xFFFFFFFF && kAnyLoop == 0xFFFFFFFF,
              "a constant changed");
static_assert(kMaySuspend == 1 && kPure == 2 && kLeaf == 4 && kWrites == 8 && kServer == 16 &&
                  kDetachable == 32,
              "a flag changed its number");
static_assert(kTextSetting == 0 && kChoiceSetting == 6, "a type of settings changed its number");

SIZE(flin_plugin_entry, 40);
AT(flin_plugin_entry, magic, 0);
AT(flin_plugin_entry, abi_major, 4);
AT(flin_plugin_entry, abi_minor, 6);
AT(flin_plugin_entry, entry_size, 8);
AT(flin_plugin_entry, manifest_size, 12);
AT(flin_plugin_entry, toolchain, 16);
AT(flin_plugin_entry, manifest, 24);
AT(flin_plugin_entry, create, 32);

SIZE(Text, 16);
AT(Text, data, 0);
AT(Text, size, 8);

SIZE(List<int>, 16);
AT(List<int>, data, 0);
AT(List<int>, size, 8);

SIZE(Value, 8);
AT(Value, bits, 0);

SIZE(Status, 8);

SIZE(Status::Record, 32);
AT(Status::Record, code, 0);
AT(Status::Record, message, 8);
AT(Status::Record, drop, 24);

SIZE(Plain, 40);
AT(Plain, kind, 0);
AT(Plain, extra, 4);
AT(Plain, i, 8);
AT(Plain, n, 16);
AT(Plain, text, 24);

SIZE(OpDecl, 56);
AT(OpDecl, name, 0);
AT(OpDecl, args, 16);
AT(OpDecl, results, 20);
AT(OpDecl, flags, 24);
AT(OpDecl, timeout_ms, 28);
AT(OpDecl, run, 32);
AT(OpDecl, help, 40);

SIZE(FormDecl, 32);
AT(FormDecl, form, 0);
AT(FormDecl, op, 16);

SIZE(BuiltinDecl, 72);
AT(BuiltinDecl, name, 0);
AT(BuiltinDecl, signature, 16);
AT(BuiltinDecl, op, 32);
AT(BuiltinDecl, tier, 48);
AT(BuiltinDecl, flags, 52);
AT(BuiltinDecl, help, 56);

SIZE(TypeDecl, 32);
AT(TypeDecl, name, 0);
AT(TypeDecl, fields, 16);

SIZE(ValidatorDecl, 88);
AT(ValidatorDecl, name, 0);
AT(ValidatorDecl, fits, 16);
AT(ValidatorDecl, arguments, 32);
AT(ValidatorDecl, check, 48);
AT(ValidatorDecl, message, 56);
AT(ValidatorDecl, help, 72);

SIZE(GuardDecl, 72);
AT(GuardDecl, name, 0);
AT(GuardDecl, signature, 16);
AT(GuardDecl, op, 32);
AT(GuardDecl, status, 48);
AT(GuardDecl, help, 56);

SIZE(NeedDecl, 24);
AT(NeedDecl, interface_id, 0);
AT(NeedDecl, optional, 16);

SIZE(OfferDecl, 32);
AT(OfferDecl, interface_id, 0);
AT(OfferDecl, name, 16);

SIZE(SettingDecl, 56);
AT(SettingDecl, key, 0);
AT(SettingDecl, fallback, 16);
AT(SettingDecl, help, 32);
AT(SettingDecl, type, 48);
AT(SettingDecl, main, 52);

SIZE(Manifest, 192);
AT(Manifest, id, 0);
AT(Manifest, version, 16);
AT(Manifest, summary, 32);
AT(Manifest, needs, 48);
AT(Manifest, offers, 64);
AT(Manifest, ops, 80);
AT(Manifest, forms, 96);
AT(Manifest, builtins, 112);
AT(Manifest, settings, 128);
AT(Manifest, validators, 144);
AT(Manifest, guards, 160);
AT(Manifest, types, 176);

SIZE(FunctionId, 8);
AT(FunctionId, program, 0);
AT(FunctionId, function, 4);

SIZE(AgentId, 8);
AT(AgentId, bits, 0);

SIZE(Row, 32);
AT(Row, id, 0);
AT(Row, version, 8);
AT(Row, fields, 16);

SIZE(RecordRef, 40);
AT(RecordRef, type, 0);
AT(RecordRef, id, 8);
AT(RecordRef, version, 16);
AT(RecordRef, changed, 24);

SIZE(ForeignType, 24);
AT(ForeignType, name, 0);
AT(ForeignType, finalize, 16);

SIZE(Event, 32);
AT(Event, size, 0);
AT(Event, name, 8);
AT(Event, payload, 24);

SIZE(ProgramEvent, 8);
AT(ProgramEvent, size, 0);
AT(ProgramEvent, program, 4);

SIZE(AgentEvent, 48);
AT(AgentEvent, size, 0);
AT(AgentEvent, code, 4);
AT(AgentEvent, agent, 8);
AT(AgentEvent, name, 16);
AT(AgentEvent, message, 32);

SIZE(FlushedEvent, 16);
AT(FlushedEvent, size, 0);
AT(FlushedEvent, nodes, 4);
AT(FlushedEvent, seq, 8);

SIZE(ShutdownEvent, 8);
AT(ShutdownEvent, size, 0);
AT(ShutdownEvent, deadline_ms, 4);

SIZE(ValidatorRow, 32);
AT(ValidatorRow, name, 0);
AT(ValidatorRow, arguments, 16);

SIZE(FieldRow, 104);
AT(FieldRow, name, 0);
AT(FieldRow, type, 16);
AT(FieldRow, kind, 32);
AT(FieldRow, target, 36);
AT(FieldRow, flags, 40);
AT(FieldRow, fallback, 48);
AT(FieldRow, validators, 88);

SIZE(RuleRow, 56);
AT(RuleRow, operations, 0);
AT(RuleRow, predicate, 8);
AT(RuleRow, parameters, 24);

SIZE(EntityRow, 48);
AT(EntityRow, name, 0);
AT(EntityRow, fields, 16);
AT(EntityRow, rules, 32);

SIZE(DeclRow, 64);
AT(DeclRow, form, 0);
AT(DeclRow, operands, 16);
AT(DeclRow, function, 32);
AT(DeclRow, file, 40);
AT(DeclRow, line, 56);

SIZE(Asset, 48);
AT(Asset, bytes, 0);
AT(Asset, type, 16);
AT(Asset, hash, 32);

SIZE(AgentStart, 56);
AT(AgentStart, function, 0);
AT(AgentStart, arguments, 8);
AT(AgentStart, context, 24);
AT(AgentStart, name, 32);
AT(AgentStart, kind, 48);
AT(AgentStart, mailbox, 52);

SIZE(Pair, 32);
AT(Pair, name, 0);
AT(Pair, value, 16);

SIZE(Upload, 64);
AT(Upload, part, 0);
AT(Upload, name, 16);
AT(Upload, type, 32);
AT(Upload, path, 48);

SIZE(Peer, 40);
AT(Peer, sid, 0);
AT(Peer, address, 16);
AT(Peer, context, 32);

SIZE(PageRequest, 96);
AT(PageRequest, page, 0);
AT(PageRequest, path, 8);
AT(PageRequest, params, 24);
AT(PageRequest, query, 40);
AT(PageRequest, peer, 56);

SIZE(Frame, 24);
AT(Frame, parts, 0);
AT(Frame, same, 16);

SIZE(Ready, 16);
AT(Ready, handler, 0);
AT(Ready, events, 8);

SIZE(ReadyList, 24);
AT(ReadyList, data, 0);
AT(ReadyList, size, 8);
AT(ReadyList, capacity, 16);

SIZE(Validator, 96);
AT(Validator, name, 0);
AT(Validator, plugin, 16);
AT(Validator, fits, 32);
AT(Validator, arguments, 48);
AT(Validator, message, 64);
AT(Validator, check, 80);
AT(Validator, self, 88);

static_assert(kCounterMetric == 0 && kGaugeMetric == 1 && kHistogramMetric == 2,
              "a kind of metrics changed its number");

SIZE(MetricLabel, 32);
AT(MetricLabel, name, 0);
AT(MetricLabel, value, 16);

SIZE(MetricDecl, 64);
AT(MetricDecl, name, 0);
AT(MetricDecl, help, 16);
AT(MetricDecl, labels, 32);
AT(MetricDecl, bounds, 48);

SIZE(MetricCells, 32);
AT(MetricCells, value, 0);
AT(MetricCells, buckets, 8);
AT(MetricCells, bounds, 16);
AT(MetricCells, bound_count, 24);

#undef SIZE
#undef AT

TEST(AbiLayout, IsTheRecordedOne) { SUCCEED() << "everything above is checked by the compiler"; }

}  // namespace
}  // namespace flin
