// Attention inside chunks on tensor cores: rows of a head in shared memory, and products of them by a warp. S is the size of a
// head in steps of 16, the last one filled with zeros; E is how many elements of a row in memory move at once. Fragments of
// operands and results are those of gl_mma.
#ifndef GL_ATTENTION_PIECES
#define GL_ATTENTION_PIECES

// Two blocks share a multiprocessor, so that one computes while the other waits.
#undef GL_BOUNDS
#define GL_BOUNDS(threads) threads, 2

static const int GL_ROWS = 16;  // of a warp
static const int GL_KEYS = 32;  // of a tile
static const float GL_LOG2_E = 1.44269504f;
static const float GL_LOWEST = -16384.0f;  // of scores that do not count, exact in bf16

// A row of a head in shared memory; 16 bytes more than its elements, so that 8 rows of a matrix lie in different banks.
template <int S>
struct GlHead {
    static const int PITCH = GL_ROWS * S + 8;
};

// What a block works on: numbers N, c, heads, d; tiles of rows in a chunk; its number among those of all chunks. Heads are
// the other axis of the grid.
struct GlPlace {
    int chunks, chunk, heads, width, size, tile, column;
    int64_t n, first;  // the chunk; its element of this head in [N·c, d]

    __device__ __forceinline__ GlPlace(const int64_t* numbers, int64_t tiles, unsigned block)
        : chunks((int)numbers[0]), chunk((int)numbers[1]), heads((int)numbers[2]), width((int)numbers[3]), size(width / heads),
          tile((int)(block % tiles)), column((int)blockIdx.y * size), n(block / tiles),
          first(start(width)) {}

    // The first element of this head in rows that lie so far apart.
    __device__ __forceinline__ int64_t start(int pitch) const { return n * chunk * pitch + column; }

    // Of q, and of every other array of frames.
    __device__ __forceinline__ int64_t elements() const { return (int64_t)chunks * chunk * width; }

    // Rows that the warps of a block have, and its first one.
    static __device__ __forceinline__ int rows() { return (int)blockDim.x / GL_WARP * GL_ROWS; }
    __device__ __forceinline__ int row() const { return tile * rows(); }

    // Tiles of 32 in a chunk.
    __device__ __forceinline__ int count() const { return (chunk + GL_KEYS - 1) / GL_KEYS; }
};

// The same, and which keys of its chunk a row sees: with BAND those from `left` before it to `right` after it, numbers left,
// right; else all.
template <bool BAND>
struct GlSpan : GlPlace {
    int left, right;

    __device__ __forceinline__ GlSpan(const int64_t* numbers, int64_t tiles, unsigned block)
        : GlPlace(numbers, tiles, block), left(BAND ? (int)numbers[4] : chunk - 1),
          right(BAND ? (int)numbers[5] : chunk - 1) {}

    __device__ __forceinline__ int distances() const { return BAND ? left + right + 1 : 2 * chunk - 1; }

    // Of the tiles that have what lies up to `before` and `after` of the block's rows, the first one, and that behind the last.
    __device__ __forceinline__ int begin(int before) const { return BAND ? gl_max(0, row() - before) / GL_KEYS : 0; }
    __device__ __forceinline__ int end(int after) const {
        return BAND ? (gl_min(chunk, row() + rows() + after) + GL_KEYS - 1) / GL_KEYS : count();
    }

    // Whether a row sees a key of its chunk.
    __device__ __forceinline__ bool sees(int i, int j) const {
        return !BAND || (unsigned)(j - i + left) < (unsigned)distances();
    }

    // How many keys a row sees.
    __device__ __forceinline__ int seen(int i) const {
        return BAND ? gl_min(chunk - 1, i + right) - gl_max(0, i - left) + 1 : chunk;
    }
};

GL_FN int gl_lane() { return (int)threadIdx.x % GL_WARP; }
GL_FN int gl_warp() { return (int)threadIdx.x / GL_WARP; }

// Where this lane finds its row for gl_matrices among 16: of a left operand; of a right one, if it is read turned.
GL_FN int gl_left_line() { return gl_lane() % 16; }
GL_FN int gl_left_column() { return gl_lane() / 16 * 8; }
template <int S>
GL_FN int gl_left_row() {
    return gl_left_line() * GlHead<S>::PITCH + gl_left_column();
}

// The same for the transpose of a right operand.
GL_FN int gl_right_line() { return gl_lane() % 8 + gl_lane() / 16 * 8; }
GL_FN int gl_right_column() { return gl_lane() / 8 % 2 * 8; }
template <int S>
GL_FN int gl_right_row() {
    return gl_right_line() * GlHead<S>::PITCH + gl_right_column();
}

template <int E>
struct GlMove {
    static __device__ __forceinline__ void run(gl_bf16* to, const gl_bf16* from, bool inside) {
        typedef typename GlWord<2 * E>::type Word;
        Word word = Word();
        if (inside) {
            word = *(const Word*)from;
        }
        *(Word*)to = word;
    }
};
template <>
struct GlMove<8> {
    static __device__ __forceinline__ void run(gl_bf16* to, const gl_bf16* from, bool inside) { gl_copy_16(to, from, inside); }
};

// Rows `row` to `row + count` of a matrix of `limit` rows `pitch` apart, zero outside it, to shared memory from row `at` of `depth`
// on, and from the first again behind the last.
template <int S, int E>
GL_FN void gl_bring(
        gl_bf16* to, int at, int depth, const gl_bf16* from, int pitch, int row, int count, int limit, const GlPlace& place) {
    const int each = GL_ROWS * S / E;
#pragma unroll 1
    for (int i = (int)threadIdx.x; i < count * each; i += (int)blockDim.x) {
        const int line = i / each, column = i % each * E, source = row + line;
        const int target = at + line < depth ? at + line : at + line - depth;
        const bool inside = source >= 0 && source < limit && column < place.size;
        GlMove<E>::run(
                to + target * GlHead<S>::PITCH + column, inside ? from + (int64_t)source * pitch + column : from, inside);
    }
}

// The rows of a block, of frames at this address.
template <int S, int E>
GL_FN void gl_bring_rows(gl_bf16* to, int64_t source, const GlPlace& place) {
    gl_bring<S, E>(
            to, 0, place.rows(), (const gl_bf16*)source + place.start(place.width), place.width, place.row(), place.rows(), place.chunk, place);
}

// A warp's 16 rows of a block's in shared memory as a left operand.
template <int S>
GL_FN void gl_take_rows(uint32_t (&a)[S][4], const gl_bf16* rows) {
#pragma unroll
    for (int k = 0; k < S; ++k) {
        gl_matrices(a[k], rows + gl_warp() * GL_ROWS * GlHead<S>::PITCH + gl_left_row<S>() + 16 * k);
    }
}

// `count` of a warp's 16 rows from shared memory.
template <int S, int E>
GL_FN void gl_send(gl_bf16* to, const gl_bf16* from, int count, const GlPlace& place) {
    typedef typename GlWord<2 * E>::type Word;
    const int each = GL_ROWS * S / E;
    for (int i = gl_lane(); i < GL_ROWS * each; i += GL_WARP) {
        const int line = i / each, column = i % each * E;
        if (line < count && column < place.size) {
            *(Word*)(to + (int64_t)line * place.width + column) = *(const Word*)(from + line * GlHead<S>::PITCH + column);
        }
    }
}

template <int N>
GL_FN void gl_clear(float (&x)[N][4]) {
#pragma unroll
    for (int i = 0; i < N; ++i) {
        x[i][0] = x[i][1] = x[i][2] = x[i][3] = 0;
    }
}

// sum [16, 16·N] += a [16, 16] · bᵀ, where b is N times 16 rows in shared memory, from `column` of this lane's row on.
template <int N>
GL_FN void gl_dots_of(float (&sum)[2 * N][4], const uint32_t (&a)[4], const gl_bf16* const (&b)[N], int column) {
#pragma unroll
    for (int n = 0; n < N; ++n) {
        uint32_t right[4];
        gl_matrices(right, b[n] + column);
        const uint32_t even[2] = {right[0], right[1]}, odd[2] = {right[2], right[3]};
        gl_mma(sum[2 * n], a, even);
        gl_mma(sum[2 * n + 1], a, odd);
    }
}

// sum [16, 16·N] += a [16, 16·S] · bᵀ, where b is N times 16 rows in shared memory, each from this lane's row on.
template <int S, int N>
GL_FN void gl_dots(float (&sum)[2 * N][4], const uint32_t (&a)[S][4], const gl_bf16* const (&b)[N]) {
#pragma unroll
    for (int k = 0; k < S; ++k) {
        gl_dots_of<N>(sum, a[k], b, 16 * k);
    }
}

// The same with a in shared memory, from this lane's row on.
template <int S, int N>
GL_FN void gl_dots(float (&sum)[2 * N][4], const gl_bf16* a, const gl_bf16* const (&b)[N]) {
#pragma unroll
    for (int k = 0; k < S; ++k) {
        uint32_t left[4];
        gl_matrices(left, a + 16 * k);
        gl_dots_of<N>(sum, left, b, 16 * k);
    }
}

// sum [16, 16·S] += a [16, 16] · b [16, 16·S], in shared memory from this lane's row on.
template <int S>
GL_FN void gl_add(float (&sum)[2 * S][4], const uint32_t (&a)[4], const gl_bf16* b) {
#pragma unroll
    for (int k = 0; k < S; ++k) {
        uint32_t right[4];
        gl_matrices_turned(right, b + 16 * k);
        const uint32_t even[2] = {right[0], right[1]}, odd[2] = {right[2], right[3]};
        gl_mma(sum[2 * k], a, even);
        gl_mma(sum[2 * k + 1], a, odd);
    }
}

// Two neighbouring blocks of 8 columns of a result, as a left operand.
GL_FN void gl_operand(uint32_t (&a)[4], const float (&even)[4], const float (&odd)[4]) {
    a[0] = gl_pair(even[0], even[1]), a[1] = gl_pair(even[2], even[3]);
    a[2] = gl_pair(odd[0], odd[1]), a[3] = gl_pair(odd[2], odd[3]);
}

// A warp's result [16, 16·S], each of its rows times a factor, to 16 rows in shared memory.
template <int S>
GL_FN void gl_lay(gl_bf16* to, const float (&sum)[2 * S][4], float upper, float lower) {
    const int g = gl_lane() / 4, t = gl_lane() % 4;
    __syncwarp();
#pragma unroll
    for (int k = 0; k < 2 * S; ++k) {
        *(uint32_t*)(to + g * GlHead<S>::PITCH + 8 * k + 2 * t) = gl_pair(sum[k][0] * upper, sum[k][1] * upper);
        *(uint32_t*)(to + (g + 8) * GlHead<S>::PITCH + 8 * k + 2 * t) = gl_pair(sum[k][2] * lower, sum[k][3] * lower);
    }
    __syncwarp();
}
#endif
