// Programs with random damage: the parser never fails, always ends, and repeats itself.
#include "parse.h"

#include <chrono>
#include <random>

namespace flin::syntax {
namespace {

constexpr std::string_view kSeeds[] = {
    "entity Todo { title: text @required, done: bool = false\n  allow read when owner == user }\n"
    "enum M<T> { Quit, Move(int, int) }\nfn f<T>(a: int = 2, [b, c], { d }) -> int? { a ** 2 }\n",
    "count = 0\n<main class=\"a {if open}b{else}c{/if}\"><h1>{count} of &amp;</h1>\n{for t in "
    "Todo.all key t.id}"
    "<li class={t.done ? \"d\" : \"\"}><input bind={t.done} change.once={save t; "
    "n++}/></li>{else}none{/for}\n"
    "<Card a={() => go()}>x</Card>{match s { A -> <a/>, B(x) -> <b>{x}</b> }}</main>\n",
    "x = match n { 0 -> \"z\", 1..5 | 7 -> \"l {n}\", m if m > 6 -> { a: 1 }, [h, ...t] -> h, _ -> "
    "`${n}` }\n"
    "'o: for i in 1..9 { if i > 3 { break 'o } else { continue } }\n{if a}\nb()\n{else if "
    "c}\nd++\n{/if}\n",
    "y = a?.b(1, c: 2)?[0][1:2] @ -1 |> g |> (v => v)\nw = /a[b]\\d+/i.test(\"t\") && 12.50 EUR > "
    "1 USD || x ?? none\n"
    "route GET \"/a/:id\" { try { response { status: 201 } } catch e { fail(e.message) } }\n"
    "agent A(n = 1) as \"a\" { mailbox: 9, overflow: reject\n on add(k: int) -> int { n += k; n "
    "}\n every 5.seconds { } }\n",
};

constexpr std::string_view kPieces[] = {"(",
                                        ")",
                                        "[",
                                        "]",
                                        "{",
                                        "}",
                                        "<",
                                        ">",
                                        "</",
                                        "/>",
                                        "\"",
                                        "'",
                                        "`",
                                        "${",
                                        "{{",
                                        "{if a}",
                                        "{/if}",
                                        "{else}",
                                        "{for x in y}",
                                        "<p>",
                                        "</p>",
                                        "<p ",
                                        "=",
                                        "=>",
                                        "->",
                                        "...",
                                        "..",
                                        ",",
                                        ";",
                                        ":",
                                        "\n",
                                        "@",
                                        "|",
                                        "?",
                                        "?.",
                                        "?[",
                                        "++",
                                        "-",
                                        "/",
                                        "/*",
                                        "<!--",
                                        "match",
                                        "if",
                                        "fn f(",
                                        "let",
                                        "entity",
                                        "save",
                                        "not",
                                        "in",
                                        "is",
                                        "try",
                                        "\xC3",
                                        "\xF0\x9F\x98\x80",
                                        "1",
                                        "1.5",
                                        "0x",
                                        "x"};

std::string damaged(std::mt19937& random) {
  std::string text(kSeeds[random() % std::size(kSeeds)]);
  for (unsigned changes = 1 + random() % 6; changes > 0; --changes) {
    const std::size_t at = random() % (text.size() + 1);
    switch (random() % 4) {
      case 0: text.insert(at, kPieces[random() % std::size(kPieces)]); break;
      case 1: text.erase(at, 1 + random() % 12); break;
      case 2: text.insert(at, text.substr(random() % (text.size() + 1), random() % 40)); break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(random() % 256);
    }
  }
  return text;
}

TEST(Mutation, NoDamageStopsTheParser) {
  std::mt19937 random(20260131);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 4000; ++i) {
    const std::string text = damaged(random);
    const Parsed first = parsed(text);
    for (const std::string& code : first.codes) EXPECT_EQ(code.size(), 5u);
    if (i % 50 == 0) {
      EXPECT_EQ(parsed(text).tree, first.tree);
      EXPECT_EQ(parsed(text).messages, first.messages);
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(120));
}

TEST(Mutation, EveryPrefixOfAProgramCanBeParsed) {
  for (const std::string_view seed : kSeeds)
    for (std::size_t length = 0; length <= seed.size(); ++length) parsed(seed.substr(0, length));
}

TEST(Mutation, TimeGrowsWithLengthOnly) {
  // Texts that a careless look ahead would read again and again.
  for (const std::string_view piece :
       {"`${", "\"{a ", "f(1\n", "[a\n", "{ a\n", "{if a}\nx = 1\n", "<p>", "(a, ", "'"}) {
    std::string text;
    while (text.size() < 60000) text += piece;
    const auto start = std::chrono::steady_clock::now();
    parsed(text);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20)) << piece;
  }
}

}  // namespace
}  // namespace flin::syntax
