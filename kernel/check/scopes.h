// Scopes of `<style scoped>` (L 10.11).
#pragma once

#include "check/program.h"

namespace flin::check {

// Sets Page::scope and Component::scope where a scoped style stands.
void find_scopes(CheckedProgram& program);

}  // namespace flin::check
