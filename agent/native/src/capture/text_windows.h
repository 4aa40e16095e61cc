#pragma once

#include <string>

namespace gc {

std::string utf8(const wchar_t* text);

/** What the last call of Windows failed with, for a message: "error 5". */
std::string last_error();

}  // namespace gc
