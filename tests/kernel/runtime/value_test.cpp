// Tables: text and display forms (L 3.7), arithmetic (L 3.10 to 3.12), equality, built-ins.
#include "machine_fixture.h"
#include "runtime/arithmetic.h"
#include "runtime/compare.h"

#include <cmath>

namespace flin::test {
namespace {

class Values : public MachineTest {
 protected:
  void SetUp() override {
    MachineTest::SetUp();
    Assembler a;
    a.main.op(Op::Halt);
    load(a);
  }
  Machine& m() { return machine_of(*isolate); }
  Value i(std::int64_t n) { return make_int(m().heap(), n); }
  Value d(double n) { return from_double(n); }
  Value t(std::string_view s) { return make_text(m().heap(), s); }
  Value money(std::int64_t minor, std::string_view code) {
    return make_money(m().heap(), minor, code);
  }
  Value duration(std::int64_t ms) { return make_whole(m().heap(), Tagged::kDuration, ms); }
  Value time(std::int64_t ms) { return make_whole(m().heap(), Tagged::kTime, ms); }
  Value list(std::vector<Value> items) {
    return from_object(new_list(m().heap(), items.data(), items.size()));
  }
  Value map(std::vector<std::pair<Value, Value>> entries) {
    Map* map = new_map(m().heap());
    for (const auto& [key, value] : entries) map_put(m().heap(), map, key, value);
    return from_object(map);
  }
  using Operator = bool (*)(Machine&, Value, Value, Value&);
  std::string apply(Operator op, Value a, Value b) {
    Value out;
    if (op(m(), a, b, out)) return show(out);
    return take_failure();
  }
  // The failure that an operator or native noted.
  std::string take_failure() {
    isolate->run(1);
    return code_text(isolate->failure().code) + ": " + isolate->failure().message;
  }
  std::string call(std::string_view name, std::vector<Value> args) {
    Value out = kNone;
    const NativeFn native = core.find(name);
    if (!native) return "no such built-in";
    if (native(m(), args.data(), static_cast<std::uint32_t>(args.size()), out) == Outcome::kFailed)
      return take_failure();
    return show(out);
  }
};

TEST_F(Values, WritesNumbersAsJavaScriptDoes) {
  const std::pair<double, const char*> rows[] = {
      {5, "5"},
      {0.1, "0.1"},
      {1e21, "1e+21"},
      {1e20, "100000000000000000000"},
      {123456789012345680000.0, "123456789012345680000"},
      {1e-6, "0.000001"},
      {1e-7, "1e-7"},
      {1.5e-10, "1.5e-10"},
      {-2.5, "-2.5"},
      {NAN, "NaN"},
      {INFINITY, "Infinity"},
      {-INFINITY, "-Infinity"},
      {-0.0, "0"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {0.30000000000000004, "0.30000000000000004"}};
  for (const auto& [number, text] : rows) EXPECT_EQ(show(d(number)), text);
}

TEST_F(Values, WritesEveryKindInItsTextAndDisplayForm) {
  const Value nested = list({i(1), t("a\"b"), kNone});
  EXPECT_EQ(m().text_form(kNone), "");
  EXPECT_EQ(show(kNone), "none");
  EXPECT_EQ(m().text_form(time(1769851800000)), "2026-01-31T09:30:00.000Z");
  EXPECT_EQ(m().text_form(time(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(m().text_form(duration(93784005)), "1d 2h 3m 4s 5ms");
  EXPECT_EQ(m().text_form(duration(-90000)), "-1m 30s");
  EXPECT_EQ(m().text_form(duration(0)), "0ms");
  EXPECT_EQ(m().text_form(money(45000, "USD")), "450.00 USD");
  EXPECT_EQ(m().text_form(money(-5, "EUR")), "-0.05 EUR");
  EXPECT_EQ(m().text_form(money(450, "JPY")), "450 JPY");
  EXPECT_EQ(m().text_form(nested), "[1, \"a\\\"b\", none]");
  EXPECT_EQ(m().text_form(map({})), "[:]");
  EXPECT_EQ(m().text_form(map({{t("a"), i(1)}, {i(2), kTrue}})), "[\"a\": 1, 2: true]");
  EXPECT_EQ(m().text_form(i(INT64_MIN)), "-9223372036854775808");
}

TEST_F(Values, AListThatContainsItselfCanBeShown) {
  const Value xs = list({i(1)});
  list_push(m().heap(), as_list(xs), xs);
  EXPECT_NE(show(xs).find(".."), std::string::npos);
}

TEST_F(Values, ChecksIntArithmetic) {
  const std::int64_t max = INT64_MAX, min = INT64_MIN, small = kSmallIntMax;
  const char* const overflow = "R0010: integer overflow";
  EXPECT_EQ(apply(add, i(max), i(1)), overflow);
  EXPECT_EQ(apply(subtract, i(min), i(1)), overflow);
  EXPECT_EQ(apply(multiply, i(max), i(2)), overflow);
  EXPECT_EQ(apply(add, i(small), i(1)), "140737488355328");
  EXPECT_EQ(apply(multiply, i(small), i(small)), overflow);
  EXPECT_EQ(apply(int_divide, i(min), i(-1)), overflow);
  EXPECT_EQ(apply(modulo, i(min), i(-1)), "0");
  EXPECT_EQ(apply(modulo, i(-7), i(3)), "-1");
  EXPECT_EQ(apply(int_divide, i(-7), i(2)), "-3");
  EXPECT_EQ(apply(modulo, i(5), i(0)), "R0009: division by zero");
  EXPECT_EQ(apply(divide, i(1), i(0)), "Infinity");
  EXPECT_EQ(apply(divide, i(7), i(2)), "3.5");
  EXPECT_EQ(apply(power, i(2), i(62)), "4611686018427387904");
  EXPECT_EQ(apply(power, i(2), i(63)), overflow);
}

TEST_F(Values, AddsTimesDurationsMoneyAndTexts) {
  EXPECT_EQ(apply(add, t("a"), i(1)), "a1");
  EXPECT_EQ(apply(add, kNone, t("a")), "a");
  EXPECT_EQ(apply(subtract, time(5000), time(2000)), "3s");
  EXPECT_EQ(apply(add, money(1000, "EUR"), money(100, "USD")),
            "R0017: currencies differ: EUR and USD");
  EXPECT_EQ(apply(multiply, money(1005, "EUR"), d(0.5)), "5.02 EUR");
  EXPECT_EQ(apply(divide, money(1000, "EUR"), money(400, "EUR")), "2.5");
  EXPECT_EQ(apply(multiply, i(2), duration(1500)), "3s");
  EXPECT_EQ(apply(add, list({}), t("a")), "R0006: expected number, found list");
}

TEST_F(Values, ComparesByExactValue) {
  EXPECT_TRUE(equal_values(i(1), d(1.0)));
  EXPECT_FALSE(equal_values(i(9007199254740993), d(9007199254740992.0)));
  EXPECT_EQ(compare_values(i(9007199254740993), d(9007199254740992.0)), Order::kGreater);
  EXPECT_FALSE(equal_values(d(NAN), d(NAN)));
  EXPECT_TRUE(
      equal_values(map({{t("a"), i(1)}, {t("b"), i(2)}}), map({{t("b"), i(2)}, {t("a"), i(1)}})));
  EXPECT_TRUE(equal_values(list({i(1), list({t("x")})}), list({d(1), list({t("x")})})));
  EXPECT_FALSE(equal_values(i(1), kTrue));
  EXPECT_EQ(compare_values(t("a"), t("\xC3\xA9")), Order::kLess);
}

TEST_F(Values, KnowsWhatIsTruthy) {
  for (const Value v : {kNone, kFalse, i(0), d(0), d(-0.0), d(NAN), t("")})
    EXPECT_FALSE(is_truthy(v));
  for (const Value v : {kTrue, i(1), t("0"), list({}), map({}), money(0, "EUR"), duration(0)})
    EXPECT_TRUE(is_truthy(v));
}

TEST_F(Values, TextBuiltinsFollowTheTable) {
  EXPECT_EQ(call("upper", {t("straße é")}), "STRASSE É");
  EXPECT_EQ(call("title", {t("hello wORLD")}), "Hello World");
  EXPECT_EQ(call("reverse", {t("aé")}), "éa");
  EXPECT_EQ(call("split", {t("a,b,"), t(",")}), "[\"a\", \"b\", \"\"]");
  EXPECT_EQ(call("split", {t(""), t(",")}), "[\"\"]");
  EXPECT_EQ(call("words", {t("  a  b ")}), "[\"a\", \"b\"]");
  EXPECT_EQ(call("pad_start", {t("7"), i(3), t("0")}), "007");
  EXPECT_EQ(call("truncate", {t("abcdef"), i(4)}), "abc…");
  EXPECT_EQ(call("repeat", {t("a"), i(-1)}), "R0014: invalid argument: repeat -1 times");
  EXPECT_EQ(call("repeat", {t("aaaaaaaaaa"), i(1 << 30)}), "R0003: memory limit reached");
  EXPECT_EQ(call("index_of", {t("aéb"), t("b")}), "2");
  EXPECT_EQ(call("from_char_code", {i(0xD800)}), "R0014: invalid argument: 55296 is no character");
  EXPECT_EQ(call("is_email", {t("a@b.de")}), "true");
  EXPECT_EQ(call("is_email", {t("a@b")}), "false");
  EXPECT_EQ(call("len", {i(1)}), "R0006: expected text, list or map, found int");
  EXPECT_EQ(call("join", {list({i(1), t("a"), kNone}), t("-")}), "1-a-");
}

TEST_F(Values, ConversionBuiltinsFollowTheTable) {
  EXPECT_EQ(call("int", {t(" 42 ")}), "42");
  EXPECT_EQ(call("int", {t("3.9")}), "3");
  EXPECT_EQ(call("int", {d(-3.9)}), "-3");
  EXPECT_EQ(call("int", {t("x")}), "R0013: cannot convert \"x\" to int");
  EXPECT_EQ(call("int", {t("x"), i(0)}), "0");
  EXPECT_EQ(call("number", {t("1e3")}), "1000");
  EXPECT_EQ(call("type_of", {d(5.0)}), "int");
  EXPECT_EQ(call("type_of", {i(9007199254740993)}), "number");
  EXPECT_EQ(call("json_parse", {t("{\"a\": [1, 2.5, null, \"x\"]}")}),
            "[\"a\": [1, 2.5, none, \"x\"]]");
  EXPECT_EQ(call("json_parse", {t("{\n  x")}), "R0021: bad JSON at 2:3");
  EXPECT_EQ(
      call("json_stringify", {map({{t("a"), list({i(1), d(NAN), time(0), money(1250, "EUR")})}})}),
      "{\"a\":[1,null,\"1970-01-01T00:00:00.000Z\",{\"amount\":\"12.50\",\"currency\":\"EUR\"}]}");
  EXPECT_EQ(call("json", {t("</script>")}), "\"\\u003c/script>\"");
  EXPECT_EQ(call("base64_decode", {t("w6k=")}), "é");
  EXPECT_EQ(call("base64_encode", {t("abcd")}), "YWJjZA==");
  EXPECT_EQ(call("url_encode", {t("a b/é")}), "a%20b%2F%C3%A9");
  EXPECT_EQ(call("url_decode", {t("%zz")}),
            "R0014: invalid argument: '%' without two hexadecimal digits");
  EXPECT_EQ(call("csv_parse", {t("a,\"b\"\"c\"\r\n1,2\n")}),
            "[[\"a\", \"b\\\"c\"], [\"1\", \"2\"]]");
}

TEST_F(Values, NumberBuiltinsFollowTheTable) {
  EXPECT_EQ(call("round", {d(2.5)}), "3");
  EXPECT_EQ(call("round", {d(-2.5)}), "-3");
  EXPECT_EQ(call("round", {d(2.345), i(1)}), "2.3");
  EXPECT_EQ(call("floor", {d(1e300)}), "R0010: integer overflow");
  EXPECT_EQ(call("mod", {i(-7), i(3)}), "2");
  EXPECT_EQ(call("clamp", {i(5), i(10), i(0)}), "5");
  EXPECT_EQ(call("min", {list({})}), "none");
  EXPECT_EQ(call("max", {i(1), d(2.5)}), "2.5");
  EXPECT_EQ(call("format", {d(0.125), i(2)}), "0.13");
  EXPECT_EQ(call("format", {d(1234.5)}), "1235");
  EXPECT_EQ(call("gcd", {i(12), i(-18)}), "6");
  EXPECT_EQ(call("random_int", {i(2), i(1)}), "R0014: invalid argument: random_int from 2 to 1");
}

TEST_F(Values, ListAndMapBuiltinsFollowTheTable) {
  const Value xs = list({i(3), i(1), i(3)});
  EXPECT_EQ(call("push", {xs, i(4), i(5)}), "5");
  EXPECT_EQ(call("splice", {xs, i(1), i(2), i(9)}), "[1, 3]");
  EXPECT_EQ(show(xs), "[3, 9, 4, 5]");
  EXPECT_EQ(call("remove_at", {xs, i(7)}), "R0011: index 7 is out of range (list of 4)");
  EXPECT_EQ(call("unique", {list({i(1), d(1), t("1")})}), "[1, \"1\"]");
  EXPECT_EQ(call("symmetric_difference", {list({i(1), i(2)}), list({i(2), i(3), i(3)})}), "[1, 3]");
  EXPECT_EQ(call("chunk", {list({i(1), i(2), i(3)}), i(2)}), "[[1, 2], [3]]");
  EXPECT_EQ(call("sum", {list({})}), "0");
  EXPECT_EQ(call("range", {i(5), i(0), i(-2)}), "[5, 3, 1]");
  EXPECT_EQ(call("merge", {map({{t("a"), i(1)}, {t("b"), i(2)}}), map({{t("a"), i(3)}})}),
            "[\"a\": 3, \"b\": 2]");
  EXPECT_EQ(call("get", {map({}), t("x"), i(5)}), "5");
}

TEST_F(Values, TimeBuiltinsFollowTheTable) {
  const Value when = time(1769851800000);  // 2026-01-31 09:30, a Saturday
  EXPECT_EQ(call("time", {t("2026-01-31T10:30+01:00")}), "2026-01-31T09:30:00.000Z");
  EXPECT_EQ(call("time", {t("2026-02-30")}), "R0013: cannot convert \"2026-02-30\" to time");
  EXPECT_EQ(call("format", {when, t("dddd D MMM YYYY, h:mm A [Z]")}),
            "Saturday 31 Jan 2026, 9:30 AM Z");
  EXPECT_EQ(call("add", {when, i(1), t("month")}), "2026-02-28T09:30:00.000Z");
  EXPECT_EQ(call("start_of", {when, t("week")}), "2026-01-26T00:00:00.000Z");
  EXPECT_EQ(call("end_of", {when, t("month")}), "2026-01-31T23:59:59.999Z");
  EXPECT_EQ(call("diff", {when, time(0), t("years")}), "56");
  EXPECT_EQ(call("is_weekend", {when}), "true");
}

TEST_F(Values, RegexBuiltinsFollowTheTable) {
  Assembler a;
  bytecode::Constant pattern;
  pattern.tag = bytecode::Tag::kRegex;
  pattern.text = "(\\w)(\\d)";
  const auto re = static_cast<std::int64_t>(a.constant(pattern));
  const auto k = [&](const char* s) { return static_cast<std::int64_t>(a.text(s)); };
  a.main.op(Op::LoadConst, k("a1 b2"))
      .op(Op::LoadConst, re)
      .op(Op::CallNative, a.native("matches", 2));
  a.main.op(Op::LoadConst, k("a1 b2"))
      .op(Op::LoadConst, re)
      .op(Op::CallNative, a.native("find_all", 2));
  a.main.op(Op::LoadConst, k("a1 b2"))
      .op(Op::LoadConst, re)
      .op(Op::LoadConst, k("$2$1"))
      .op(Op::CallNative, a.native("replace_pattern", 3));
  a.main.op(Op::CreateList, 3).op(Op::Halt);
  EXPECT_EQ(run(a), "[true, [\"a1\", \"b2\"], \"1a 2b\"]");
}

TEST_F(Values, EveryRowOfTheLibraryIsComplete) {
  for (const CoreBuiltin& row : core.builtins()) {
    EXPECT_FALSE(row.help.empty()) << row.name;
    EXPECT_EQ(core.find(row.name), row.run) << row.name;
    EXPECT_EQ(row.signature.empty(), row.name.find('.') != std::string_view::npos) << row.name;
  }
}

}  // namespace
}  // namespace flin::test
