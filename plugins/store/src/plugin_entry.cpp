// The one exported symbol of flin_store.so.
#include "store_plugin.h"

FLIN_PLUGIN(flin::store::StorePlugin, flin::store::kManifest);
