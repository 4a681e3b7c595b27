// Reading predicate code that nobody has checked yet.
#include "predicate.h"

#include "flin/program.h"

#include <gtest/gtest.h>

#include <random>

namespace flin::store {
namespace {

std::optional<Predicate> read(const Bytes& code, std::uint64_t parameters, std::string& why) {
  return Predicate::read({code.data(), code.size()}, parameters, why);
}

std::string refusal(const Bytes& code, std::uint64_t parameters = 0) {
  std::string why;
  return read(code, parameters, why) ? "accepted" : why;
}

// Every field is the int 1; paths with more than one part are unknown.
class Ones final : public IFieldReader {
 public:
  bool read(const FieldPath& path, Scalar& out) const override {
    out = Scalar::of_int(1);
    return path.size() == 1;
  }
};

Verdict verdict(const Bytes& code, const Scalars& parameters) {
  std::string why;
  Verdict out = Verdict::kNo;
  const auto predicate = read(code, parameters.size(), why);
  EXPECT_TRUE(predicate) << why;
  EXPECT_FALSE(predicate->test(Ones(), parameters, out));
  return out;
}

TEST(PredicateCode, EmptyHoldsAlways) { EXPECT_EQ(verdict({}, {}), Verdict::kYes); }

TEST(PredicateCode, SaysWhereItIsMalformed) {
  EXPECT_EQ(refusal({0x00}), "there is no such instruction at byte 0");
  EXPECT_EQ(refusal({0x7F}), "there is no such instruction at byte 0");
  EXPECT_EQ(refusal({kOpParameter, 0}), "there is no such parameter at byte 0");
  EXPECT_EQ(refusal({kOpParameter}, 1), "there is no such parameter at byte 0");
  EXPECT_EQ(refusal({kOpConstant, 1, 0, 0, 0}, 1), "there is no such constant at byte 0");
  EXPECT_EQ(refusal({kOpConstant, 0, 0}, 1), "there is no such constant at byte 0");
  EXPECT_EQ(refusal({kOpField, 0}), "a field path is broken at byte 0");
  EXPECT_EQ(refusal({kOpField, 9, 0, 0, 0, 0}), "a field path is broken at byte 0");
  EXPECT_EQ(refusal({kOpField, 1, 0, 0}), "a field path is broken at byte 0");
  EXPECT_EQ(refusal({kOpParameter, 0, kOpEq}, 1), "the stack is empty at byte 2");
  EXPECT_EQ(refusal({kOpParameter, 0, kOpParameter, 0}, 1),
            "the code does not end with one value at byte 4");
}

TEST(PredicateCode, IsLimitedInLength) {
  EXPECT_EQ(refusal(Bytes(70'000, kOpNot)), "the code is too long at byte 65536");
}

TEST(PredicateCode, NeverCrashesOnRandomBytes) {
  std::mt19937 random(20260117);
  const Scalars parameters = {Scalar::of_int(3),
                              Scalar::of_text("a"),
                              Scalar(),
                              Scalar::of_written(Kind::kList, "[1"),
                              Scalar::of_time(INT64_MIN),
                              Scalar::of_number(1e300)};
  constexpr std::uint8_t kLikely[] = {0x01, 0x02, 0x03, 0x10, 0x12, 0x16, 0x18, 0x1A,
                                      0x1B, 0x1D, 0x1F, 0x21, 0x24, 0x27, 0x29};
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    Bytes code;
    for (std::uint32_t at = random() % 14; at > 0; --at) {
      const auto byte = static_cast<std::uint8_t>(random());
      code.push_back(random() % 3   ? kLikely[random() % std::size(kLikely)]
                     : random() % 2 ? byte % 6
                                    : byte);
    }
    std::string why;
    const auto predicate = read(code, parameters.size(), why);
    EXPECT_EQ(predicate.has_value(), why.empty());
    if (!predicate) continue;
    ++accepted;
    Verdict out = Verdict::kNo;
    const MaybeFault fault = predicate->test(Ones(), parameters, out);
    EXPECT_TRUE(!fault || !fault->message.empty());
  }
  EXPECT_GT(accepted, 500) << "the bytes are meant to be likely enough";
}

TEST(PredicateCode, MeansTheSameAfterMovingItsParameters) {
  Bytes code = {kOpField, 1, 0, 0, 0, 0, kOpParameter, 0, kOpEq};
  std::string why;
  const Bytes moved = read(code, 1, why)->rebased(2, 2);
  EXPECT_EQ(verdict(code, {Scalar::of_int(1)}), Verdict::kYes);
  EXPECT_EQ(verdict(moved, {Scalar(), Scalar(), Scalar::of_int(1)}), Verdict::kYes);
  EXPECT_EQ(verdict(moved, {Scalar(), Scalar(), Scalar::of_int(2)}), Verdict::kNo);
}

TEST(PredicateCode, IsUnknownWhereARowAloneCannotTell) {
  Bytes code;
  put_field(code, {0, 1});
  EXPECT_EQ(verdict(code, {}), Verdict::kUnknown);
  put_constant(code, 0);
  put_op(code, kOpAnd);
  EXPECT_EQ(verdict(code, {Scalar::of_bool(false)}), Verdict::kNo) << "the other side decides";
  EXPECT_EQ(verdict(code, {Scalar::of_bool(true)}), Verdict::kUnknown);
}

TEST(PredicateCode, KnowsWhenItAsksForOneId) {
  Bytes code;
  put_field(code, {kFieldId});
  put_constant(code, 0);
  put_op(code, kOpEq);
  std::string why;
  EXPECT_EQ(read(code, 1, why)->wanted_id({Scalar::of_int(7)}), 7u);
  EXPECT_FALSE(read(code, 1, why)->wanted_id({Scalar::of_text("7")}));
  put_op(code, kOpNot);
  EXPECT_FALSE(read(code, 1, why)->wanted_id({Scalar::of_int(7)}));
}

}  // namespace
}  // namespace flin::store
