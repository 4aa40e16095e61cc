#pragma once

// For loops written for the vectoriser: on x86 a second copy for AVX2 is chosen when the library loads.
#if defined(__x86_64__) && defined(__linux__)
#define GC_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define GC_VECTOR_CLONES
#endif
