// What every kernel on a GPU may call beside prelude.h: wide loads and stores, and sums over threads in a fixed order.
#pragma once

// The arguments and the block of the kernel that this block works for, of several with so many arguments each that are launched at
// once: a[0] is a table of both for each block of the launch, a[1] where the arguments are.
#define GL_PART(a, count)                                                          \
    (const int64_t*)(a)[1] + (int64_t)((const int2*)(a)[0])[blockIdx.x].x * (count), \
            (unsigned)((const int2*)(a)[0])[blockIdx.x].y

static const int GL_WARP = 32;
static const unsigned GL_ALL = 0xffffffffu;

// A number of four bits of exponent and three of fraction, without infinities.
struct gl_f8 {
    uint8_t bits;
};

#ifndef GL_HAS_F8
// The nearest, ties to even; beyond 448 it is 448.
GL_FN uint8_t gl_f8_of(float x) {
    const uint32_t bits = __builtin_bit_cast(uint32_t, x), size = bits & 0x7fffffffu, sign = bits >> 24 & 0x80;
    if (size > 0x7f800000u) {
        return 0x7f;
    }
    if (size >= 0x43e00000u) {
        return (uint8_t)(sign | 0x7e);
    }
    // Below 2^-6 numbers are multiples of 2^-9, which the addition rounds to.
    const float small = gl_abs(x) + 16384.0f;
    const uint32_t kept = size < 0x3c800000u ? __builtin_bit_cast(uint32_t, small) - 0x46800000u
                                             : (size + 0x7ffff + (size >> 20 & 1) >> 20) - 0x3c0;
    return (uint8_t)(sign | kept);
}

GL_FN float gl_f8_value(uint8_t f8) {
    const uint32_t sign = (uint32_t)(f8 & 0x80) << 24, size = f8 & 0x7f;
    const float x = size == 0x7f ? NAN
            : size < 8           ? size * (1.0f / 512)
                                 : __builtin_bit_cast(float, size + 0x3c0 << 20);
    return __builtin_bit_cast(float, __builtin_bit_cast(uint32_t, x) | sign);
}
#endif

GL_FN float gl_widen(gl_f8 x) { return gl_f8_value(x.bits); }
GL_FN float gl_round_f8(float x) { return gl_f8_value(gl_f8_of(x)); }

GL_FN float gl_value(float x) { return x; }
GL_FN float gl_value(gl_f8 x) { return gl_widen(x); }
GL_FN float gl_value(gl_bf16 x) { return gl_widen(x); }
GL_FN int32_t gl_value(int32_t x) { return x; }
GL_FN int32_t gl_value(uint8_t x) { return x; }

GL_FN void gl_put(float* p, float x) { *p = x; }
GL_FN void gl_put(gl_bf16* p, float x) { *p = gl_narrow(gl_round(x)); }
GL_FN void gl_put(gl_f8* p, float x) { p->bits = gl_f8_of(x); }
GL_FN void gl_put(int32_t* p, int32_t x) { *p = x; }
GL_FN void gl_put(uint8_t* p, int32_t x) { *p = (uint8_t)x; }

// The widest word that holds so many bytes.
template <int B>
struct GlWord {
    typedef gl_16 type;
};
template <>
struct GlWord<1> {
    typedef uint8_t type;
};
template <>
struct GlWord<2> {
    typedef uint16_t type;
};
template <>
struct GlWord<4> {
    typedef uint32_t type;
};
template <>
struct GlWord<8> {
    typedef gl_8 type;
};

// N neighbours in memory as values; the address is a multiple of their size, or of 16.
template <int N, typename T, typename V>
GL_FN void gl_load(const T* p, V (&out)[N]) {
    typedef typename GlWord<N * sizeof(T)>::type Word;
    GL_ALIGNED(p, sizeof(Word));
    const int words = N * sizeof(T) / sizeof(Word), each = sizeof(Word) / sizeof(T);
#pragma unroll
    for (int w = 0; w < words; ++w) {
        union {
            Word word;
            T element[each];
        } u;
        u.word = ((const Word*)p)[w];
#pragma unroll
        for (int i = 0; i < each; ++i) {
            out[w * each + i] = gl_value(u.element[i]);
        }
    }
}

template <int N, typename T, typename V>
GL_FN void gl_store(T* p, const V (&in)[N]) {
    typedef typename GlWord<N * sizeof(T)>::type Word;
    GL_ALIGNED(p, sizeof(Word));
    const int words = N * sizeof(T) / sizeof(Word), each = sizeof(Word) / sizeof(T);
#pragma unroll
    for (int w = 0; w < words; ++w) {
        union {
            Word word;
            T element[each];
        } u;
#pragma unroll
        for (int i = 0; i < each; ++i) {
            gl_put(&u.element[i], in[w * each + i]);
        }
        ((Word*)p)[w] = u.word;
    }
}

struct GlSum {
    template <typename T>
    static __device__ T of(T a, T b) {
        return a + b;
    }
};

struct GlMax {
    template <typename T>
    static __device__ T of(T a, T b) {
        return a < b ? b : a;
    }
};

// One value of all threads of a group of P neighbours, a warp or the block; every thread receives it.
template <class F, int P, typename T>
GL_FN T gl_reduce(T x) {
#pragma unroll
    for (int step = GL_WARP / 2; step > 0; step /= 2) {
        x = F::of(x, __shfl_xor_sync(GL_ALL, x, step));
    }
    if (P > GL_WARP) {
        __shared__ T part[P / GL_WARP];
        __syncthreads();
        if (threadIdx.x % GL_WARP == 0) {
            part[threadIdx.x / GL_WARP] = x;
        }
        __syncthreads();
        x = part[0];
#pragma unroll
        for (int i = 1; i < P / GL_WARP; ++i) {
            x = F::of(x, part[i]);
        }
    }
    return x;
}

template <typename T, int M, int N>
GL_FN void gl_fill(T (&s)[M][N], T value) {
#pragma unroll
    for (int i = 0; i < M; ++i) {
#pragma unroll
        for (int j = 0; j < N; ++j) {
            s[i][j] = value;
        }
    }
}

// Sums over the L threads that have the same columns, threads t, t + X, t + 2·X, ... of a block, in that order; the first of
// them receives it. Each has N values.
template <class F, int X, int L, typename T, int N>
GL_FN void gl_reduce_lines(T (&s)[N]) {
    __shared__ T part[L][N][X];
    const int x = threadIdx.x % X, line = threadIdx.x / X;
    __syncthreads();
#pragma unroll
    for (int v = 0; v < N; ++v) {
        part[line][v][x] = s[v];
    }
    __syncthreads();
    if (line == 0) {
#pragma unroll
        for (int v = 0; v < N; ++v) {
            for (int other = 1; other < L; ++other) {
                s[v] = F::of(s[v], part[other][v][x]);
            }
        }
    }
}
