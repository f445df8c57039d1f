// Gradients of q, k and v: products of what is kept with rows of a head.
#ifndef GL_ATTENTION_DQKV
#define GL_ATTENTION_DQKV
#include "attention_weights.cuh"

// dq, dk and dv: the first, third and fourth rows of [4·N·c + distances, d] ← what gl_attention_weights has, and what it keeps.
// Of three blocks the first has dq = slopes · k, the second dk = slopesᵀ · q, the third dv = weightsᵀ · dy.
template <int S, int E, bool BAND = false>
GL_FN void gl_attention_dqkv(const int64_t* a) {
    const int PITCH = GlHead<S>::PITCH;
    GL_SHARED(shared);
    gl_bf16* const memory = (gl_bf16*)shared;
    const int which = (int)(blockIdx.x % 3);
    const GlSpan<BAND> place(a + 10, a[17], blockIdx.x / 3);
    const GlKept<BAND> kept(a[9], place, place.n, (int)blockIdx.y);
    const gl_bf16* const left = which == 2 ? kept.weights : kept.slopes;
    const int pitch = which == 0 ? (int)a[21] : place.width;
    const gl_bf16* const right = (const gl_bf16*)(which == 0 ? a[3] : which == 1 ? a[1] : a[7]) + place.start(pitch);
    const int row = place.row() + gl_warp() * GL_ROWS;
    // A tile: 32 rows of the right operand; [4, across] matrices of the left one, the summed axis first.
    const int across = place.rows() / 8, matrices = GL_KEYS / 8 * across * GlKept<BAND>::MATRIX;
    const int rows = GL_KEYS * PITCH, stage = rows + matrices;
    // Tiles of keys that rows see, or of rows that see keys.
    const int begin = place.begin(which == 0 ? place.left : place.right), end = place.end(which == 0 ? place.right : place.left);

    const auto bring = [&](int t) {
        gl_bf16* const to = memory + t % 2 * stage;
        gl_bring<S, E>(to, 0, GL_KEYS, right, pitch, t * GL_KEYS, GL_KEYS, place.chunk, place);
        for (int i = (int)threadIdx.x; i < matrices / 8; i += (int)blockDim.x) {
            const int summed = t * GL_KEYS / 8 + i / 8 / across, other = place.row() / 8 + i / 8 % across;
            const int line = which == 0 ? other : summed, key = which == 0 ? summed : other;
            const bool inside = kept.has(line, key);
            gl_copy_16(to + rows + i * 8, left + (inside ? kept.at(line, key) + i % 8 * 8 : 0), inside);
        }
    };

    float sum[2 * S][4];
    gl_clear(sum);
    bring(begin);
    gl_copy_close();
    for (int t = begin; t < end; ++t) {
        gl_copy_wait<0>();
        __syncthreads();
        if (t + 1 < end) {
            bring(t + 1);
            gl_copy_close();
        }
        if (row < place.chunk) {
            const gl_bf16* const tile = memory + t % 2 * stage;
#pragma unroll
            for (int n = 0; n < 2; ++n) {
                const int matrix = (2 * n + gl_lane() / 16) * across + 2 * gl_warp() + gl_lane() / 8 % 2;
                const gl_bf16* const lines = tile + rows + matrix * GlKept<BAND>::MATRIX + gl_lane() % 8 * 8;
                uint32_t operand[4];
                if (which == 0) {
                    gl_matrices(operand, lines);
                } else {
                    gl_matrices_turned(operand, lines);
                }
                gl_add<S>(sum, operand, tile + n * 16 * PITCH + gl_left_row<S>());
            }
        }
    }
    __syncthreads();
    gl_bf16* const mine = memory + gl_warp() * GL_ROWS * PITCH;
    gl_lay<S>(mine, sum, 1, 1);
    gl_send<S, E>(
            (gl_bf16*)a[0] + (which == 0 ? 0 : which + 1) * place.elements() + place.first + (int64_t)row * place.width, mine,
            place.chunk - row, place);
}
#endif
