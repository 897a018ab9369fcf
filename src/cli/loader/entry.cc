// The program's entry in the distributed folder, where it runs on a machine whose own C library may
// be older than ours: what the kernel does for a PT_INTERP with an absolute path, done for
// lib/ld-linux-x86-64.so.2 beside the program. So there is no launcher and no second exec: pid,
// argv, signals and /proc/self/exe are those of any program.
//
// tools/dist makes ocapdEntry the ELF entry point and takes PT_INTERP out; until then nothing calls
// it. It runs before the program is relocated and before there is a C library: system calls only,
// no static data, no reference that would need a relocation.
//
// See       the System V ABI, "Program Loading" and "Process Initialization".
#include <elf.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

extern "C" void _start();

namespace {

constexpr char kInterpreter[] = "lib/ld-linux-x86-64.so.2";
constexpr uintptr_t kPageBytes = 4096;
constexpr size_t kProgramHeadersMax = 32;
constexpr int kExitCannotStart = 127;

inline long systemCall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                       long f = 0) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  long result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

inline bool failed(long result) {
  return result < 0 && result > -static_cast<long>(kPageBytes);
}

inline long address(const void* pointer) {
  return reinterpret_cast<long>(pointer);
}

[[noreturn]] void giveUp(const char* what, const char* path) {
  const char* parts[] = {"ocapd: cannot start: ", what, path,
                         ". The program needs the lib folder that came with it.\n"};
  for (const char* part : parts) {
    size_t bytes = 0;
    while (part[bytes] != '\0') ++bytes;
    systemCall(SYS_write, 2, address(part), static_cast<long>(bytes));
  }
  systemCall(SYS_exit_group, kExitCannotStart);
  __builtin_unreachable();
}

// Fills `path` with the folder of this program's file and the interpreter's place in it.
void findInterpreter(char (&path)[PATH_MAX]) {
  long bytes = systemCall(SYS_readlink, address("/proc/self/exe"), address(path), PATH_MAX);
  if (failed(bytes)) giveUp("no ", "/proc/self/exe");
  while (bytes > 0 && path[bytes - 1] != '/') --bytes;
  if (bytes + sizeof(kInterpreter) > PATH_MAX) giveUp("too long a path to ", kInterpreter);
  for (size_t i = 0; i < sizeof(kInterpreter); ++i) path[bytes + i] = kInterpreter[i];
}

struct Interpreter {
  uintptr_t base;
  uintptr_t entry;
};

int protectionOf(const Elf64_Phdr& segment) {
  return (segment.p_flags & PF_R ? PROT_READ : 0) | (segment.p_flags & PF_W ? PROT_WRITE : 0) |
         (segment.p_flags & PF_X ? PROT_EXEC : 0);
}

void mapSegment(int file, uintptr_t base, const Elf64_Phdr& segment, const char* path) {
  uintptr_t skew = segment.p_vaddr % kPageBytes;
  uintptr_t start = base + segment.p_vaddr - skew;
  int protection = protectionOf(segment);
  long mapped = systemCall(SYS_mmap, start, segment.p_filesz + skew, protection,
                           MAP_PRIVATE | MAP_FIXED, file, segment.p_offset - skew);
  if (failed(mapped)) giveUp("no memory for ", path);
  if (segment.p_memsz == segment.p_filesz) return;

  uintptr_t fileEnd = base + segment.p_vaddr + segment.p_filesz;
  uintptr_t fileEndPage = (fileEnd + kPageBytes - 1) & -kPageBytes;
  uintptr_t end = base + segment.p_vaddr + segment.p_memsz;
  for (volatile char* p = reinterpret_cast<char*>(fileEnd);
       p < reinterpret_cast<char*>(fileEndPage); ++p) {
    *p = 0;
  }
  if (end <= fileEndPage) return;
  mapped = systemCall(SYS_mmap, fileEndPage, end - fileEndPage, protection,
                      MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
  if (failed(mapped)) giveUp("no memory for ", path);
}

Interpreter mapInterpreter(const char* path) {
  int file = static_cast<int>(systemCall(SYS_open, address(path), O_RDONLY | O_CLOEXEC));
  if (file < 0) giveUp("no ", path);

  struct {
    Elf64_Ehdr header;
    Elf64_Phdr segments[kProgramHeadersMax];
  } image;
  long bytes = systemCall(SYS_pread64, file, address(&image), sizeof(image), 0);
  if (bytes < static_cast<long>(sizeof(image)) || image.header.e_phoff != sizeof(Elf64_Ehdr) ||
      image.header.e_phnum > kProgramHeadersMax) {
    giveUp("not a dynamic loader: ", path);
  }

  uintptr_t end = 0;
  for (size_t i = 0; i < image.header.e_phnum; ++i) {
    const Elf64_Phdr& segment = image.segments[i];
    if (segment.p_type == PT_LOAD) end = segment.p_vaddr + segment.p_memsz;
  }
  // Sets the whole range aside first, so that the segments keep their distances.
  long base = systemCall(SYS_mmap, 0, static_cast<long>(end), PROT_NONE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (failed(base)) giveUp("no memory for ", path);
  for (size_t i = 0; i < image.header.e_phnum; ++i) {
    const Elf64_Phdr& segment = image.segments[i];
    if (segment.p_type == PT_LOAD) mapSegment(file, base, segment, path);
  }
  systemCall(SYS_close, file);
  return {static_cast<uintptr_t>(base), base + image.header.e_entry};
}

// Gives the program its PT_INTERP back, which tools/dist turned into PT_NULL so that the kernel
// would not look for it: the interpreter insists on finding itself named there.
void restoreInterpreterHeader(uintptr_t headers, size_t count) {
  long page = static_cast<long>(headers & -kPageBytes);
  long bytes = static_cast<long>(headers + count * sizeof(Elf64_Phdr)) - page;
  systemCall(SYS_mprotect, page, bytes, PROT_READ | PROT_WRITE);
  auto* segments = reinterpret_cast<Elf64_Phdr*>(headers);
  for (size_t i = 0; i < count; ++i) {
    if (segments[i].p_type == PT_NULL) segments[i].p_type = PT_INTERP;
  }
  systemCall(SYS_mprotect, page, bytes, PROT_READ);
}

// Tells the interpreter what it would have heard from the kernel: where it is itself (AT_BASE) and
// where the program begins (AT_ENTRY).
void setAuxiliaryVector(uintptr_t* stack, uintptr_t base, uintptr_t entry) {
  uintptr_t argumentCount = stack[0];
  uintptr_t* environment = stack + 1 + argumentCount + 1;
  while (*environment != 0) ++environment;
  uintptr_t headers = 0;
  size_t headerCount = 0;
  for (auto* row = reinterpret_cast<Elf64_auxv_t*>(environment + 1); row->a_type != AT_NULL;
       ++row) {
    if (row->a_type == AT_BASE) row->a_un.a_val = base;
    if (row->a_type == AT_ENTRY) row->a_un.a_val = entry;
    if (row->a_type == AT_PHDR) headers = row->a_un.a_val;
    if (row->a_type == AT_PHNUM) headerCount = row->a_un.a_val;
  }
  restoreInterpreterHeader(headers, headerCount);
}

}  // namespace

// Called by ocapdEntry with the stack as the kernel left it; returns where to go on.
extern "C" __attribute__((used, visibility("hidden"))) uintptr_t
ocapdLoadInterpreter(uintptr_t* stack, uintptr_t entry) {
  char path[PATH_MAX];
  findInterpreter(path);
  Interpreter interpreter = mapInterpreter(path);
  setAuxiliaryVector(stack, interpreter.base, entry);
  return interpreter.entry;
}

asm(R"(
  .text
  .globl ocapdEntry
  .hidden ocapdEntry
  .type ocapdEntry, @function
ocapdEntry:
  xor %ebp, %ebp
  mov %rsp, %rbx
  mov %rsp, %rdi
  lea _start(%rip), %rsi
  and $-16, %rsp
  call ocapdLoadInterpreter
  mov %rbx, %rsp
  xor %edx, %edx
  jmp *%rax
  .size ocapdEntry, . - ocapdEntry
)");
