// Stands in for cuda.cuh where kernels are compiled for a processor: the same names with the same meaning, so that what a
// kernel computes can be known without a GPU. It comes after fibers.h, and is for compilers that let words of different
// types lie at one address (-fno-strict-aliasing). It is stricter than a GPU: wide accesses that are not aligned and
// writes behind the shared memory of a launch are found, that memory starts as NaN, and copies to it leave NaN there at once
// and arrive no sooner than somebody waits for them.
#pragma once

#define GL_FN static inline
#define __device__
#define __forceinline__ inline
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __shared__ static thread_local

// A kernel is a function of its arguments and of a launch: blocks along x, y and z, threads, bytes of shared memory.
#define GL_KERNEL(name, count, threads)                                       \
    static void name##_body(const int64_t* gl_args);                          \
    extern "C" void name(const int64_t* a, const int64_t* launch) {           \
        gl_launch(#name, name##_body, a, launch, threads);                    \
    }                                                                         \
    static void name##_body(const int64_t* gl_args)
#define GL_ARGUMENTS const int64_t* const a = gl_args;
#define GL_SHARED(name) unsigned char* const name = gl_block->shared

struct alignas(8) int2 {
    int x, y;
};
struct alignas(8) uint2 {
    unsigned x, y;
};
struct alignas(8) float2 {
    float x, y;
};
struct alignas(16) int4 {
    int x, y, z, w;
};
struct alignas(16) uint4 {
    unsigned x, y, z, w;
};
struct alignas(16) float4 {
    float x, y, z, w;
};
static inline int2 make_int2(int x, int y) { return {x, y}; }
static inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
static inline float2 make_float2(float x, float y) { return {x, y}; }
static inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
static inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
static inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

#define GL_HAS_POWER
static inline float gl_power(float x) { return x < -126.0f ? 0.0f : exp2f(x); }

typedef uint4 gl_16;
typedef uint2 gl_8;

static inline void gl_ask(const void*) {}

#define GL_ALIGNED(p, bytes) gl_aligned(p, bytes, __LINE__)
static inline void gl_aligned(const void* p, int bytes, int line) {
    if ((uintptr_t)p % bytes) {
        char text[96];
        snprintf(text, sizeof text, "at line %d %d bytes are accessed at an address that ends in %u", line, bytes,
                 (unsigned)((uintptr_t)p % 16));
        gl_fail(text, "a multiple of their number");
    }
}

struct GlExchange {
    uint64_t value, result;
    int source;
};

static inline void gl_exchanged(void* const (&operands)[32], unsigned mask) {
    for (unsigned left = mask; left; left &= left - 1) {
        auto* lane = (GlExchange*)operands[__builtin_ctz(left)];
        lane->result = mask >> lane->source & 1 ? ((GlExchange*)operands[lane->source])->value : ~0ull;
    }
}

template <typename T>
static inline T gl_exchange(unsigned mask, T value, int source, int line) {
    static_assert(sizeof(T) == 4 || sizeof(T) == 8, "lanes exchange words");
    GlExchange x{0, 0, source};
    memcpy(&x.value, &value, sizeof value);
    gl_meet(gl_exchanged, &x, mask, line);
    memcpy(&value, &x.result, sizeof value);
    return value;
}

template <typename T>
static inline T __shfl_sync(unsigned mask, T x, int source, int width = 32, int line = __builtin_LINE()) {
    const int lane = threadIdx.x % 32;
    return gl_exchange(mask, x, (lane & -width) + (source & (width - 1)), line);
}
template <typename T>
static inline T __shfl_up_sync(unsigned mask, T x, unsigned by, int width = 32, int line = __builtin_LINE()) {
    const int lane = threadIdx.x % 32;
    return gl_exchange(mask, x, lane % width < (int)by ? lane : lane - (int)by, line);
}
template <typename T>
static inline T __shfl_down_sync(unsigned mask, T x, unsigned by, int width = 32, int line = __builtin_LINE()) {
    const int lane = threadIdx.x % 32;
    return gl_exchange(mask, x, lane % width + (int)by < width ? lane + (int)by : lane, line);
}
template <typename T>
static inline T __shfl_xor_sync(unsigned mask, T x, int with, int width = 32, int line = __builtin_LINE()) {
    const int lane = threadIdx.x % 32, source = lane ^ with;
    return gl_exchange(mask, x, source < (lane & -width) + width ? source : lane, line);
}

static inline void gl_nothing(void* const (&)[32], unsigned) {}
static inline void __syncwarp(unsigned mask = ~0u, int line = __builtin_LINE()) {
    gl_meet(gl_nothing, nullptr, mask, line);
}

static inline void gl_counted(void* const (&operands)[32], unsigned mask) {
    unsigned all = 0;
    for (unsigned left = mask; left; left &= left - 1) {
        const int i = __builtin_ctz(left);
        all |= *(unsigned*)operands[i] ? 1u << i : 0u;
    }
    for (unsigned left = mask; left; left &= left - 1) {
        *(unsigned*)operands[__builtin_ctz(left)] = all;
    }
}
static inline unsigned __ballot_sync(unsigned mask, int holds, int line = __builtin_LINE()) {
    unsigned x = holds != 0;
    gl_meet(gl_counted, &x, mask, line);
    return x;
}
static inline int __any_sync(unsigned mask, int holds, int line = __builtin_LINE()) {
    return __ballot_sync(mask, holds, line) != 0;
}
static inline int __all_sync(unsigned mask, int holds, int line = __builtin_LINE()) {
    return __ballot_sync(mask, holds, line) == mask;
}

struct GlProduct {
    float* d;
    const uint32_t *a, *b;
};

static inline float gl_half(uint32_t word, int upper) {
    const uint32_t bits = upper ? word & 0xffff0000u : word << 16;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void gl_multiplied(void* const (&operands)[32], unsigned) {
    float a[16][16], b[16][8], d[16][8];
    for (int lane = 0; lane < 32; ++lane) {
        const auto* x = (const GlProduct*)operands[lane];
        const int g = lane / 4, t = lane % 4;
        for (int i = 0; i < 8; ++i) {
            a[g + 8 * (i / 2 % 2)][2 * t + i % 2 + 8 * (i / 4)] = gl_half(x->a[i / 2], i % 2);
        }
        for (int i = 0; i < 4; ++i) {
            b[2 * t + i % 2 + 8 * (i / 2)][g] = gl_half(x->b[i / 2], i % 2);
            d[g + 8 * (i / 2)][2 * t + i % 2] = x->d[i];
        }
    }
    for (int i = 0; i < 16; ++i) {
        for (int k = 0; k < 16; ++k) {
            for (int j = 0; j < 8; ++j) {
                d[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    for (int lane = 0; lane < 32; ++lane) {
        for (int i = 0; i < 4; ++i) {
            ((GlProduct*)operands[lane])->d[i] = d[lane / 4 + 8 * (i / 2)][2 * (lane % 4) + i % 2];
        }
    }
}
static inline void gl_mma(
        float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], int line = __builtin_LINE()) {
    GlProduct x{d, a, b};
    gl_meet(gl_multiplied, &x, ~0u, line);
}

static inline uint32_t gl_shared_address(const void* p) { return (uint32_t)(uintptr_t)p; }

struct GlMatrices {
    const uint16_t* row;
    uint32_t* r;
};

template <bool turned>
static void gl_fetched(void* const (&operands)[32], unsigned) {
    for (int lane = 0; lane < 32; ++lane) {
        for (int m = 0; m < 4; ++m) {
            uint32_t pair[2];
            for (int i = 0; i < 2; ++i) {
                const int x = lane / 4, y = 2 * (lane % 4) + i;
                pair[i] = ((const GlMatrices*)operands[m * 8 + (turned ? y : x)])->row[turned ? x : y];
            }
            ((GlMatrices*)operands[lane])->r[m] = pair[0] | pair[1] << 16;
        }
    }
}
static inline void gl_matrices(uint32_t (&r)[4], const void* row, int line = __builtin_LINE()) {
    gl_aligned(row, 16, line);
    GlMatrices x{(const uint16_t*)row, r};
    gl_meet(gl_fetched<false>, &x, ~0u, line);
}
static inline void gl_matrices_turned(uint32_t (&r)[4], const void* row, int line = __builtin_LINE()) {
    gl_aligned(row, 16, line);
    GlMatrices x{(const uint16_t*)row, r};
    gl_meet(gl_fetched<true>, &x, ~0u, line);
}

static inline void gl_copy_16(void* shared, const void* source, bool inside, int line = __builtin_LINE()) {
    gl_aligned(shared, 16, line);
    gl_aligned(source, 16, line);
    memset(shared, 0xff, 16);
    gl_block->thread[gl_block->running].copies.push_back({shared, source, inside, false});
}
static inline void gl_copy_close() {
    gl_block->thread[gl_block->running].copies.push_back({nullptr, nullptr, false, true});
}
template <int N>
static inline void gl_copy_wait() {
    auto& copies = gl_block->thread[gl_block->running].copies;
    int groups = 0;
    for (const GlCopy& copy : copies) {
        groups += copy.closed;
    }
    size_t done = 0;
    while (groups > N) {
        const GlCopy copy = copies[done++];
        groups -= copy.closed;
        if (copy.inside) {
            memcpy(copy.to, copy.from, 16);
        } else if (copy.to) {
            memset(copy.to, 0, 16);
        }
    }
    copies.erase(copies.begin(), copies.begin() + done);
}

template <typename T, typename F>
static inline T gl_bits(F from) {
    static_assert(sizeof(T) == sizeof(F), "the same bits");
    T to;
    memcpy(&to, &from, sizeof to);
    return to;
}
static inline uint32_t gl_pair(float low, float high) {
    const auto half = [](float x) {
        const uint32_t bits = gl_bits<uint32_t>(x);
        return x == x ? (bits + 0x7fff + (bits >> 16 & 1)) >> 16 : 0x7fffu;
    };
    return half(low) | half(high) << 16;
}
static inline float __uint_as_float(unsigned x) { return gl_bits<float>(x); }
static inline float __int_as_float(int x) { return gl_bits<float>(x); }
static inline unsigned __float_as_uint(float x) { return gl_bits<unsigned>(x); }
static inline int __float_as_int(float x) { return gl_bits<int>(x); }
static inline int __popc(unsigned x) { return __builtin_popcount(x); }
static inline int __ffs(int x) { return __builtin_ffs(x); }
static inline int __clz(int x) { return x ? __builtin_clz((unsigned)x) : 32; }
static inline unsigned __brev(unsigned x) {
    unsigned y = 0;
    for (int i = 0; i < 32; ++i) {
        y |= (x >> i & 1) << (31 - i);
    }
    return y;
}
static inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
static inline int min(int a, int b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a < b ? b : a; }
static inline unsigned min(unsigned a, unsigned b) { return a < b ? a : b; }
static inline unsigned max(unsigned a, unsigned b) { return a < b ? b : a; }
static inline int64_t min(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t max(int64_t a, int64_t b) { return a < b ? b : a; }
static inline float min(float a, float b) { return fminf(a, b); }
static inline float max(float a, float b) { return fmaxf(a, b); }
