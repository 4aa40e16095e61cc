#include <windows.h>

#include "thread_priority.h"

namespace gc {

// Of this thread alone: Windows lets no thread inherit it, so slices that the encoder codes beside it do not stand back.
void stand_back(int niceness) {
  if (niceness <= 0) return;
  SetThreadPriority(GetCurrentThread(), niceness < 10 ? THREAD_PRIORITY_BELOW_NORMAL : THREAD_PRIORITY_LOWEST);
}

}  // namespace gc
