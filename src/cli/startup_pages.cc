#include "src/cli/startup_pages.h"

#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

namespace ocapd::cli {
namespace {

// Only segments that were never writable: relocations have changed the others.
int forgetObject(dl_phdr_info* object, size_t, void*) {
  const uintptr_t page = uintptr_t(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; i++) {
    auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    uintptr_t begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    uintptr_t end =
        (object->dlpi_addr + segment.p_vaddr + segment.p_memsz + page - 1) & ~(page - 1);
    // Failure costs memory, nothing else.
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void forgetStartupPages() {
  ::dl_iterate_phdr(&forgetObject, nullptr);
}

}  // namespace ocapd::cli
