#include <windows.h>

#include <delayimp.h>
#include <string.h>

// The addon's functions of Node are imported from `node.exe`, by that name alone. Whatever the program that loaded us is
// called, it is the one that has them: so they are looked up at the first call, in there.
static FARPROC WINAPI find_node(unsigned event, PDelayLoadInfo info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}

extern "C" PfnDliHook __pfnDliNotifyHook2;
PfnDliHook __pfnDliNotifyHook2 = find_node;
