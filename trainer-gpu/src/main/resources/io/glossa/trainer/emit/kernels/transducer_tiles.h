// Products of tiles, lanes and functions of lanes. Operands of products are arrays of units of 32 bits: one float, or a pair of
// bf16 that are neighbours along the summed axis.
#ifndef GLOSSA_TRANSDUCER_TILES_H
#define GLOSSA_TRANSDUCER_TILES_H
#include <immintrin.h>
#include <cstring>
#include "lanes.h"

static const int64_t GLOSSA_STRIP = GLOSSA_LANES;
static const int64_t GLOSSA_PANEL = 3 * GLOSSA_STRIP;  // columns of a tile

static inline GlossaLanes glossa_get(const float* x) { return *(const GlossaLanesAnywhere*)x; }
static inline void glossa_put(float* x, GlossaLanes v) { *(GlossaLanesAnywhere*)x = v; }
static inline void glossa_put(int32_t* x, GlossaInts v) { *(GlossaIntsAnywhere*)x = v; }

// The first lanes of memory, then zeros.
static inline GlossaLanes glossa_some(const float* x, int64_t count) {
    if (count >= GLOSSA_STRIP) {
        return glossa_get(x);
    }
    GlossaLanes v = {};
    memcpy(&v, x, count * sizeof(float));
    return v;
}

// Adds the first lanes to memory.
static inline void glossa_add(float* x, GlossaLanes v, int64_t count) {
    if (count >= GLOSSA_STRIP) {
        glossa_put(x, glossa_get(x) + v);
        return;
    }
    for (int64_t i = 0; i < count; ++i) {
        x[i] += v[i];
    }
}

struct GlossaOnes {
    typedef float Element;
    static const int64_t PER_UNIT = 1;
    static int32_t unit(float x, float) { return __builtin_bit_cast(int32_t, x); }
    static void pair(GlossaLanes x, GlossaLanes, int32_t* out) { glossa_put(out, (GlossaInts)x); }
    static void line(GlossaLanes x, int32_t* out) { glossa_put(out, (GlossaInts)x); }
    static GlossaLanes add(GlossaLanes sum, int32_t a, GlossaInts b) {
        return sum + (GlossaLanes)b * __builtin_bit_cast(float, a);
    }
};

struct GlossaPairs {
    typedef gl_bf16 Element;
    static const int64_t PER_UNIT = 2;
    static int32_t unit(gl_bf16 x, gl_bf16 next) { return (int32_t)((uint32_t)next << 16 | x); }

    // Bits of floats whose lower half is rounded away.
    static GlossaInts rounded(GlossaLanes x) {
        const GlossaInts bits = (GlossaInts)x;
        return (bits + 0x7fff + (bits >> 16 & 1)) & (int32_t)0xffff0000;
    }

    // A unit of each lane of the one and the other.
    static void pair(GlossaLanes x, GlossaLanes next, int32_t* out) {
        glossa_put(out, rounded(next) | (rounded(x) >> 16 & 0xffff));
    }

    // Units of neighbouring lanes.
    static void line(GlossaLanes x, int32_t* out) {
        const GlossaInts bits = rounded(x);
        uint16_t* half = (uint16_t*)out;
        for (int i = 0; i < GLOSSA_STRIP; ++i) {
            half[i] = (uint16_t)((uint32_t)bits[i] >> 16);
        }
    }

    static GlossaLanes add(GlossaLanes sum, int32_t a, GlossaInts b) {
#ifdef __AVX512BF16__
        return (GlossaLanes)_mm512_dpbf16_ps((__m512)sum, (__m512bh)_mm512_set1_epi32(a), (__m512bh)b);
#else
        const float low = gl_widen((gl_bf16)a), high = gl_widen((gl_bf16)((uint32_t)a >> 16));
        return sum + (GlossaLanes)(b << 16) * low + (GlossaLanes)(b & (int32_t)0xffff0000) * high;
#endif
    }
};

// Lines × lanes · NR sums over units k of a[m·AM + k·AK] and b[k·panel + n], and over panels that lie as far apart as said.
template <class P, int NR, int AM, int AK>
static inline void glossa_tile_sums(
        const int32_t* a, int64_t aPanel, const int32_t* b, int64_t k, int64_t panels, float* c) {
    GlossaLanes sum[GLOSSA_TILE_LINES][NR];
#pragma GCC unroll 8
    for (int m = 0; m < GLOSSA_TILE_LINES; ++m) {
#pragma GCC unroll 3
        for (int n = 0; n < NR; ++n) {
            sum[m][n] = GlossaLanes{};
        }
    }
    for (int64_t panel = 0; panel < panels; ++panel, a += aPanel) {
        const int32_t* unit = a;
        for (int64_t i = 0; i < k; ++i, unit += AK, b += GLOSSA_PANEL) {
            GlossaInts column[NR];
#pragma GCC unroll 3
            for (int n = 0; n < NR; ++n) {
                column[n] = *(const GlossaIntsAnywhere*)(b + n * GLOSSA_STRIP);
            }
#pragma GCC unroll 8
            for (int m = 0; m < GLOSSA_TILE_LINES; ++m) {
#pragma GCC unroll 3
                for (int n = 0; n < NR; ++n) {
                    sum[m][n] = P::add(sum[m][n], unit[m * AM], column[n]);
                }
            }
        }
    }
#pragma GCC unroll 8
    for (int m = 0; m < GLOSSA_TILE_LINES; ++m) {
#pragma GCC unroll 3
        for (int n = 0; n < NR; ++n) {
            glossa_put(c + m * GLOSSA_PANEL + n * GLOSSA_STRIP, sum[m][n]);
        }
    }
}

// Lines become lanes, and lanes lines.
template <int STEP>
static inline void glossa_swap(GlossaLanes* x) {
    GlossaInts first, second;
#pragma GCC unroll 16
    for (int l = 0; l < GLOSSA_STRIP; ++l) {
        first[l] = l & STEP ? GLOSSA_STRIP + l - STEP : l;
        second[l] = l & STEP ? GLOSSA_STRIP + l : l + STEP;
    }
#pragma GCC unroll 16
    for (int i = 0; i < GLOSSA_STRIP; ++i) {
        if (!(i & STEP)) {
            const GlossaLanes a = x[i], b = x[i + STEP];
            x[i] = __builtin_shuffle(a, b, first);
            x[i + STEP] = __builtin_shuffle(a, b, second);
        }
    }
}

static inline void glossa_turn(GlossaLanes* x) {
    if (GLOSSA_STRIP > 8) {
        glossa_swap<GLOSSA_STRIP / 2>(x);
    }
    glossa_swap<4>(x);
    glossa_swap<2>(x);
    glossa_swap<1>(x);
}

// As gl_exp.
static inline GlossaLanes glossa_exp(GlossaLanes x) {
    const GlossaLanes least = GlossaLanes{} - 87.3f, most = GlossaLanes{} + 89.0f;
    x = least > x ? least : x;
    x = most < x ? most : x;
    const GlossaLanes n = (x * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
    GlossaLanes r = x - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    GlossaLanes p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const GlossaInts half = (__builtin_convertvector(n, GlossaInts) + 126) << 23;
    return (p + p) * (GlossaLanes)half;
}

static inline GlossaLanes glossa_log(GlossaLanes x) {
    for (int i = 0; i < GLOSSA_STRIP; ++i) {
        x[i] = gl_log(x[i]);
    }
    return x;
}

static inline GlossaLanes glossa_tanh(GlossaLanes x) { return 1.0f - 2.0f / (glossa_exp(x + x) + 1.0f); }
#endif
