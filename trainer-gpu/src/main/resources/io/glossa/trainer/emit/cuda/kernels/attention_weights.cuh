// The weights of attention.cuh again, and the gradients of the scores, for the gradients that are products with them.
#ifndef GL_ATTENTION_WEIGHTS
#define GL_ATTENTION_WEIGHTS
#include "attention_scores.cuh"

// Weights, and gradients of the scores, of a head of a chunk: [2, rows / 8, keys / 8] matrices of 8 × 8, each together, as
// gl_matrices takes them; rows and keys are filled up to 16. With BAND, rows lie `across` matrices apart, each from the first
// key on that it has, which is no earlier one than that of the row before.
template <bool BAND>
struct GlKept {
    static const int MATRIX = 64;

    const int left, right, blocks, across, each;
    gl_bf16* const weights;
    gl_bf16* const slopes;

    __device__ __forceinline__ GlKept(int64_t workspace, const GlSpan<BAND>& place, int64_t n, int head)
        : left(place.left), right(place.right), blocks((place.chunk + GL_ROWS - 1) / GL_ROWS * 2),
          across(BAND ? gl_min(blocks, 2 * ((left + right + 2 * GL_ROWS - 2) / GL_ROWS + 1)) : blocks),
          each(BAND ? across + 1 : blocks),
          weights((gl_bf16*)workspace + (n * place.heads + head) * 2 * blocks * each * MATRIX),
          slopes(weights + (int64_t)blocks * each * MATRIX) {}

    __device__ __forceinline__ int at(int rows, int keys) const { return (rows * across + keys) * MATRIX; }

    __device__ __forceinline__ bool has(int rows, int keys) const { return rows < blocks && hasOf(rows, keys); }

    // Whether rows of the chunk have this matrix: 16 rows have the keys of which one of them sees some of 16.
    __device__ __forceinline__ bool hasOf(int rows, int keys) const {
        const int further = (keys / 2 - rows / 2) * GL_ROWS, most = GL_ROWS - 1;
        return keys < blocks && (!BAND || (unsigned)(further + left + most) <= (unsigned)(left + right + 2 * most));
    }

    // A warp's left operand of 16 rows and 16 keys, or nothing where it has none.
    __device__ __forceinline__ void keep(gl_bf16* to, const uint32_t (&a)[4], int row, int key) const {
        if (hasOf(row / 8, key / 8)) {
            uint32_t* const words = (uint32_t*)(to + at(row / 8, key / 8)) + gl_lane();
            words[0] = a[0], words[MATRIX / 2] = a[2];
            words[across * MATRIX / 2] = a[1], words[(across + 1) * MATRIX / 2] = a[3];
        }
    }

    __device__ __forceinline__ void take(uint32_t (&a)[4], const gl_bf16* from, int row, int key) const {
        if (has(row / 8, key / 8)) {
            const uint32_t* const words = (const uint32_t*)(from + at(row / 8, key / 8)) + gl_lane();
            a[0] = words[0], a[2] = words[MATRIX / 2];
            a[1] = words[across * MATRIX / 2], a[3] = words[(across + 1) * MATRIX / 2];
        } else {
            a[0] = a[1] = a[2] = a[3] = 0;
        }
    }
};

// The product of two pairs of bf16 numbers.
GL_FN float gl_dot(uint32_t a, uint32_t b) {
    return gl_widen((gl_bf16)a) * gl_widen((gl_bf16)b) + gl_widen((gl_bf16)(a >> 16)) * gl_widen((gl_bf16)(b >> 16));
}

// sum [16] = the product of each of a warp's rows, as a left operand, with the same of a block's in shared memory.
template <int S>
GL_FN void gl_of_rows(float (&sum)[2], const uint32_t (&a)[S][4], const gl_bf16* rows) {
    uint32_t b[S][4];
    gl_take_rows<S>(b, rows);
#pragma unroll
    for (int i = 0; i < 2; ++i) {
        sum[i] = 0;
#pragma unroll
        for (int k = 0; k < S; ++k) {
            sum[i] += gl_dot(a[k][i], b[k][i]) + gl_dot(a[k][i + 2], b[k][i + 2]);
        }
        sum[i] = gl_of_row(sum[i]);
    }
}

// What is kept, in the workspace ← q, r, k, v, p, keys, dy, what gl_chunk_attention returned; workspace; N, c, heads, d,
// left, right, tiles of rows in a chunk, and, behind four more numbers, how far apart the rows of k lie, and those of v. The mean of a row's gradients, each with its weight, is the product of dy and y.
template <int S, int E, bool BAND = false>
GL_FN void gl_attention_weights(const int64_t* a) {
    GL_SHARED(shared);
    gl_bf16* const memory = (gl_bf16*)shared;
    const GlSpan<BAND> place(a + 10, a[16], blockIdx.x);
    const GlKept<BAND> kept(a[9], place, place.n, (int)blockIdx.y);
    const uint8_t* const keys = (const uint8_t*)a[6] + place.n * place.chunk;
    const int row = place.row() + gl_warp() * GL_ROWS;
    GlMet<S, E, BAND> met(a, a[21], place, memory);

    uint32_t r[S][4], dy[S][4];
    float mean[2], logSum[2];
    gl_bring_rows<S, E>(memory, a[7], place);
    met.operands(r, a);
    gl_take_rows<S>(dy, memory);
    __syncthreads();
    gl_bring_rows<S, E>(memory, a[8], place);
    gl_copy_close();
    gl_copy_wait<0>();
    __syncthreads();
    gl_of_rows<S>(mean, dy, memory);
    __syncthreads();
    const GlLogSums<BAND> sums(a[8], place, (int)blockIdx.y);
#pragma unroll
    for (int i = 0; i < 2; ++i) {
        const int mine = row + gl_lane() / 4 + 8 * i;
        logSum[i] = mine < place.chunk ? sums.at(mine) : 0;
    }

    met.begin();
    for (int t = place.begin(place.left); t < place.end(place.right); ++t) {
        const unsigned counted = gl_counted(keys, t * GL_KEYS, place.chunk);
        met.await(t);
        if (row < place.chunk) {
            float w[4][4];
            met.scores(w, r, t);
            gl_masked(w, counted, place, row, t * GL_KEYS);
#pragma unroll
            for (int n = 0; n < 2; ++n) {
                float ds[2][4];
                const gl_bf16* const values[1] = {met.value(t) + n * 16 * GlHead<S>::PITCH + gl_right_row<S>()};
                gl_clear(ds);
                gl_dots<S, 1>(ds, dy, values);
#pragma unroll
                for (int b = 0; b < 2; ++b) {
#pragma unroll
                    for (int e = 0; e < 4; ++e) {
                        const int j = 8 * (2 * n + b) + gl_lane() % 4 * 2 + e % 2;
                        float& weight = w[2 * n + b][e];
                        weight = gl_power((weight - logSum[e / 2]) * GL_LOG2_E);
                        ds[b][e] = counted >> j & 1 ? weight * (ds[b][e] - mean[e / 2]) : 0.0f;
                    }
                }
                uint32_t left[4];
                gl_operand(left, w[2 * n], w[2 * n + 1]);
                kept.keep(kept.weights, left, row, t * GL_KEYS + 16 * n);
                gl_operand(left, ds[0], ds[1]);
                kept.keep(kept.slopes, left, row, t * GL_KEYS + 16 * n);
            }
        }
        met.ring.leave();
    }
}
#endif
