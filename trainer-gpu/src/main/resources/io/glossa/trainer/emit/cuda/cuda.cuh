// All that only a CUDA compiler understands. Kernels are written in the names declared here and in CUDA's own for threads,
// shared memory, barriers and the exchange between the lanes of a warp.
#pragma once

#ifdef __CUDACC_RTC__
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long long int64_t;
typedef unsigned long long uint64_t;
#define INT32_MIN (-2147483647 - 1)
#define INFINITY __int_as_float(0x7f800000)
#define NAN __int_as_float(0x7fffffff)
#else
#include <cmath>
#include <cstdint>
#endif

#define GL_FN static __device__ __forceinline__

// The arguments of a kernel: addresses and numbers.
template <int N>
struct GlArgs {
    int64_t v[N];
};

// What the compiler is held to: so many threads in a block, and registers for as many blocks as a multiprocessor has room
// for at 128 each, as it else may spill for the sake of more. A header whose kernels need more defines it anew.
#define GL_BOUNDS(threads) threads, ((threads) >= 512 ? 1 : 512 / (threads))

// Begins the definition of a kernel of so many arguments, in an array `a`, and so many threads a block.
#define GL_KERNEL(name, count, threads) \
    extern "C" __global__ void __launch_bounds__(GL_BOUNDS(threads)) name(const __grid_constant__ GlArgs<count> gl_args)
#define GL_ARGUMENTS const int64_t* const a = gl_args.v;

// The shared memory that a launch asks for beside what a kernel declares; aligned to 128 bytes.
#define GL_SHARED(name) extern __shared__ __align__(128) unsigned char name[]

// The nearest float whose lower half is zero, ties to even.
#define GL_HAS_ROUND
GL_FN float gl_round(float x) {
    uint16_t half;
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(half) : "f"(x));
    return __uint_as_float((uint32_t)half << 16);
}

// 2^x within 2 ulp; 0 below -126.
#define GL_HAS_POWER
GL_FN float gl_power(float x) {
    float power;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x));
    return power;
}

// 16 bytes, for wide loads and stores.
typedef uint4 gl_16;
typedef uint2 gl_8;

// Asks for what lies at an address in global memory, so that it is in the second-level cache when it is read.
GL_FN void gl_ask(const void* p) { asm volatile("prefetch.global.L2 [%0];" ::"l"(__cvta_generic_to_global(p))); }

// Says that an address is a multiple of so many bytes, where something watches that.
#define GL_ALIGNED(p, bytes)

// d [16, 8] += a [16, 16] · b [16, 8] in bf16 with sums in float, by one warp. Lane 4·g + t holds
// a: rows g, g + 8 at columns 2t, 2t + 1 (a[0], a[1]), and at columns 2t + 8, 2t + 9 (a[2], a[3]);
// b: rows 2t, 2t + 1 (b[0]) and 2t + 8, 2t + 9 (b[1]) of column g;
// d: row g at columns 2t, 2t + 1 (d[0], d[1]), row g + 8 (d[2], d[3]). The lower half of a word is the earlier element.
GL_FN void gl_mma(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
    asm volatile(
            "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
            : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
            : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

GL_FN uint32_t gl_shared_address(const void* p) { return (uint32_t)__cvta_generic_to_shared(p); }

// Four 8 × 8 matrices of 16-bit elements from shared memory: lane i gives the address of 16 bytes, row i % 8 of matrix i / 8,
// and receives in r[m] the two elements of row lane / 4 of matrix m at columns 2·(lane % 4) and the next.
GL_FN void gl_matrices(uint32_t (&r)[4], const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(gl_shared_address(row))
                 : "memory");
}

// The same with each matrix transposed.
GL_FN void gl_matrices_turned(uint32_t (&r)[4], const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(gl_shared_address(row))
                 : "memory");
}

// Starts to copy 16 bytes to shared memory, or to fill them with zeros where the source is not inside; both addresses are
// multiples of 16.
GL_FN void gl_copy_16(void* shared, const void* source, bool inside) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(gl_shared_address(shared)), "l"(source),
                 "r"(inside ? 16 : 0)
                 : "memory");
}

// Closes a group of copies; waits until all but the last so many groups have arrived for this thread.
GL_FN void gl_copy_close() { asm volatile("cp.async.commit_group;" ::: "memory"); }

template <int N>
GL_FN void gl_copy_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory");
}

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 890
// F8 in hardware: the nearest that there is, as it is stored, and the value of one.
#define GL_HAS_F8
GL_FN uint8_t gl_f8_of(float x) {
    uint16_t two;
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(two) : "f"(0.0f), "f"(x));
    return (uint8_t)two;
}

GL_FN float gl_f8_value(uint8_t bits) {
    uint32_t two;
    float x;
    asm("cvt.rn.f16x2.e4m3x2 %0, %1;" : "=r"(two) : "h"((uint16_t)bits));
    asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"((uint16_t)two));
    return x;
}
#endif

// Two numbers as bf16, the first in the lower half of the word.
GL_FN uint32_t gl_pair(float low, float high) {
    uint32_t pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
}
