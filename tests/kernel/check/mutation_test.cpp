// Damaged programs: the checker always ends and repeats itself; and mistakes that have nothing to
// do with each other are told one by one, none invented (L 19.3).
#include "checked.h"

#include <gtest/gtest.h>

#include <random>

namespace flin::testing {
namespace {

constexpr std::string_view kSeeds[] = {
    "trait Shape { fn area() -> number\n fn twice() { area() * 2 } }\nenum Fig { Square(number), "
    "Dot }\n"
    "impl Shape for Fig { fn area() -> number { match self { Square(s) -> s * s, Dot -> 0 } } }\n"
    "fn show<T: Shape>(x: T) -> text { \"{x.area}\" }\ntype Pair<T> = (T, T)\np: Pair<int> = (1, "
    "2)\n"
    "print(show(Square(2)), p.0, [1, 2.5].map(x => max(x, 1)))\n",
    "entity Todo { title: text @required, done: bool = false, owner: Todo? }\nfn f(t: Todo?) -> "
    "int {\n"
    "if t == none { return 0 }\nt.title.len }\nopen = Todo.where(done == false)\nq = \"\"\n"
    "<ul>{for t in open}<li class={t.done ? \"d\" : \"\"}><input bind={q} change={save t; q = "
    "\"\"}/>{t.title}"
    "</li>{else}none{/for}</ul>\n",
    "fn total(xs: [int], by = 1) { s = 0; for x, i in xs { s += x * by }; s }\nm = [\"a\": 1, "
    "\"b\": 2]\n"
    "x: int | text = 1\nif x is int { print(x + 1) }\nr = try int(\"5\")\n[a, ...b] = [1, 2, 3]\n"
    "print(match m { { a, b: 2 } -> a, _ -> none }, total(b, by: 2), r is error)\n"
    "test \"t\" { assert total([1]) == 1; expect_error \"R0016\" { fail(\"x\") } }\n",
};
constexpr std::string_view kPieces[] = {"(",    ")",   "{",    "}",     "[",      "]",      ",",
                                        ".",    "x",   "none", "self",  "T",      "Shape",  "int",
                                        "fn ",  "?",   ": ",   "= ",    "=> ",    "1.5",    "\"a\"",
                                        "Todo", "...", "+ ",   "match", "return", "break ", "\n"};

std::string damaged(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return random() % n; };
  for (std::size_t hits = 1 + below(3); hits > 0; --hits) {
    const std::size_t at = below(text.size());
    switch (below(3)) {
      case 0: text.erase(at, 1 + below(8)); break;
      case 1: text.insert(at, kPieces[below(std::size(kPieces))]); break;
      default: {
        const std::size_t from = below(text.size());
        text.insert(at, text.substr(from, 1 + below(20)));
      }
    }
    if (text.empty()) text = "x";
  }
  return text;
}

TEST(CheckMutation, DamagedProgramsEndAndRepeatThemselves) {
  for (std::size_t seed = 0; seed < std::size(kSeeds); ++seed) {
    std::mt19937 random(static_cast<unsigned>(seed) + 1);
    for (int n = 0; n < 200; ++n) {
      const std::string source = damaged(std::string(kSeeds[seed]), random);
      const std::string once = Checked(source).codes();
      EXPECT_EQ(Checked(source).codes(), once) << source;
    }
  }
}

TEST(CheckMutation, SeedsAreWhole) {
  for (const std::string_view seed : kSeeds) {
    Checked c{std::string(seed)};
    EXPECT_EQ(c.diagnostics.has_errors(), false) << c.rendered();
  }
}

struct Mistake {
  std::string_view source, code;
};
constexpr Mistake kMistakes[] = {
    {"print(totl)", "E0001"},     {"prnt(1)", "E0002"},
    {"print(5.upper)", "E0003"},  {"a1: Strng = \"\"", "E0005"},
    {"a2: int = \"a\"", "E0301"}, {"a3 = [1] + [2]", "E0302"},
    {"abs(1, 2)", "E0303"},       {"upper(5)", "E0304"},
    {"for i in 5 { }", "E0307"},  {"a4 = 1 < 2 < 3", "E0209"},
    {"a5 = 1 b5 = 2", "E0205"},   {"match = 1", "E0206"},
    {"a6 = .5", "E0105"},         {"print(\"\\q\")", "E0103"},
    {"a7 = 1.234 USD", "E0108"},  {"print([1].first + 1)", "E0305"},
    {"break", "E0210"},           {"f() = 1", "E0207"},
};

// Five mistakes, each in a line of its own between lines that are right.
TEST(CheckMutation, FiveMistakesAreFiveMessages) {
  const std::size_t count = std::size(kMistakes);
  for (std::size_t start = 0; start < count; ++start) {
    std::string source = "fn f() { 1 }\n", wanted;
    for (std::size_t n = 0; n < 5; ++n) {
      const Mistake& mistake = kMistakes[(start + n * 5) % count];
      source += std::string(mistake.source) + "\nprint(f() + " + std::to_string(n) + ")\n";
      wanted +=
          (wanted.empty() ? "" : " ") + std::string(mistake.code) + ":" + std::to_string(2 + 2 * n);
    }
    Checked c(source);
    EXPECT_EQ(c.codes(), wanted) << source << c.rendered();
  }
}

}  // namespace
}  // namespace flin::testing
