// kernel/base alone.
#include "base/edit_distance.h"

int main() {
  const std::string_view names[] = {"total", "count"};
  return flin::nearest_name("totl", names) == "total" ? 0 : 1;
}
