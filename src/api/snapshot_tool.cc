// Build-time program: writes the startup snapshot of api::global() to the file it is told.

#include <stdio.h>

#include <kj/filesystem.h>

#include "src/api/install.h"
#include "src/js/engine.h"
#include "src/js/snapshot.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: snapshot_tool OUTPUT\n");
    return 1;
  }
  ocapd::js::Engine engine;
  auto bytes = ocapd::js::makeSnapshot(engine, ocapd::api::global());
  FILE* file = fopen(argv[1], "wb");
  if (file == nullptr || fwrite(bytes.begin(), 1, bytes.size(), file) != bytes.size() ||
      fclose(file) != 0) {
    perror(argv[1]);
    return 1;
  }
  return 0;
}
