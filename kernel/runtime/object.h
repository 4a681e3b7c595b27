// The layouts of everything that lives on the heap. All begin with Object: 8 bytes that tell the
// kind. An object never moves. Variable parts (items, entries, buffers) are objects of their own,
// reached only through their owner.
#pragma once

#include "runtime/value.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flin {
struct ForeignType;
}

namespace flin::runtime {

enum class ObjectKind : std::uint8_t {
  kText,
  kBytes,
  kSlots,
  kList,
  kMap,
  kTuple,
  kEnum,
  kRecord,
  kClosure,
  kCell,
  kView,
  kError,
  kRegex,
  kForeign,
  kPredicate,
  kBoxed,
  kMoney,
  kIterator,
  kComponent
};

enum ObjectFlag : std::uint8_t {
  kImmortal = 1,   // a constant of the Program: lives outside the heap
  kLarge = 2,      // has a block of its own
  kShared = 4,     // Slots: an iterator reads them; change a copy
  kRangeList = 8,  // List: first, first + 1 ..: its items are not made yet
  kHashed = 16     // Text: `extra` is its hash
};

struct Object {
  ObjectKind kind;
  std::uint8_t flags;
  std::uint16_t aux;  // Boxed: Tagged of its value; Iterator: its subject
  std::uint32_t
      extra;  // Text: hash; List, Map, Record: the heap's epoch at the last change in place
};
static_assert(sizeof(Object) == 8);

// Raw bytes: buffers of texts, indexes of maps, traces. `used` of `size` are in use.
struct Bytes : Object {
  std::uint64_t size, used;
  char* data() { return reinterpret_cast<char*>(this + 1); }
  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
};

// UTF-8. The bytes follow the object, or lie in a Bytes that several texts share: the last one may
// grow in place, which makes repeated append linear.
struct TextObject : Object {
  std::uint32_t size;   // bytes
  std::uint32_t chars;  // code points; equal to size: ASCII
  Bytes* owner;         // null: bytes follow
  const char* data;
  std::string_view view() const { return {data, size}; }
  bool is_ascii() const { return chars == size; }
};

struct Slots : Object {
  std::uint64_t capacity;
  Value* items() { return reinterpret_cast<Value*>(this + 1); }
  const Value* items() const { return reinterpret_cast<const Value*>(this + 1); }
};

struct ListObject : Object {
  std::uint64_t size;
  Slots* slots;        // null: empty, or a range
  std::int64_t first;  // kRangeList
};

struct MapEntry {
  Value key;  // kEmpty: deleted
  Value value;
  std::uint64_t hash;
};
// Entries in order of insertion; above 8 of them `index` maps hashes to positions (open addressing,
// linear probing, 32-bit positions + 1, 0 for free).
struct Map : Object {
  std::uint32_t count;  // entries not deleted
  std::uint32_t used;   // entries with deleted ones
  Bytes* entries;       // MapEntry[]
  Bytes* index;
  MapEntry* begin() const {
    return entries ? reinterpret_cast<MapEntry*>(entries->data()) : nullptr;
  }
  MapEntry* end() const { return begin() + used; }
};

struct Tuple : Object {
  std::uint64_t size;
  Value* items() { return reinterpret_cast<Value*>(this + 1); }
  const Value* items() const { return reinterpret_cast<const Value*>(this + 1); }
};

struct Enum : Object {
  const TextObject* type;  // names are constants of the program
  const TextObject* variant;
  std::uint32_t row;    // in the chunk's enum table; kNoIndex: not there
  std::uint32_t index;  // of the variant
  std::uint64_t size;   // of the payload
  Value* items() { return reinterpret_cast<Value*>(this + 1); }
  const Value* items() const { return reinterpret_cast<const Value*>(this + 1); }
};

// An entity value. Fields by number as in the entity table, then one bit per field: changed since
// it was read or saved.
struct Record : Object {
  std::uint32_t type, size;  // row of the entity table, number of fields
  std::uint64_t id, version;
  Value created_at, updated_at, deleted_at;
  Value* fields() { return reinterpret_cast<Value*>(this + 1); }
  const Value* fields() const { return reinterpret_cast<const Value*>(this + 1); }
  std::uint64_t* changed() { return reinterpret_cast<std::uint64_t*>(fields() + size); }
  const std::uint64_t* changed() const {
    return reinterpret_cast<const std::uint64_t*>(fields() + size);
  }
};

// A captured variable: the slot of its frame and the closures that use it hold this object.
struct Captured : Object {
  Value value;
};

struct Component;
struct Closure : Object {
  std::uint32_t function, size;
  Component* component;  // whose variables it uses
  Captured** cells() { return reinterpret_cast<Captured**>(this + 1); }
};

// An instance of a component while it is rendered.
struct Component : Object {
  std::uint32_t function, constant;
  Value props;   // map
  Slots* state;  // its variables
};

struct View : Object {
  TextObject* html;
};

struct ErrorObject : Object {
  std::uint32_t code, flags;  // flags: kUncatchable
  Value message, code_text;   // code_text: none, or the text given to fail()
  Value fields, cause;
  Bytes* trace;  // TraceRow[]; null: none
};
struct TraceRow {
  std::uint32_t code_offset, function;
};
enum ErrorFlag : std::uint32_t { kUncatchable = 1, kRaisedAsMember = 2 };

struct Regex : Object {
  TextObject* pattern;
  std::uint32_t flags;  // as in the constant: 1 i, 2 m, 4 s
};

struct Foreign : Object {
  const ForeignType* type;
  void* data;
};

struct Predicate : Object {
  std::uint32_t constant;
};

// An int, time or duration beyond 48 bits; `aux` is its Tagged.
struct Boxed : Object {
  std::int64_t value;
};

struct Money : Object {
  std::int64_t minor;
  char currency[4];
  std::string_view code() const { return {currency, 3}; }
};

enum class IterKind : std::uint16_t { kNothing, kSlots, kRange, kText, kMap };
struct Iterator : Object {  // aux: IterKind
  Object* subject;          // Slots, Text, or the Bytes of a map's entries
  std::uint64_t position, size;
  std::uint64_t index;  // rounds so far
  std::int64_t first;
};

inline bool is_kind(Value v, ObjectKind kind) { return is_object(v) && as_object(v)->kind == kind; }
template <class T>
T* cast(Value v) {
  return static_cast<T*>(as_object(v));
}
inline bool is_text(Value v) { return is_kind(v, ObjectKind::kText); }
inline bool is_list(Value v) { return is_kind(v, ObjectKind::kList); }
inline bool is_map(Value v) { return is_kind(v, ObjectKind::kMap); }
inline bool is_record(Value v) { return is_kind(v, ObjectKind::kRecord); }
inline TextObject* as_text(Value v) { return cast<TextObject>(v); }
inline ListObject* as_list(Value v) { return cast<ListObject>(v); }
inline Map* as_map(Value v) { return cast<Map>(v); }
inline Record* as_record(Value v) { return cast<Record>(v); }

inline bool is_boxed(Value v, Tagged tag) {
  return is_kind(v, ObjectKind::kBoxed) && as_object(v)->aux == static_cast<std::uint16_t>(tag);
}
inline bool has_whole(Value v, Tagged tag) { return has_tag(v, tag) || is_boxed(v, tag); }
inline bool is_int(Value v) { return has_whole(v, Tagged::kInt); }
inline bool is_time(Value v) { return has_whole(v, Tagged::kTime); }
inline bool is_duration(Value v) { return has_whole(v, Tagged::kDuration); }
inline bool is_numeric(Value v) { return is_double(v) || is_int(v); }
// Of an int, time or duration.
inline std::int64_t whole(Value v) {
  return is_object(v) ? cast<Boxed>(v)->value : small_payload(v);
}
// Of an int or number.
inline double to_double(Value v) {
  return is_double(v) ? as_double(v) : static_cast<double>(whole(v));
}

}  // namespace flin::runtime
