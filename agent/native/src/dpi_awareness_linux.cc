#include "dpi_awareness.h"

namespace gc {

// X11 never scales.
void see_true_pixels() {}

}  // namespace gc
