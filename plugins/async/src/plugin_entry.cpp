// The one exported symbol of flin_async.so.
#include "async_plugin.h"

FLIN_PLUGIN(flin::async::AsyncPlugin, flin::async::kManifest);
