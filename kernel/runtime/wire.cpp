#include "runtime/wire.h"
