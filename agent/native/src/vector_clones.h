#pragma once

// For loops written for the vectoriser: on x86 a second copy for AVX2 is made. On Linux the loader chooses between them;
// Windows has no such thing, there the call does: `GC_VECTORISED(f)(...)`.
#if defined(__x86_64__) && defined(__linux__)
#define GC_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#define GC_VECTORISED(function) function
#elif defined(__x86_64__)
#define GC_VECTOR_CLONES inline __attribute__((always_inline))
#define GC_VECTORISED(function) ::gc::vectorised<function>

namespace gc {

template <auto function, typename... Arguments>
__attribute__((target("avx2"), noinline)) auto with_avx2(Arguments... arguments) {
  return function(arguments...);
}

template <auto function, typename... Arguments>
auto vectorised(Arguments... arguments) {
  return __builtin_cpu_supports("avx2") ? with_avx2<function>(arguments...) : function(arguments...);
}

}  // namespace gc
#else
#define GC_VECTOR_CLONES
#define GC_VECTORISED(function) function
#endif
