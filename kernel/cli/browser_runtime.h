// The browser runtime (js/dist), part of the executable.
#pragma once

#include "browser/browser.h"

namespace flin::cli {

browser::Runtime browser_runtime();

}  // namespace flin::cli
