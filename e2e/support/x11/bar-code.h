/*
 * A frame's number as black and white cells from left to right: one white, one black (so that a reader can tell
 * the code from the picture), then the number's low 12 bits, highest first, then their parity. Read by
 * e2e/support/bar-code.ts.
 */
#ifndef GC_E2E_BAR_CODE_H
#define GC_E2E_BAR_CODE_H

#include <stdint.h>

enum { BAR_BITS = 12, BAR_CELLS = BAR_BITS + 3, BAR_CELL_WIDTH = 8, BAR_BANDS = 9 };

static inline uint32_t bar_colour(unsigned frame, int cell) {
  unsigned number = frame & ((1u << BAR_BITS) - 1);
  unsigned bit;
  if (cell == 0) bit = 1;
  else if (cell == 1) bit = 0;
  else if (cell < BAR_BITS + 2) bit = number >> (BAR_BITS + 1 - cell) & 1;
  else bit = (unsigned)__builtin_parity(number);
  return bit ? 0xffffff : 0x000000;
}

#endif
