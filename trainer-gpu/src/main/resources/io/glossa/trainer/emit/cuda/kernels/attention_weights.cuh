// The weights of attention.cuh again, and the gradients of the scores, for the gradients that are products with them.
#ifndef GL_ATTENTION_WEIGHTS
#define GL_ATTENTION_WEIGHTS
#include "attention_scores.cuh"

// Weights, and gradients of the scores, of a head of a chunk: [2, rows / 8, keys / 8] matrices of 8 × 8, each together, as
// gl_matrices takes them; rows and keys are filled up to 16.
struct GlKept {
    static const int MATRIX = 64;

    const int blocks;
    gl_bf16* const weights;
    gl_bf16* const slopes;

    __device__ __forceinline__ GlKept(int64_t workspace, const GlPlace& place, int64_t n, int head)
        : blocks((place.chunk + GL_ROWS - 1) / GL_ROWS * 2),
          weights((gl_bf16*)workspace + (n * place.heads + head) * 2 * blocks * blocks * MATRIX),
          slopes(weights + (int64_t)blocks * blocks * MATRIX) {}

    __device__ __forceinline__ int at(int rows, int keys) const { return (rows * blocks + keys) * MATRIX; }

    // A warp's left operand of 16 rows and 16 keys, or nothing beyond the chunk.
    __device__ __forceinline__ void keep(gl_bf16* to, const uint32_t (&a)[4], int row, int key) const {
        if (key / 8 < blocks) {
            uint32_t* const words = (uint32_t*)(to + at(row / 8, key / 8)) + gl_lane();
            words[0] = a[0], words[MATRIX / 2] = a[2];
            words[blocks * MATRIX / 2] = a[1], words[(blocks + 1) * MATRIX / 2] = a[3];
        }
    }

    __device__ __forceinline__ void take(uint32_t (&a)[4], const gl_bf16* from, int row, int key) const {
        if (row / 8 < blocks && key / 8 < blocks) {
            const uint32_t* const words = (const uint32_t*)(from + at(row / 8, key / 8)) + gl_lane();
            a[0] = words[0], a[2] = words[MATRIX / 2];
            a[1] = words[blocks * MATRIX / 2], a[3] = words[(blocks + 1) * MATRIX / 2];
        } else {
            a[0] = a[1] = a[2] = a[3] = 0;
        }
    }
};

// What is kept, in the workspace ← q, r, k, v, p, keys, dy; workspace; N, c, heads, d, tiles of rows in a chunk.
template <int S, int E>
GL_FN void gl_attention_weights(const int64_t* a) {
    GL_SHARED(shared);
    gl_bf16* const memory = (gl_bf16*)shared;
    const GlPlace place(a + 9, a[13], blockIdx.x);
    const GlKept kept(a[8], place, place.n, (int)blockIdx.y);
    const uint8_t* const keys = (const uint8_t*)a[6] + place.n * place.chunk;
    const int row = place.row() + gl_warp() * GL_ROWS;
    GlMet<S, E> met(a, place, memory);

    uint32_t q[S][4], r[S][4], dy[S][4];
    met.operands(q, r, a);
    gl_bring_rows<S, E>(memory, a[7], place);
    gl_copy_close();
    gl_copy_wait<0>();
    __syncthreads();
    gl_take_rows<S>(dy, memory);
    __syncthreads();

    // The greatest score of a row; the sum of its weights, and of these times their gradients.
    float top[2] = {-INFINITY, -INFINITY}, total[2] = {0, 0}, mean[2] = {0, 0};
    met.begin();
    for (int t = 0; t < place.count(); ++t) {
        const unsigned counted = gl_counted(keys, t * GL_KEYS, place.chunk);
        met.await(t);
        if (row < place.chunk) {
            float w[4][4], dw[4][4];
            met.scores(w, q, r, t);
            gl_masked(w, counted, place.chunk - t * GL_KEYS);
            gl_clear(dw);
            met.dots(dw, dy, met.value(t));
            const float before[2] = {top[0], top[1]};
            gl_top(top, w);
#pragma unroll
            for (int i = 0; i < 2; ++i) {
                const float factor = gl_power((before[i] - top[i]) * GL_LOG2_E);
                total[i] *= factor;
                mean[i] *= factor;
            }
#pragma unroll
            for (int b = 0; b < 4; ++b) {
#pragma unroll
                for (int e = 0; e < 4; ++e) {
                    const float x = gl_power((w[b][e] - top[e / 2]) * GL_LOG2_E);
                    total[e / 2] += x;
                    mean[e / 2] += x * dw[b][e];
                }
            }
        }
        met.leave();
    }
#pragma unroll
    for (int i = 0; i < 2; ++i) {
        total[i] = 1 / gl_of_row(total[i]);
        mean[i] = gl_of_row(mean[i]) * total[i];
    }

    met.begin();
    for (int t = 0; t < place.count(); ++t) {
        const unsigned counted = gl_counted(keys, t * GL_KEYS, place.chunk);
        met.await(t);
        if (row < place.chunk) {
            float w[4][4], ds[4][4];
            met.scores(w, q, r, t);
            gl_masked(w, counted, place.chunk - t * GL_KEYS);
            gl_clear(ds);
            met.dots(ds, dy, met.value(t));
#pragma unroll
            for (int b = 0; b < 4; ++b) {
#pragma unroll
                for (int e = 0; e < 4; ++e) {
                    const int j = 8 * b + gl_lane() % 4 * 2 + e % 2;
                    w[b][e] = gl_power((w[b][e] - top[e / 2]) * GL_LOG2_E) * total[e / 2];
                    ds[b][e] = counted >> j & 1 ? w[b][e] * (ds[b][e] - mean[e / 2]) : 0.0f;
                }
            }
#pragma unroll
            for (int n = 0; n < 2; ++n) {
                uint32_t left[4];
                gl_operand(left, w[2 * n], w[2 * n + 1]);
                kept.keep(kept.weights, left, row, t * GL_KEYS + 16 * n);
                gl_operand(left, ds[2 * n], ds[2 * n + 1]);
                kept.keep(kept.slopes, left, row, t * GL_KEYS + 16 * n);
            }
        }
        met.leave();
    }
}
#endif
