// The program flin. Everything is made here and passed on; see cli/run_command.h.
#include "cli/run_command.h"

int main(int argc, char** argv) { return flin::cli::run({argv + 1, argv + argc}); }
