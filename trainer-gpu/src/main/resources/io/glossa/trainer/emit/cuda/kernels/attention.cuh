// Self-attention inside chunks with relative positions, of all keys or of those near by: a block has a head of a chunk, and in it 16 rows for each of its
// warps; it meets the keys 32 at a time, and has the greatest score, the sum of the weights, and that of the weighted values.
#ifndef GL_ATTENTION
#define GL_ATTENTION
#include "attention_scores.cuh"

// y [N·c, d], what GlLogSums has, and zeros to the end of the row ← q, r, k, v [N·c, d], p [distances, d], keys [N·c]; then N, c,
// heads, d, left, right, the tiles of rows in a chunk, and how far apart the rows of k lie, and those of v.
template <int S, int E, bool BAND = false>
GL_FN void gl_chunk_attention(const int64_t* a) {
    const int PITCH = GlHead<S>::PITCH;
    GL_SHARED(shared);
    gl_bf16* const memory = (gl_bf16*)shared;
    const GlSpan<BAND> place(a + 7, a[13], blockIdx.x);
    const uint8_t* const keys = (const uint8_t*)a[6] + place.n * place.chunk;
    const int row = place.row() + gl_warp() * GL_ROWS;
    GlMet<S, E, BAND> met(a, a[14], place, memory);

    uint32_t r[S][4];
    met.operands(r, a);
    // Finite where a row may see no key of its first tiles.
    const float lowest = BAND ? -1e30f : -INFINITY;
    float sum[2 * S][4], top[2] = {lowest, lowest}, total[2] = {0, 0};
    gl_clear(sum);
    met.begin();
    for (int t = place.begin(place.left); t < place.end(place.right); ++t) {
        const unsigned counted = gl_counted(keys, t * GL_KEYS, place.chunk);
        met.await(t);
        if (row < place.chunk) {
            float w[4][4];
            met.scores(w, r, t);
            gl_masked(w, counted, place, row, t * GL_KEYS);
            const float before[2] = {top[0], top[1]};
            gl_top(top, w);
            const float factor[2] = {
                    gl_power((before[0] - top[0]) * GL_LOG2_E), gl_power((before[1] - top[1]) * GL_LOG2_E)};
            total[0] *= factor[0], total[1] *= factor[1];
#pragma unroll
            for (int i = 0; i < 2 * S; ++i) {
                sum[i][0] *= factor[0], sum[i][1] *= factor[0], sum[i][2] *= factor[1], sum[i][3] *= factor[1];
            }
#pragma unroll
            for (int b = 0; b < 4; ++b) {
#pragma unroll
                for (int e = 0; e < 4; ++e) {
                    w[b][e] = gl_power((w[b][e] - top[e / 2]) * GL_LOG2_E);
                    total[e / 2] += w[b][e];
                }
            }
#pragma unroll
            for (int n = 0; n < 2; ++n) {
                uint32_t left[4];
                gl_operand(left, w[2 * n], w[2 * n + 1]);
                gl_add<S>(sum, left, met.value(t) + n * 16 * PITCH + gl_left_row<S>());
            }
        }
        met.ring.leave();
    }
    __syncthreads();
    total[0] = gl_of_row(total[0]), total[1] = gl_of_row(total[1]);
    const GlLogSums<BAND> sums(a[0], place, (int)blockIdx.y);
#pragma unroll
    for (int i = 0; i < 2; ++i) {
        const int mine = row + gl_lane() / 4 + 8 * i;
        if (gl_lane() % 4 == 0 && mine < place.chunk) {
            sums.put(mine, top[i] > GL_LOWEST ? top[i] + gl_log(total[i]) : GL_LOWEST);
        }
    }
    if (blockIdx.x == 0 && blockIdx.y == 0) {
        const int kept = 2 * place.heads * place.chunks * place.chunk;
        for (int i = (int)threadIdx.x; i < (kept + place.width - 1) / place.width * place.width - kept; i += (int)blockDim.x) {
            ((gl_bf16*)a[0])[place.elements() + kept + i] = 0;
        }
    }
    gl_bf16* const mine = memory + gl_warp() * GL_ROWS * PITCH;
    gl_lay<S>(mine, sum, 1 / total[0], 1 / total[1]);
    gl_send<S, E>((gl_bf16*)a[0] + place.start(place.width) + (int64_t)row * place.width, mine, place.chunk - row, place);
}
#endif
