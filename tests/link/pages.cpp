// kernel/pages alone: pages without a compiler and without a transport.
#include "pages/message.h"

int main() { return flin::pages::reload_message("token", {}).empty() ? 1 : 0; }
