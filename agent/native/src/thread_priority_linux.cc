#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "thread_priority.h"

namespace gc {

// Threads that this one starts, the encoder's, stand back with it. Of a thread, in spite of the name: on Linux it has a
// scheduling entity of its own (setpriority(2), "C library/kernel differences").
void stand_back(int niceness) {
  if (niceness > 0) (void)setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), niceness);
}

}  // namespace gc
