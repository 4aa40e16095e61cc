#pragma once

namespace gc {

/** Makes the process see the screen's own pixels, where the system would otherwise scale for it. */
void see_true_pixels();

}  // namespace gc
