#include <stdexcept>

#include "media_foundation.h"

namespace gc {

std::unique_ptr<Encoder> create_media_foundation_encoder(const Size&, const Settings&) {
  throw std::runtime_error("only Windows has it");
}

}  // namespace gc
