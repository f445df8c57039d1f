// Gradients of r: products of the gradients of scores, by distance, with p.
#ifndef GL_ATTENTION_DR
#define GL_ATTENTION_DR
#include "attention_weights.cuh"

// Gradients by key, as words of a left operand, become gradients by distance, against gl_by_key: column x of row i is column
// x - 15 + i of [y0, y1, y2], the last of which has the same number.
GL_FN void gl_by_distance(uint32_t& upper, uint32_t& lower, const uint32_t* y0, const uint32_t* y1, const uint32_t* y2) {
    const int t = gl_lane() % 4, shift = 7 - gl_lane() / 4, quad = gl_lane() - t;
    const bool crossed = shift % 2, even = 2 * t + shift < 8, odd = crossed ? 2 * t + 1 + shift < 8 : even;
    const int first = quad + (t + 8 - (shift + 1) / 2) % 4, second = quad + (t + 8 - shift / 2) % 4;
    const uint32_t upperFirst = __shfl_sync(GL_ALL, odd ? y1[0] : y0[0], first);
    const uint32_t upperSecond = __shfl_sync(GL_ALL, even ? y1[0] : y0[0], second);
    const uint32_t lowerFirst = __shfl_sync(GL_ALL, odd ? y2[1] : y1[1], first);
    const uint32_t lowerSecond = __shfl_sync(GL_ALL, even ? y2[1] : y1[1], second);
    upper = crossed ? upperFirst >> 16 | upperSecond << 16 : upperFirst;
    lower = crossed ? lowerFirst >> 16 | lowerSecond << 16 : lowerFirst;
}

// dr, the second rows ← as gl_attention_dqkv. A block meets the distances as those of gl_attention_weights do.
template <int S, int E, bool BAND = false>
GL_FN void gl_attention_dr(const int64_t* a) {
    const int PITCH = GlHead<S>::PITCH;
    GL_SHARED(shared);
    gl_bf16* const memory = (gl_bf16*)shared;
    const GlSpan<BAND> place(a + 10, a[17], blockIdx.x);
    const GlKept<BAND> kept(a[9], place, place.n, (int)blockIdx.y);
    const int row = place.row() + gl_warp() * GL_ROWS;
    GlRing<S, E, BAND> ring(a, place, memory);

    // Of the 16 keys before a tile, and of its two halves.
    uint32_t before[4] = {0, 0, 0, 0}, ds[2][4];
    float sum[2 * S][4];
    gl_clear(sum);
    // For 16 distances, `x` places behind this warp's first, from 32 keys.
    const auto add = [&](const uint32_t (&low)[4], const uint32_t (&high)[4], int x) {
        uint32_t left[4];
        gl_by_distance(left[0], left[1], low, low + 2, high);
        gl_by_distance(left[2], left[3], low + 2, high, high + 2);
        gl_add<S>(sum, left, ring.distance(x, gl_left_line()) + gl_left_column());
    };
    ring.begin();
    ring.bring(place.begin(place.left));
    gl_copy_close();
    for (int t = place.begin(place.left); t < place.end(place.right); ++t) {
        kept.take(ds[0], kept.slopes, row, t * GL_KEYS);
        kept.take(ds[1], kept.slopes, row, t * GL_KEYS + 16);
        gl_copy_wait<0>();
        __syncthreads();
        if (t + 1 < place.end(place.right)) {
            ring.bring(t + 1);
            gl_copy_close();
        }
        if (row < place.chunk) {
            add(before, ds[0], 0);
            add(ds[0], ds[1], 16);
        }
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            before[i] = ds[1][i];
        }
        ring.leave();
    }
    if (row < place.chunk) {
        const uint32_t none[4] = {0, 0, 0, 0};
        add(before, none, 0);
    }
    __syncthreads();
    gl_bf16* const mine = memory + gl_warp() * GL_ROWS * PITCH;
    gl_lay<S>(mine, sum, 1, 1);
    gl_send<S, E>(
            (gl_bf16*)a[0] + place.elements() + place.first + (int64_t)row * place.width, mine, place.chunk - row, place);
}
#endif
