#include "bytecode/chunk_builder.h"

#include "bytecode/types.h"

#include <gtest/gtest.h>

namespace flin::bytecode {
namespace {

TEST(ChunkBuilder, EqualConstantsAreOne) {
  ChunkBuilder builder;
  EXPECT_EQ(builder.text("a"), builder.text("a"));
  EXPECT_NE(builder.text("a"), builder.text("b"));
  EXPECT_NE(builder.integer(1), builder.number(1));
  EXPECT_NE(builder.number(0.0), builder.number(-0.0));
  EXPECT_EQ(builder.variant("S", "A", 0), builder.variant("S", "A", 0));
}

TEST(ChunkBuilder, AnOpcodeHasARowPerNumberOfArguments) {
  ChunkBuilder builder;
  EXPECT_EQ(builder.import("store.run", 1, 1, 0), 0u);
  EXPECT_EQ(builder.import("store.run", 3, 1, 0), 1u);
  EXPECT_EQ(builder.import("store.run", 1, 1, 0), 0u);
}

TEST(ChunkBuilder, ABuiltinKeepsItsLeastAndMostArguments) {
  ChunkBuilder builder;
  builder.builtin("round", 2);
  builder.builtin("round", 1);
  ASSERT_EQ(builder.chunk().builtins.size(), 1u);
  EXPECT_EQ(builder.chunk().builtins[0].least, 1);
  EXPECT_EQ(builder.chunk().builtins[0].most, 2);
}

TEST(Types, AreReadInPrefixForm) {
  ChunkBuilder builder;
  std::uint32_t todo = builder.text("Todo");
  std::string entity("\x16\0\0\0\0", 5);
  ASSERT_EQ(todo, 0u);
  const Chunk& chunk = builder.chunk();
  EXPECT_EQ(type_text(chunk, "\x10" + entity), "[Todo]");
  EXPECT_EQ(type_text(chunk, "\x11\x02\x01"), "[int: text]");
  EXPECT_EQ(type_text(chunk, "\x15\x01\x02\x04"), "(int) -> bool");
  EXPECT_EQ(type_text(chunk, "\x1A" + entity), "Query<Todo>");
  EXPECT_TRUE(is_type(chunk, "\x13\x02"));
  EXPECT_FALSE(is_type(chunk, "\x13\x02\x02"));
  EXPECT_FALSE(is_type(chunk, "\x13"));
  EXPECT_FALSE(is_type(chunk, std::string("\x16\x05\0\0\0", 5)));
  EXPECT_FALSE(is_type(chunk, std::string(100, '\x10')));
}

}  // namespace
}  // namespace flin::bytecode
