// Differences of live values as the browser applies them (W 4.5): what difference() says turns the
// old value into the new one.
#include "pages/live_value.h"

#include "base/json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace flin::pages {
namespace {

std::string list_json(const std::vector<std::pair<int, std::string>>& rows) {
  std::string out = "[";
  for (const auto& [id, title] : rows) {
    if (out.size() > 1) out += ',';
    out += "{\"id\":" + std::to_string(id) + ",\"version\":1,\"title\":";
    json::append_text(out, title);
    out += '}';
  }
  return out + "]";
}
LiveData list(const std::vector<std::pair<int, std::string>>& rows) {
  return LiveData(list_json(rows), true);
}

// What js/src/live.js does with the operations, on (id, title).
std::vector<std::pair<int, std::string>> apply(std::vector<std::pair<int, std::string>> rows,
                                               const std::string& ops) {
  const auto document = json::Document::parse(ops);
  EXPECT_TRUE(document.ok()) << ops;
  const auto at = [&](std::int64_t id) {
    return std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.first == id; });
  };
  const auto behind = [&](const json::Node& after) {
    if (after.type == json::Type::kNull) return rows.begin();
    const auto it = at(after.integer);
    EXPECT_NE(it, rows.end()) << ops;
    return it == rows.end() ? it : it + 1;
  };
  for (const json::Node& op : document.value().root().items) {
    const std::string_view kind = op.items[0].text;
    if (kind == "=") {
      rows.clear();
      for (const json::Node& row : op.items[1].items)
        rows.emplace_back(row.find("id")->integer, row.find("title")->text);
    } else if (kind == "+") {
      rows.insert(behind(op.items[1]), {static_cast<int>(op.items[2].find("id")->integer),
                                        std::string(op.items[2].find("title")->text)});
    } else if (kind == "~") {
      at(op.items[1].integer)->second = op.items[2].find("title")->text;
    } else if (kind == "-") {
      rows.erase(at(op.items[1].integer));
    } else {
      const auto it = at(op.items[1].integer);
      const auto row = *it;
      rows.erase(it);
      rows.insert(behind(op.items[2]), row);
    }
  }
  return rows;
}

TEST(Difference, SaysNothingWhenNothingChanged) {
  EXPECT_EQ(difference(list({{1, "a"}}), list({{1, "a"}})), "");
  EXPECT_EQ(difference(LiveData("3", false), LiveData("3", false)), "");
}

TEST(Difference, GivesAWholeValueForWhatIsNoListOfEntities) {
  EXPECT_EQ(difference(LiveData("3", false), LiveData("4", false)), R"([["=",4]])");
}

TEST(Difference, InsertsBehindTheRowBefore) {
  EXPECT_EQ(difference(list({{1, "a"}, {2, "b"}}), list({{1, "a"}, {2, "b"}, {3, "Milk"}})),
            R"([["+",2,{"id":3,"version":1,"title":"Milk"}]])");
}

TEST(Difference, InsertsFirstBehindNull) {
  EXPECT_EQ(difference(list({{1, "a"}, {2, "b"}}), list({{3, "c"}, {1, "a"}, {2, "b"}})),
            R"([["+",null,{"id":3,"version":1,"title":"c"}]])");
}

TEST(Difference, SendsOnlyTheFieldsThatChanged) {
  const LiveData before(
      R"([{"id":3,"version":1,"title":"Milk","done":false},{"id":4,"version":1,"title":"x","done":false}])",
      true);
  const LiveData after(
      R"([{"id":3,"version":2,"title":"Milk","done":true},{"id":4,"version":1,"title":"x","done":false}])",
      true);
  EXPECT_EQ(difference(before, after), R"([["~",3,{"version":2,"done":true}]])");
}

TEST(Difference, RemovesAndMoves) {
  EXPECT_EQ(difference(list({{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}}),
                       list({{1, "a"}, {2, "b"}, {4, "d"}})),
            R"([["-",3]])");
  EXPECT_EQ(difference(list({{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}}),
                       list({{4, "d"}, {1, "a"}, {2, "b"}, {3, "c"}})),
            R"([[">",4,null]])");
}

TEST(Difference, SendsTheWholeWhenThatIsShorter) {
  EXPECT_EQ(difference(list({{1, "a"}, {2, "b"}}), list({{3, "c"}})),
            R"([["=",[{"id":3,"version":1,"title":"c"}]]])");
  EXPECT_EQ(difference(list({{1, "a"}, {2, "b"}, {3, "c"}}), list({})), R"([["=",[]]])");
}

TEST(Difference, KeepsValuesWithQuotesAndBracesWhole) {
  const LiveData before(
      R"([{"id":1,"title":"say \"{\"","tags":["a",{"b":1}]},{"id":2,"title":"","tags":[]}])", true);
  const LiveData after(
      R"([{"id":1,"title":"say \"{\"","tags":["a",{"b":2}]},{"id":2,"title":"","tags":[]}])", true);
  EXPECT_EQ(difference(before, after), R"([["~",1,{"tags":["a",{"b":2}]}]])");
}

TEST(Difference, TurnsAnyListIntoAnyOther) {
  std::mt19937 random(20260101);
  for (int round = 0; round < 2000; ++round) {
    const auto make = [&] {
      std::vector<int> ids(random() % 9);
      for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int>(i) + 1;
      ids.resize(ids.size());
      std::shuffle(ids.begin(), ids.end(), random);
      std::vector<std::pair<int, std::string>> rows;
      for (const int id : ids)
        if (random() % 4 != 0)
          rows.emplace_back(id,
                            std::string(1 + random() % 3, static_cast<char>('a' + random() % 3)));
      return rows;
    };
    const auto before = make(), after = make();
    const std::string ops = difference(list(before), list(after));
    if (ops.empty())
      EXPECT_EQ(before, after);
    else
      EXPECT_EQ(apply(before, ops), after) << ops;
  }
}

}  // namespace
}  // namespace flin::pages
