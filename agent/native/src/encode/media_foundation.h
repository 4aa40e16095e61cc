#pragma once

#include <memory>

#include "encoder.h"

namespace gc {

/**
 * The computer's own H.264 encoder, preferably that of its graphics card. Throws std::runtime_error, as all its calls
 * may, and may take as long as a driver likes: use it behind GuardedEncoder. One thread makes, uses and ends it.
 */
std::unique_ptr<Encoder> create_media_foundation_encoder(const Size& size, const Settings& settings);

}  // namespace gc
