// Tokens of the three modes (L 2).
#include "syntax/lexer.h"

#include "parse.h"

namespace flin::syntax {
namespace {

struct Reader {
  explicit Reader(std::string_view text) : lexer(text, arena, reporter) {}
  Arena arena;
  Diagnostics diagnostics;
  Reporter reporter{diagnostics, 0};
  Lexer lexer;
};

std::string shown(const Token& token) {
  std::string out = token.newline_before ? "~" : "";
  out += words_of(token.kind);
  if (!token.value.empty() && !is_punctuation(token.kind) && !is_keyword(token.kind))
    out += "=" + std::string(token.value);
  return out;
}

std::string code(std::string_view text) {
  Reader reader(text);
  std::string out;
  for (Token t = reader.lexer.code(); t.kind != Tok::End; t = reader.lexer.code())
    out += (out.empty() ? "" : " ") + shown(t);
  return out;
}

std::string view(std::string_view text, bool in_braces = false) {
  Reader reader(text);
  std::string out;
  for (Token t = reader.lexer.view(in_braces); t.kind != Tok::End; t = reader.lexer.view(in_braces))
    out += (out.empty() ? "" : " ") + shown(t);
  return out;
}

TEST(Lexer, SkipsCommentsByteOrderMarkAndInterpreterLine) {
  EXPECT_EQ(code("\xEF\xBB\xBF#!/usr/bin/flin\na // b\n/* c\n */ d <!-- e --> f"),
            "~a name=a ~a name=d a name=f");
}

TEST(Lexer, TakesTheLongestOperator) {
  EXPECT_EQ(code("a ?? b ?\?= c ?. ?[ ?: ... ..< .. **= ++="),
            "a name=a '?\?' a name=b '?\?=' a name=c '?.' '?[' '?:' '...' '..<' '..' '**=' '++='");
}

TEST(Lexer, KnowsHardKeywordsOnly) {
  EXPECT_EQ(code("match matches save null"), "'match' a name=matches a name=save 'null'");
}

TEST(Lexer, ADotBelongsToANumberOnlyBeforeADigit) {
  EXPECT_EQ(code("7.days 1..5 3.14 t.0.1"),
            "an integer '.' a name=days an integer '..' an integer a number a name=t '.' an "
            "integer=0 '.' an integer=1");
}

TEST(Lexer, ReadsMoneyOnOneLine) {
  EXPECT_EQ(code("5 USD"), "an amount of money=USD");
  EXPECT_EQ(code("5\nUSD"), "an integer ~a name=USD");
  EXPECT_EQ(code("5 USDX"), "an integer a name=USDX");
}

TEST(Lexer, CountsMinorUnitsByCurrency) {
  Reader reader("12.50 EUR 1000 CFA 1.5 KWD");
  EXPECT_EQ(reader.lexer.code().integer, 1250u);
  EXPECT_EQ(reader.lexer.code().integer, 1000u);
  EXPECT_EQ(reader.lexer.code().integer, 1500u);
}

TEST(Lexer, StopsATextAtItsInterpolation) {
  Reader reader("\"a {b} c {d} e\" f");
  EXPECT_EQ(shown(reader.lexer.code()), "a text=a ");
  EXPECT_EQ(reader.lexer.code().value, "b");
  reader.lexer.seek(reader.lexer.offset() + 1);
  EXPECT_EQ(reader.lexer.text_rest('"').value, " c ");
  EXPECT_EQ(reader.lexer.code().value, "d");
  reader.lexer.seek(reader.lexer.offset() + 1);
  const Token end = reader.lexer.text_rest('"');
  EXPECT_EQ(end.kind, Tok::TextEnd);
  EXPECT_EQ(end.value, " e");
  EXPECT_EQ(reader.lexer.code().value, "f");
}

TEST(Lexer, BracesThatStandForThemselves) {
  for (const char* text :
       {"\"{ }\"", "\"{}\"", "\"{\\\"\"", "\"{\"", "\"a}\"", "\"{{a}}\"", "'{a}'", "`{a}`"}) {
    Reader reader(text);
    EXPECT_EQ(reader.lexer.code().kind, Tok::Text) << text;
    EXPECT_FALSE(reader.diagnostics.has_errors()) << text;
  }
}

TEST(Lexer, ReadsLabelsAndTextsInSingleQuotes) {
  EXPECT_EQ(code("'o: for"), "a label=o ':' 'for'");
  EXPECT_EQ(code("break 'o"), "'break' a label=o");
  EXPECT_EQ(code("break 'o'"), "'break' a text=o");
  EXPECT_EQ(code("x = 'o: for you'"), "a name=x '=' a text=o: for you");
}

TEST(Lexer, ReadsARegexWhereTheParserAsks) {
  Reader reader("/a[/]\\/b/im x");
  reader.lexer.code();
  const Token regex = reader.lexer.regex(0);
  EXPECT_EQ(regex.value, "a[/]\\/b");
  EXPECT_EQ(regex.flags, "im");
  EXPECT_EQ(reader.lexer.code().value, "x");
}

TEST(Lexer, GivesTheDocumentationAboveADeclaration) {
  EXPECT_EQ(Reader("/// a\n/// b\nfn").lexer.code().documentation, 1u);
  EXPECT_EQ(Reader("/// a\n// b\nfn").lexer.code().documentation, 0u);
}

TEST(Lexer, SplitsAView) {
  EXPECT_EQ(view("a<p"), "text=a '<'=p");
  EXPECT_EQ(view("</p >x"), "'</'=p text=x");
  EXPECT_EQ(view("a < b } &amp; {{c}}"), "text=a < b } &amp; {c}");
  EXPECT_EQ(view("a<!-- b -->c"), "text=ac");
  EXPECT_EQ(view("{if"), "a template tag=if");
  EXPECT_EQ(view("{else}").substr(0, 12), "'{else'=else");
  EXPECT_EQ(view("{/for }x"), "an end tag=for text=x");
  EXPECT_EQ(view("{ if").substr(0, 3), "'{'");
  EXPECT_EQ(view("a}b", true), "text=a '}' text=b");
}

TEST(Lexer, SplitsATag) {
  Reader reader(" class=\"a\" xlink:href b.c(1) {...d} />");
  std::string out;
  for (Token t = reader.lexer.tag(); t.kind != Tok::TagSelfClose; t = reader.lexer.tag()) {
    out += shown(t) + " ";
    if (t.kind == Tok::TextStart) {
      out += shown(reader.lexer.attribute('"')) + " ";
      out += shown(reader.lexer.attribute('"')) + " ";
    }
    if (t.kind == Tok::LeftParen || t.kind == Tok::LeftBrace)
      reader.lexer.seek(reader.lexer.behind_bracket(t.begin, 0));
  }
  EXPECT_EQ(out,
            "an attribute=class '=' a text text=a a text an attribute=xlink:href an attribute=b "
            "'.' an attribute=c '(' '{' ");
}

TEST(Lexer, FindsTheEndOfABracketOverTextsAndComments) {
  const std::string text = "(a, \")\", /* ) */ [b], '(')x";
  EXPECT_EQ(Reader(text).lexer.behind_bracket(0, 0), text.size() - 1);
  EXPECT_EQ(Reader("(a]").lexer.behind_bracket(0, 0), 0u);
  EXPECT_EQ(Reader("(a").lexer.behind_bracket(0, 0), 0u);
  EXPECT_EQ(Reader("(aaaaaaaa)").lexer.behind_bracket(0, 4), 0u);
}

TEST(Lexer, EndsALineOnlyWhereTheLanguageSays) {
  EXPECT_EQ(parsed("a = 1\n  + 2\nb = 3 -\n 4\nc = f(\n1\n)\n").tree,
            "(= a (+ 1 2)) (= b (- 3 4)) (= c (call f 1))");
  EXPECT_EQ(parsed("a = b\n-c\n[d]\n(e)\n").tree, "(= a b) (neg c) (list d) e");
}

}  // namespace
}  // namespace flin::syntax
