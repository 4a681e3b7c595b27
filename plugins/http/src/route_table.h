// Which function answers which path (L 16.1, L 16.2): a tree of path segments. Static parts win
// over
// `:name`, that over `*rest`. Built while a program is linked, constant afterwards.
#pragma once

#include "flin/plugin.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flin::http {

enum Method : std::uint32_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOtherMethod };
Method method_of(std::string_view name);
std::string_view name_of(Method method);

struct Target {
  FunctionId function;
  bool is_page = false;
  std::string pattern;             // as declared: "/todos/:id", a page's "/blog/[id]"
  std::vector<std::string> names;  // of :name and *rest, in order
};

struct Match {
  const Target* target = nullptr;   // null: no such path, or not with this method
  std::vector<std::string> values;  // for target->names
  std::string allow;                // without a target: "GET, HEAD, OPTIONS" when the path exists
};

class RouteTable {
 public:
  // Gives "" or what is wrong with the path; `page` says that `path` is in the form of L 16.2.
  std::string add(Method method, std::string_view path, bool page, FunctionId function);
  // HEAD is looked up as GET. `segments` as from split_path().
  Match find(Method method, const std::vector<std::string>& segments) const;
  bool empty() const { return size_ == 0; }

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> children;
    std::unique_ptr<Node> name, rest;
    std::unique_ptr<Target> targets[kOptions];
    bool ends() const;
  };
  struct Search;
  static void visit(const Node& node, std::size_t at, Search& search);

  Node root_;
  std::size_t size_ = 0;
};

}  // namespace flin::http
