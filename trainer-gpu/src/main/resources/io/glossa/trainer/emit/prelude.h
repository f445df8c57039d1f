// What every emitted kernel may call, on a processor or a GPU. Written so that a compiler can turn each function into vector
// code.
#pragma once
#ifndef GL_FN
#include <cmath>
#include <cstdint>
#define GL_FN static inline

alignas(64) static const float gl_zeros[8192] = {};
#endif

// The upper half of a float.
typedef uint16_t gl_bf16;

GL_FN float gl_widen(gl_bf16 x) { return __builtin_bit_cast(float, (uint32_t)x << 16); }

#ifndef GL_HAS_ROUND
// The nearest float whose lower half is zero, ties to even.
GL_FN float gl_round(float x) {
    const uint32_t bits = __builtin_bit_cast(uint32_t, x);
    const uint32_t near = x == x ? bits + 0x7fff + (bits >> 16 & 1) : bits;
    return __builtin_bit_cast(float, near & 0xffff0000u);
}
#endif

// One of the two such floats around x, the one away from zero with the probability of what is cut off; u is in [0, 1). What is
// finite stays so.
GL_FN float gl_round_randomly(float x, float u) {
    const uint32_t bits = __builtin_bit_cast(uint32_t, x);
    const uint32_t size = bits & 0x7fffffffu;
    const uint32_t raised = size + (uint32_t)(int32_t)(u * 65536.0f);
    const uint32_t kept = raised >= 0x7f800000u ? size : raised;
    return __builtin_bit_cast(float, ((bits ^ size) | kept) & 0xffff0000u);
}

// Of a rounded float.
GL_FN gl_bf16 gl_narrow(float x) { return (gl_bf16)(__builtin_bit_cast(uint32_t, x) >> 16); }

// A product that is rounded before it is added to anything: one that is fused with the addition of nothing is not fused again.
#ifdef __CUDA_ARCH__
GL_FN float gl_mul(float x, float y) { return __fmul_rn(x, y); }
#elif defined(__FP_FAST_FMAF)
GL_FN float gl_mul(float x, float y) { return __builtin_fmaf(x, y, -0.0f); }
#else
GL_FN float gl_mul(float x, float y) { return x * y; }
#endif
GL_FN int32_t gl_mul(int32_t x, int32_t y) { return x * y; }

GL_FN float gl_abs(float x) { return fabsf(x); }
GL_FN int32_t gl_abs(int32_t x) { return x < 0 ? -x : x; }
GL_FN float gl_max(float a, float b) { return a > b ? a : b; }
GL_FN int32_t gl_max(int32_t a, int32_t b) { return a > b ? a : b; }
GL_FN float gl_min(float a, float b) { return a < b ? a : b; }
GL_FN int32_t gl_min(int32_t a, int32_t b) { return a < b ? a : b; }

#ifdef GL_HAS_POWER
// e^x within 3 ulp, by the hardware's 2^x; the error of the exponent's product is made good afterwards. What is 0, infinite
// or no number stays so, which infinity times 0 would not.
GL_FN float gl_exp(float x) {
    const float y = x * 1.44269504088896341f;
    const float rest = fmaf(x, 1.92596303e-8f, fmaf(x, 1.44269504088896341f, -y));
    const float power = gl_power(y);
    return fmaf(power, fabsf(y) < 128.0f ? rest * 0.693147180559945309f : 1.0f, power);
}
#else
// e^x within 2 ulp; 0 below -86.9 and infinity above 88.7.
GL_FN float gl_exp(float x) {
    const float above = -87.3f > x ? -87.3f : x;
    const float y = 89.0f < above ? 89.0f : above;
    const float n = floorf(y * 1.44269504088896341f + 0.5f);
    float r = y - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    // Half of 2^n, since 2^128 is no float.
    const float half = __builtin_bit_cast(float, ((int32_t)n + 126) << 23);
    return (p + p) * half;
}
#endif

// Natural logarithm within 2 ulp; -infinity at 0, NaN below.
GL_FN float gl_log(float x) {
    const bool tiny = x < 1.17549435e-38f;
    const float scaled = tiny ? x * 8388608.0f : x;
    const int32_t bits = __builtin_bit_cast(int32_t, scaled);
    int32_t e = ((bits >> 23) & 255) - 126 - (tiny ? 23 : 0);
    float m = __builtin_bit_cast(float, (bits & 0x007fffff) | 0x3f000000);
    const bool low = m < 0.707106781186547524f;
    e = low ? e - 1 : e;
    m = low ? m + m - 1.0f : m - 1.0f;
    const float z = m * m;
    float p = 7.0376836292e-2f;
    p = p * m - 1.1514610310e-1f;
    p = p * m + 1.1676998740e-1f;
    p = p * m - 1.2420140846e-1f;
    p = p * m + 1.4249322787e-1f;
    p = p * m - 1.6668057665e-1f;
    p = p * m + 2.0000714765e-1f;
    p = p * m - 2.4999993993e-1f;
    p = p * m + 3.3333331174e-1f;
    const float f = (float)e;
    float y = m * z * p - 2.12194440e-4f * f - 0.5f * z;
    y = m + y + 0.693359375f * f;
    y = x == INFINITY ? INFINITY : y;
    return x > 0.0f ? y : x == 0.0f ? -INFINITY : NAN;
}

// cos(x - quadrant·π/2 ...): the argument is brought to [-π/4, π/4]; within 2 ulp of 1 for |x| < 8192.
GL_FN float gl_cos_shifted(float x, int32_t quadrants) {
    const float n = floorf(x * 0.636619772367581f + 0.5f);
    float r = x - n * 1.5703125f;
    r = r - n * 4.837512969970703125e-4f;
    r = r - n * 7.54978995489188216e-8f;
    const float z = r * r;
    const float c = 1.0f - 0.5f * z
            + z * z * (4.166664568298827e-2f + z * (-1.388731625493765e-3f + z * 2.443315711809948e-5f));
    const float s = r + r * z * (-1.6666654611e-1f + z * (8.3321608736e-3f + z * -1.9515295891e-4f));
    const int32_t q = ((int32_t)n + quadrants) & 3;
    const float y = (q & 1) ? s : c;
    return (q == 1 || q == 2) ? -y : y;
}

GL_FN float gl_cos(float x) { return gl_cos_shifted(x, 0); }
GL_FN float gl_sin(float x) { return gl_cos_shifted(x, 3); }

// Philox 4x32-10: key (seed, purpose), counter (index / 4, stream); see Philox.java.
GL_FN float gl_uniform(int32_t seed, int32_t stream, int64_t purpose, int64_t index) {
    uint32_t c0 = (uint32_t)(index >> 2), c1 = (uint32_t)((uint64_t)index >> 34), c2 = (uint32_t)stream, c3 = 0;
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)purpose;
    for (int round = 0; round < 10; ++round) {
        const uint64_t p0 = (uint64_t)0xD2511F53u * c0;
        const uint64_t p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    const int64_t word = index & 3;
    const uint32_t low = (word & 1) ? c1 : c0, high = (word & 1) ? c3 : c2;
    return (float)((int32_t)(((word & 2) ? high : low) >> 8)) * 0x1p-24f;
}
