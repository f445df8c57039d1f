// Gradients of the distances: products over the rows of all chunks.
#ifndef GL_ATTENTION_DP
#define GL_ATTENTION_DP
#include "attention_weights.cuh"

// Eight neighbours from element `shift` of sixteen on.
GL_FN gl_16 gl_shifted(const gl_16& low, const gl_16& high, int shift) {
    uint32_t w[8] = {low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w};
#pragma unroll
    for (int i = 0; i < 6; ++i) {
        w[i] = shift & 4 ? i + 2 < 8 ? w[i + 2] : 0 : w[i];
    }
#pragma unroll
    for (int i = 0; i < 5; ++i) {
        w[i] = shift & 2 ? w[i + 1] : w[i];
    }
#pragma unroll
    for (int i = 0; i < 4; ++i) {
        w[i] = shift & 1 ? w[i] >> 16 | w[i + 1] << 16 : w[i];
    }
    return gl_16{w[0], w[1], w[2], w[3]};
}

// Eight neighbours along the distances, from `distance` on, of gradients by key of a row of a chunk.
template <bool BAND>
GL_FN gl_16 gl_of_distances(const GlKept<BAND>& kept, int row, int distance, int chunk) {
    const int j = distance - kept.left + row, block = j >> 3;
    gl_16 part[2];
#pragma unroll
    for (int b = 0; b < 2; ++b) {
        part[b] = row < chunk && block + b >= 0 && kept.has(row / 8, block + b)
                ? ((const gl_16*)(kept.slopes + kept.at(row / 8, block + b)))[row % 8]
                : gl_16{0, 0, 0, 0};
    }
    return gl_shifted(part[0], part[1], j & 7);
}

// [parts, heads, distances, 16·S] behind what is kept ← the same; then tiles of distances, chunks of a part, and parts: dp,
// summed over a part of the chunks. A block has a tile of the distances of a head, and a part.
template <int S, int E, bool BAND = false>
GL_FN void gl_attention_dp(const int64_t* a) {
    const int PITCH = GlHead<S>::PITCH;
    GL_SHARED(shared);
    // What is a chunk elsewhere is a part here.
    const GlSpan<BAND> place(a + 10, a[18], blockIdx.x);
    const int head = (int)blockIdx.y, c = place.chunk, all = place.distances();
    const int distances = place.rows(), first = place.tile * distances, mine = first + gl_warp() * GL_ROWS;
    // Rows that meet these distances.
    const int begin = gl_max(0, place.left + 1 - first - distances) / GL_KEYS * GL_KEYS;
    const int end = gl_min(c, c + place.left - first);
    const int tiles = (end - begin + GL_KEYS - 1) / GL_KEYS;
    const int from = (int)(place.n * a[19]), count = gl_min(place.chunks - from, (int)a[19]) * tiles;
    const int pitch = distances + 8, frames = GL_KEYS * PITCH;
    gl_bf16* const r = (gl_bf16*)shared;
    gl_bf16* const ds = r + 2 * frames;  // [2, 32, pitch]

    const auto bring = [&](int i) {
        const gl_bf16* const source = (const gl_bf16*)a[2] + (int64_t)(from + i / tiles) * c * place.width + place.column;
        gl_bring<S, E>(r + i % 2 * frames, 0, GL_KEYS, source, place.width, begin + i % tiles * GL_KEYS, GL_KEYS, c, place);
    };
    // Of the 8 · 8 a thread has two, in rows that are 16 apart.
    const int line = (int)threadIdx.x / (distances / 8), column = (int)threadIdx.x % (distances / 8) * 8;
    gl_16 next[2];
    const auto fetch = [&](int i) {
        const GlKept<BAND> kept(a[9], place, from + i / tiles, head);
        const int row = begin + i % tiles * GL_KEYS + line;
        next[0] = gl_of_distances(kept, row, first + column, c);
        next[1] = gl_of_distances(kept, row + 16, first + column, c);
    };

    float sum[2 * S][4];
    gl_clear(sum);
    bring(0);
    gl_copy_close();
    fetch(0);
    for (int i = 0; i < count; ++i) {
        gl_bf16* const left = ds + i % 2 * GL_KEYS * pitch;
        *(gl_16*)(left + line * pitch + column) = next[0];
        *(gl_16*)(left + (line + 16) * pitch + column) = next[1];
        gl_copy_wait<0>();
        __syncthreads();
        if (i + 1 < count) {
            bring(i + 1);
            gl_copy_close();
            fetch(i + 1);
        }
#pragma unroll
        for (int n = 0; n < 2; ++n) {
            const int row = begin + i % tiles * GL_KEYS + n * 16;
            if (row < c && mine + 15 + row + 15 >= place.left && mine + row < c + place.left) {
                uint32_t operand[4];
                gl_matrices_turned(
                        operand, left + (n * 16 + gl_right_line()) * pitch + gl_warp() * GL_ROWS + gl_right_column());
                gl_add<S>(sum, operand, r + i % 2 * frames + n * 16 * PITCH + gl_left_row<S>());
            }
        }
    }
    const GlKept<BAND> behind(a[9], place, place.chunks, 0);
    float* const out = (float*)behind.weights + (place.n * place.heads + head) * all * 16 * S;
#pragma unroll
    for (int k = 0; k < 2 * S; ++k) {
#pragma unroll
        for (int i = 0; i < 2; ++i) {
            const int distance = mine + gl_lane() / 4 + 8 * i;
            if (distance < all) {
                float* const to = out + distance * 16 * S + 8 * k + gl_lane() % 4 * 2;
                *(float2*)to = make_float2(sum[k][2 * i], sum[k][2 * i + 1]);
            }
        }
    }
}

// dp: the last rows ← the same; a thread has an element.
template <int S, bool BAND = false>
GL_FN void gl_attention_dp_sum(const int64_t* a) {
    const GlSpan<BAND> place(a + 10, 1, 0);
    const int all = place.distances();
    const int64_t i = (int64_t)blockIdx.x * blockDim.x + threadIdx.x;
    if (i < (int64_t)all * place.width) {
        const int column = (int)(i % place.width);
        const GlKept<BAND> behind(a[9], place, place.chunks, 0);
        const float* const from = (const float*)behind.weights
                + ((int64_t)(column / place.size) * all + i / place.width) * 16 * S + column % place.size;
        float sum = 0;
        for (int part = 0; part < (int)a[20]; ++part) {
            sum += from[(int64_t)part * place.heads * all * 16 * S];
        }
        gl_put((gl_bf16*)a[0] + 4 * place.elements() + i, sum);
    }
}
#endif
