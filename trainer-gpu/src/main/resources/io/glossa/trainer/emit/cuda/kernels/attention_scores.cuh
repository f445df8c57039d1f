// Scores of 16 rows of a warp and 32 keys at a time, with relative positions.
#ifndef GL_ATTENTION_SCORES
#define GL_ATTENTION_SCORES
#include "attention_pieces.cuh"

// Products of 16 rows by distance become scores by key, in blocks of 8 columns: column j of row i is column j + 15 - i of
// [x0, x1, x2]. A row is in the hands of four lanes, which exchange it.
GL_FN void gl_by_key(float (&y)[4], const float (&x0)[4], const float (&x1)[4], const float (&x2)[4]) {
    const int t = gl_lane() % 4, shift = 7 - gl_lane() / 4, quad = gl_lane() - t;
    const bool even = 2 * t >= shift, odd = 2 * t + 1 >= shift, crossed = shift % 2;
    const float upperEven = even ? x1[0] : x2[0], upperOdd = odd ? x1[1] : x2[1];
    const float lowerEven = even ? x0[2] : x1[2], lowerOdd = odd ? x0[3] : x1[3];
    const int first = quad + (t + shift / 2) % 4, second = quad + (t + (shift + 1) / 2) % 4;
    y[0] = __shfl_sync(GL_ALL, crossed ? upperOdd : upperEven, first);
    y[1] = __shfl_sync(GL_ALL, crossed ? upperEven : upperOdd, second);
    y[2] = __shfl_sync(GL_ALL, crossed ? lowerOdd : lowerEven, first);
    y[3] = __shfl_sync(GL_ALL, crossed ? lowerEven : lowerOdd, second);
}

// The distances that a block's rows have to the keys of the tiles, in a ring in shared memory. Row 0 of the ring has the
// distance of the block's last row to the first key that the block meets; its last warp begins there, each warp before it 16 rows further. Each tile moves
// all of them by its 32 keys.
template <int S, int E, bool BAND>
struct GlRing {
    const GlSpan<BAND>& place;
    const gl_bf16* const p;
    gl_bf16* const rows;
    const int depth;
    int at;  // of this warp's first distance for the tile

    __device__ __forceinline__ GlRing(const int64_t* a, const GlSpan<BAND>& place, gl_bf16* shared)
        : place(place), p((const gl_bf16*)a[5] + place.column), rows(shared), depth(place.rows() + 2 * GL_KEYS), at(0) {}

    __device__ __forceinline__ void bring(int from, int count) const {
        gl_bring<S, E>(
                rows, from % depth, depth, p, place.width,
                place.left + 1 - (place.tile + 1) * place.rows() + place.begin(place.left) * GL_KEYS + from, count,
                place.distances(), place);
    }

    __device__ __forceinline__ void begin() {
        at = place.rows() - GL_ROWS * (gl_warp() + 1);
        bring(0, place.rows());
    }

    __device__ __forceinline__ void bring(int tile) const {
        bring(place.rows() + (tile - place.begin(place.left)) * GL_KEYS, GL_KEYS);
    }

    __device__ __forceinline__ void leave() { at = at + GL_KEYS < depth ? at + GL_KEYS : at + GL_KEYS - depth; }

    // Row `line` of the 16 distances from the one `x` places behind this warp's first.
    __device__ __forceinline__ const gl_bf16* distance(int x, int line) const {
        const int i = at + x + line;
        return rows + (i < depth ? i : i - depth) * GlHead<S>::PITCH;
    }
};

// What a block meets on its way over the keys, in shared memory: keys and values of two tiles, so that the next one is under
// way, the ring of distances, and its rows of q, for which there are no registers.
template <int S, int E, bool BAND>
struct GlMet {
    static const int PITCH = GlHead<S>::PITCH;

    const GlSpan<BAND>& place;
    const int pitch;  // of k and v
    const gl_bf16 *const k, *const v;
    gl_bf16* const tiles;
    GlRing<S, E, BAND> ring;
    gl_bf16* const q;
    float carry[2][4];  // products with this warp's first 16 distances

    // a: addresses of the arguments; shared memory for 128 rows, those of the ring and those of the block.
    __device__ __forceinline__ GlMet(const int64_t* a, int64_t pitch, const GlSpan<BAND>& place, gl_bf16* shared)
        : place(place), pitch((int)pitch), k((const gl_bf16*)a[3] + place.start(this->pitch)),
          v((const gl_bf16*)a[4] + place.start(this->pitch)), tiles(shared),
          ring(a, place, shared + 4 * GL_KEYS * PITCH), q(ring.rows + ring.depth * PITCH) {}

    __device__ __forceinline__ gl_bf16* key(int t) const { return tiles + t % 2 * 2 * GL_KEYS * PITCH; }
    __device__ __forceinline__ gl_bf16* value(int t) const { return key(t) + GL_KEYS * PITCH; }

    // The rows of q, and those of r as left operands, by way of the memory for what comes.
    __device__ __forceinline__ void operands(uint32_t (&r)[S][4], const int64_t* a) const {
        gl_bring_rows<S, E>(q, a[1], place);
        gl_bring_rows<S, E>(ring.rows, a[2], place);
        gl_copy_close();
        gl_copy_wait<0>();
        __syncthreads();
        gl_take_rows<S>(r, ring.rows);
        __syncthreads();
    }

    __device__ __forceinline__ void bring(int t) {
        gl_bring<S, E>(key(t), 0, GL_KEYS, k, pitch, t * GL_KEYS, GL_KEYS, place.chunk, place);
        gl_bring<S, E>(value(t), 0, GL_KEYS, v, pitch, t * GL_KEYS, GL_KEYS, place.chunk, place);
        ring.bring(t);
    }

    // Starts at the first key, when no thread reads what is here any more.
    __device__ __forceinline__ void begin() {
        ring.begin();
        bring(place.begin(place.left));
        gl_copy_close();
    }

    // Waits for tile t, and until no thread reads tile t - 1 any more, in whose place the next one is then on its way.
    __device__ __forceinline__ void await(int t) {
        gl_copy_wait<0>();
        __syncthreads();
        if (t + 1 < place.end(place.right)) {
            bring(t + 1);
            gl_copy_close();
        }
    }

    // score [16, 32] = q·k + r·p for the keys of tile t; r is a left operand.
    __device__ __forceinline__ void scores(float (&score)[4][4], const uint32_t (&r)[S][4], int t) {
        if (t == place.begin(place.left)) {
            const gl_bf16* const nearest[1] = {distance(0)};
            gl_clear(carry);
            gl_dots<S, 1>(carry, r, nearest);
        }
#pragma unroll
        for (int n = 0; n < 2; ++n) {
            float x[2][4];
            const gl_bf16* const further[1] = {distance(16 * (n + 1))};
            gl_clear(x);
            gl_dots<S, 1>(x, r, further);
            gl_by_key(score[2 * n], carry[0], carry[1], x[0]);
            gl_by_key(score[2 * n + 1], carry[1], x[0], x[1]);
#pragma unroll
            for (int e = 0; e < 4; ++e) {
                carry[0][e] = x[0][e], carry[1][e] = x[1][e];
            }
        }
        const gl_bf16* const keys = key(t) + gl_right_row<S>();
        const gl_bf16* const halves[2] = {keys, keys + 16 * PITCH};
        gl_dots<S, 2>(score, q + gl_warp() * GL_ROWS * PITCH + gl_left_row<S>(), halves);
    }

    __device__ __forceinline__ const gl_bf16* distance(int x) const {
        return ring.distance(x, gl_right_line()) + gl_right_column();
    }
};

// Bit j: whether key first + j of a chunk counts.
GL_FN unsigned gl_counted(const uint8_t* keys, int first, int chunk) {
    const int j = first + gl_lane();
    return __ballot_sync(GL_ALL, j < chunk && keys[j < chunk ? j : 0]);
}

// The scores of 16 rows and 32 keys: those that do not count are far down, but finite; those that a row does not see are not.
template <bool BAND>
GL_FN void gl_masked(float (&score)[4][4], unsigned counted, const GlSpan<BAND>& place, int row, int key) {
    const int left = place.chunk - key;
#pragma unroll
    for (int b = 0; b < 4; ++b) {
#pragma unroll
        for (int e = 0; e < 4; ++e) {
            const int j = 8 * b + gl_lane() % 4 * 2 + e % 2;
            const bool seen = j < left && place.sees(row + gl_lane() / 4 + 8 * (e / 2), key + j);
            score[b][e] = !seen ? -INFINITY : counted >> j & 1 ? score[b][e] : GL_LOWEST;
        }
    }
}

// The log-sum-exp of the scores of each row, behind y, as a sum of two numbers, [2, heads, N·c], which keep it in bf16; it is
// GL_LOWEST where no key counts.
template <bool BAND>
struct GlLogSums {
    const GlSpan<BAND>& place;
    gl_bf16* const high;
    gl_bf16* const low;

    __device__ __forceinline__ GlLogSums(int64_t y, const GlSpan<BAND>& place, int head)
        : place(place), high((gl_bf16*)y + place.elements() + (head * place.chunks + place.n) * place.chunk),
          low(high + (int64_t)place.heads * place.chunks * place.chunk) {}

    __device__ __forceinline__ void put(int row, float x) const {
        gl_put(high + row, x);
        gl_put(low + row, x - gl_round(x));
    }

    // From which scores that do not count are as far as they must be.
    __device__ __forceinline__ float at(int row) const {
        const float x = gl_widen(high[row]) + gl_widen(low[row]);
        return x > GL_LOWEST ? x : GL_LOWEST + gl_log((float)place.seen(row));
    }
};

// The greatest of each of the two rows that four lanes share, and `top`.
GL_FN void gl_top(float (&top)[2], const float (&score)[4][4]) {
#pragma unroll
    for (int b = 0; b < 4; ++b) {
        top[0] = gl_max(top[0], gl_max(score[b][0], score[b][1]));
        top[1] = gl_max(top[1], gl_max(score[b][2], score[b][3]));
    }
#pragma unroll
    for (int i = 0; i < 2; ++i) {
        top[i] = gl_max(top[i], __shfl_xor_sync(GL_ALL, top[i], 1));
        top[i] = gl_max(top[i], __shfl_xor_sync(GL_ALL, top[i], 2));
    }
}

GL_FN float gl_of_row(float x) {
    x += __shfl_xor_sync(GL_ALL, x, 1);
    return x + __shfl_xor_sync(GL_ALL, x, 2);
}
#endif
