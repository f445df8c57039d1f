// Vectors of as many floats as a register has, whatever the processor: wider ones a compiler takes apart, mostly in memory.
#ifndef GLOSSA_LANES_H
#define GLOSSA_LANES_H
#include <cstdint>

// Lanes, and as many lines of a tile of three registers each as leave some for its operands.
#ifdef __AVX512F__
#define GLOSSA_LANES 16
#define GLOSSA_TILE_LINES 8
#else
#define GLOSSA_LANES 8
#define GLOSSA_TILE_LINES 4
#endif

typedef float GlossaLanes __attribute__((vector_size(4 * GLOSSA_LANES)));
typedef int32_t GlossaInts __attribute__((vector_size(4 * GLOSSA_LANES)));
typedef float GlossaLanesAnywhere __attribute__((vector_size(4 * GLOSSA_LANES), aligned(4)));
typedef int32_t GlossaIntsAnywhere __attribute__((vector_size(4 * GLOSSA_LANES), aligned(4)));
#endif
