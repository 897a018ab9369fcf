// Closes the data of the merged libraries that only relocations write. The dynamic loader does it
// for one range per file (PT_GNU_RELRO); tools/lib/merge.mjs lists one for each library it merged.
#include <elf.h>
#include <link.h>
#include <sys/mman.h>

namespace {

constexpr ElfW(Word) kProtected = 0x6f636170;  // As tools/lib/merge.mjs has it.

int protectObject(dl_phdr_info* object, size_t, void*) {
  for (ElfW(Half) i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr) & segment = object->dlpi_phdr[i];
    if (segment.p_type != kProtected) continue;
    // A failure leaves the data as it would be without: writable.
    mprotect(reinterpret_cast<void*>(object->dlpi_addr + segment.p_vaddr), segment.p_memsz,
             PROT_READ);
  }
  return 0;
}

// After the libraries' initializers and relocations, before main.
__attribute__((constructor)) void protectRelocatedData() {
  dl_iterate_phdr(protectObject, nullptr);
}

}  // namespace
