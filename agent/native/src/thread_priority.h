#pragma once

namespace gc {

/** Lets the calling thread stand back behind others, as nice(1) counts. Refused, it only competes as it did. */
void stand_back(int niceness);

}  // namespace gc
