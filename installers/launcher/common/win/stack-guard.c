#include <windows.h>

#include <stdint.h>

/*
 * What the compiler's stack protector and its checked functions call. Not libssp's: that one asks the old cryptography
 * of Windows for its number, which keeps megabytes of libraries in every process from its start.
 */
extern uintptr_t __stack_chk_guard;
void __stack_chk_fail(void);
void __chk_fail(void);

uintptr_t __stack_chk_guard;

/** As Microsoft's own run-time library makes its number, from what nobody outside knows exactly. */
__attribute__((constructor(101), no_stack_protector)) static void make_guard(void) {
  LARGE_INTEGER counter;
  FILETIME time;
  QueryPerformanceCounter(&counter);
  GetSystemTimeAsFileTime(&time);
  uint64_t value = (uint64_t)counter.QuadPart * 0x9E3779B97F4A7C15u;
  value ^= ((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime) * 0xD1B54A32D192ED03u;
  value ^= (uint64_t)GetCurrentProcessId() << 32 ^ GetCurrentThreadId() ^ GetTickCount64();
  // Where stack and program lie differs from start to start.
  value ^= (uint64_t)(uintptr_t)&counter ^ (uint64_t)(uintptr_t)&__stack_chk_guard << 16;
  value ^= value >> 29;
  // A zero byte ends what overflows by copying text.
  __stack_chk_guard = (uintptr_t)(value & ~(uint64_t)0xFF);
}

__attribute__((noreturn)) void __stack_chk_fail(void) {
  // STATUS_STACK_BUFFER_OVERRUN, and nothing that would need the stack.
  TerminateProcess(GetCurrentProcess(), 0xC0000409u);
  __builtin_trap();
}

__attribute__((noreturn)) void __chk_fail(void) { __stack_chk_fail(); }
