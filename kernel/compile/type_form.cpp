#include "compile/type_form.h"

#include "bytecode/types.h"
#include "check/program.h"

namespace flin::compile {

using bytecode::TypeByte;
using check::Type;
using check::TypeTag;

namespace {

void put(std::string& out, TypeByte byte) { out += static_cast<char>(byte); }

void put_name(std::string& out, TypeByte byte, std::string_view name,
              bytecode::ChunkBuilder& builder) {
  put(out, byte);
  std::uint32_t k = builder.text(name);
  for (int i = 0; i < 4; ++i) out += static_cast<char>(k >> (8 * i) & 0xFF);
}

TypeByte simple_byte(TypeTag tag) {
  switch (tag) {
    case TypeTag::kText: return TypeByte::kText;
    case TypeTag::kInt: return TypeByte::kInt;
    case TypeTag::kNumber: return TypeByte::kNumber;
    case TypeTag::kBool: return TypeByte::kBool;
    case TypeTag::kTime: return TypeByte::kTime;
    case TypeTag::kDuration: return TypeByte::kDuration;
    case TypeTag::kMoney: return TypeByte::kMoney;
    case TypeTag::kFile: return TypeByte::kFile;
    case TypeTag::kNone: return TypeByte::kNone;
    case TypeTag::kView: return TypeByte::kView;
    case TypeTag::kError: return TypeByte::kError;
    case TypeTag::kRegex: return TypeByte::kRegex;
    case TypeTag::kNever: return TypeByte::kNever;
    default: return TypeByte::kAny;
  }
}

void put_type(std::string& out, const Type* type, bytecode::ChunkBuilder& builder);

void put_items(std::string& out, TypeByte byte, const Type* type, std::size_t count,
               bytecode::ChunkBuilder& builder) {
  put(out, byte);
  out += static_cast<char>(count);
  for (const Type* item : type->items) put_type(out, item, builder);
}

void put_type(std::string& out, const Type* type, bytecode::ChunkBuilder& builder) {
  if (!type) return put(out, TypeByte::kAny);
  switch (type->tag) {
    case TypeTag::kList: put(out, TypeByte::kList); break;
    case TypeTag::kMap: put(out, TypeByte::kMap); break;
    case TypeTag::kOptional: put(out, TypeByte::kOptional); break;
    case TypeTag::kTuple:
      return put_items(out, TypeByte::kTuple, type, type->items.size(), builder);
    case TypeTag::kUnion:
      return put_items(out, TypeByte::kUnion, type, type->items.size(), builder);
    case TypeTag::kFunction:
      return put_items(out, TypeByte::kFunction, type, type->items.size() - 1, builder);
    case TypeTag::kEntity: return put_name(out, TypeByte::kEntity, type->entity->name, builder);
    case TypeTag::kEnum: return put_name(out, TypeByte::kEnum, type->enumeration->name, builder);
    case TypeTag::kQuery:
      put(out, TypeByte::kQuery);
      return put_name(out, TypeByte::kEntity, type->entity->name, builder);
    case TypeTag::kTrait: {
      put(out, TypeByte::kUnion);
      out += static_cast<char>(type->trait->types.size());
      for (const Type* member : type->trait->types) put_type(out, member, builder);
      return;
    }
    default: return put(out, simple_byte(type->tag));
  }
  for (const Type* item : type->items) put_type(out, item, builder);
}

}  // namespace

std::string type_form(const Type* type, bytecode::ChunkBuilder& builder) {
  std::string form;
  put_type(form, type, builder);
  return form;
}

std::uint32_t type_constant(const Type* type, bytecode::ChunkBuilder& builder) {
  return builder.type(type_form(type, builder));
}

std::uint32_t tuple_constant(const std::vector<const Type*>& members,
                             bytecode::ChunkBuilder& builder) {
  std::string form;
  put(form, TypeByte::kTuple);
  form += static_cast<char>(members.size());
  for (const Type* member : members) put_type(form, member, builder);
  return builder.type(std::move(form));
}

}  // namespace flin::compile
