// Tiles of products, 64 × 64 by a block of 256 threads, whose operands are computed as they are laid into shared memory: in bf16
// on tensor cores, in float without.
#ifndef GL_TRANSDUCER_TILES
#define GL_TRANSDUCER_TILES

static const int GL_TILE = 64;
static const int GL_TILE_THREADS = 256;
static const int GL_TILE_DEPTH = 32;

// Where a thread's 16 results lie in the tile: i counts through gl_mma's four, of four blocks of 8 columns.
GL_FN int gl_tile_row(int i) { return threadIdx.x / 64 * 16 + threadIdx.x % GL_WARP / 4 + i % 4 / 2 * 8; }
GL_FN int gl_tile_column(int i) {
    return threadIdx.x / GL_WARP % 2 * 32 + i / 4 * 8 + threadIdx.x % 4 * 2 + i % 2;
}

template <typename T>
struct GlTile;

template <>
struct GlTile<gl_bf16> {
    static const int PITCH = GL_TILE_DEPTH + 8;  // 8 rows of a matrix lie in different banks
    alignas(16) gl_bf16 left[GL_TILE * PITCH], right[GL_TILE * PITCH];

    __device__ void add(float (&sum)[16]) const {
        const int lane = threadIdx.x % GL_WARP;
        const gl_bf16* const a = left + (threadIdx.x / 64 * 16 + lane % 16) * PITCH + lane / 16 * 8;
        const gl_bf16* const b =
                right + (threadIdx.x / GL_WARP % 2 * 32 + lane % 8 + lane / 16 * 8) * PITCH + lane / 8 % 2 * 8;
#pragma unroll
        for (int k = 0; k < GL_TILE_DEPTH; k += 16) {
            uint32_t x[4];
            gl_matrices(x, a + k);
#pragma unroll
            for (int n = 0; n < 2; ++n) {
                uint32_t y[4];
                gl_matrices(y, b + n * 16 * PITCH + k);
                const uint32_t even[2] = {y[0], y[1]}, odd[2] = {y[2], y[3]};
                part(sum + 8 * n, x, even);
                part(sum + 8 * n + 4, x, odd);
            }
        }
    }

    static __device__ void part(float* sum, const uint32_t (&x)[4], const uint32_t (&y)[2]) {
        float d[4] = {sum[0], sum[1], sum[2], sum[3]};
        gl_mma(d, x, y);
        sum[0] = d[0], sum[1] = d[1], sum[2] = d[2], sum[3] = d[3];
    }
};

template <>
struct GlTile<float> {
    static const int PITCH = GL_TILE_DEPTH + 1;
    float left[GL_TILE * PITCH], right[GL_TILE * PITCH];

    __device__ void add(float (&sum)[16]) const {
        for (int k = 0; k < GL_TILE_DEPTH; ++k) {
            const float upper = left[gl_tile_row(0) * PITCH + k], lower = left[gl_tile_row(2) * PITCH + k];
#pragma unroll
            for (int i = 0; i < 16; ++i) {
                sum[i] += (i % 4 / 2 ? lower : upper) * right[gl_tile_column(i) * PITCH + k];
            }
        }
    }
};

// sum = left · right over k from `begin` to `end`: left(line, k) and right(column, k) are values, zero where there are none. Where
// an operand says TURNED, neighbouring lines are neighbours in memory, else neighbouring k. Before each step all threads call
// left.step(k).
template <typename T, class Left, class Right>
GL_FN void gl_tile(float (&sum)[16], Left& left, const Right& right, int64_t begin, int64_t end) {
    __shared__ GlTile<T> tile;
#pragma unroll
    for (int i = 0; i < 16; ++i) {
        sum[i] = 0;
    }
    for (int64_t k = begin; k < end; k += GL_TILE_DEPTH) {
        __syncthreads();
        left.step(k);
#pragma unroll
        for (int i = threadIdx.x; i < GL_TILE * GL_TILE_DEPTH; i += GL_TILE_THREADS) {
            const int row = Left::TURNED ? i % GL_TILE : i / GL_TILE_DEPTH;
            const int a = Left::TURNED ? i / GL_TILE : i % GL_TILE_DEPTH;
            gl_put(&tile.left[row * GlTile<T>::PITCH + a], k + a < end ? left(row, k + a) : 0.0f);
            const int column = Right::TURNED ? i % GL_TILE : i / GL_TILE_DEPTH;
            const int c = Right::TURNED ? i / GL_TILE : i % GL_TILE_DEPTH;
            gl_put(&tile.right[column * GlTile<T>::PITCH + c], k + c < end ? right(column, k + c) : 0.0f);
        }
        __syncthreads();
        tile.add(sum);
    }
}
#endif
