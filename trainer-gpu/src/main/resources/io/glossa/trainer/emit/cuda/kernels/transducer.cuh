// The joint network and the loss of a transducer. Cells of the lattice are the rows of products, 64 to a block; of logits there
// are those of a block, and for the gradient those of a chunk of frames, which launches go through one chunk after the other.
#ifndef GL_TRANSDUCER
#define GL_TRANSDUCER
#include "transducer_lattice.cuh"
#include "transducer_tiles.cuh"

// Inputs from a[1] on, numbers B, T, U + 1, J, V.
struct GlTransducer {
    const float *e, *p, *bias;
    const void* w;
    const int32_t *labels, *frames, *lengths;
    int64_t batch, extent, rows, joint, symbols;

    __device__ GlTransducer(const int64_t* a, const int64_t* n)
        : e((const float*)a[1]), p((const float*)a[2]), bias((const float*)a[4]), w((const void*)a[3]),
          labels((const int32_t*)a[5]), frames((const int32_t*)a[6]), lengths((const int32_t*)a[7]), batch(n[0]), extent(n[1]),
          rows(n[2]), joint(n[3]), symbols(n[4]) {}

    __device__ int64_t cells() const { return batch * extent * rows; }

    // The symbol that a cell may go on with; -1 for none.
    __device__ int next(int64_t cell) const {
        const int64_t b = cell / rows / extent, u = cell % rows;
        return u < lengths[b] ? labels[b * (rows - 1) + u] : -1;
    }
};

// Where the rows of e and p begin that a cell adds up; -1 if there is no such cell.
struct GlCell {
    int64_t e, p;

    static __device__ GlCell of(const GlTransducer& c, int64_t cell) {
        const int64_t frame = cell / c.rows, u = cell - frame * c.rows, b = frame / c.extent;
        const bool there =
                cell < c.cells() && frame - b * c.extent < c.frames[b] && u <= c.lengths[b];
        return there ? GlCell{frame * c.joint, (b * c.rows + u) * c.joint} : GlCell{-1, -1};
    }

    __device__ float hidden(const GlTransducer& c, int64_t j) const {
        return e < 0 ? 0.0f : 1.0f - 2.0f / (1.0f + gl_exp(2 * (c.e[e + j] + c.p[p + j])));
    }
};

// A left operand: tanh(e + p) of 64 cells, along the joint axis.
struct GlHidden {
    static const bool TURNED = false;
    const GlTransducer& c;
    const GlCell* cell;

    __device__ void step(int64_t) const {}
    __device__ float operator()(int line, int64_t j) const { return cell[line].hidden(c, j); }
};

// The weight's columns from `first` on, as a right operand along the joint axis.
template <typename T>
struct GlWeight {
    static const bool TURNED = true;
    const T* w;
    int64_t symbols, first;

    __device__ float operator()(int column, int64_t j) const {
        return first + column < symbols ? gl_value(w[j * symbols + first + column]) : 0.0f;
    }
};

GL_FN void gl_cells(GlCell* cell, const GlTransducer& c, int64_t first) {
    if (threadIdx.x < GL_TILE) {
        cell[threadIdx.x] = GlCell::of(c, first + threadIdx.x);
    }
    __syncthreads();
}

// Planes [3, B, T, U + 1] below where the losses come; a[8] on are the numbers.
template <typename T>
GL_FN void gl_transducer_planes(const int64_t* a) {
    __shared__ GlCell cell[GL_TILE];
    __shared__ float logits[GL_TILE][GL_TILE + 1];
    const GlTransducer c(a, a + 8);
    const int64_t first = (int64_t)blockIdx.x * GL_TILE;
    gl_cells(cell, c, first);
    GlHidden hidden{c, cell};
    // Four threads have a row.
    const int row = threadIdx.x / 4, part = threadIdx.x % 4;
    const bool there = cell[row].e >= 0;
    const int next = there ? c.next(first + row) : -1;
    float top = -INFINITY, sum = 0, blank = 0, label = 0;
    for (int64_t v0 = 0; v0 < c.symbols; v0 += GL_TILE) {
        float x[16];
        gl_tile<T>(x, hidden, GlWeight<T>{(const T*)c.w, c.symbols, v0}, 0, c.joint);
#pragma unroll
        for (int i = 0; i < 16; ++i) {
            const int column = gl_tile_column(i);
            logits[gl_tile_row(i)][column] = v0 + column < c.symbols ? x[i] + c.bias[v0 + column] : -INFINITY;
        }
        __syncthreads();
        float most = top;
        for (int i = part; i < GL_TILE; i += 4) {
            most = gl_max(most, logits[row][i]);
        }
        if (most > -INFINITY) {
            sum *= gl_exp(top - most);
            for (int i = part; i < GL_TILE; i += 4) {
                sum += gl_exp(logits[row][i] - most);
            }
        }
        top = most;
        blank = v0 == 0 ? logits[row][0] : blank;
        label = next >= v0 && next < v0 + GL_TILE ? logits[row][next - v0] : label;
        __syncthreads();
    }
    float all = top;
#pragma unroll
    for (int step = 1; step < 4; step *= 2) {
        all = gl_max(all, __shfl_xor_sync(GL_ALL, all, step));
    }
    sum *= gl_exp(top - all);
#pragma unroll
    for (int step = 1; step < 4; step *= 2) {
        sum += __shfl_xor_sync(GL_ALL, sum, step);
    }
    if (part == 0 && first + row < c.cells()) {
        const float normaliser = all + gl_log(sum);
        float* const plane = (float*)a[0] + c.batch + first + row;
        plane[0] = there ? blank - normaliser : 0.0f;
        plane[c.cells()] = next >= 0 ? label - normaliser : 0.0f;
        plane[2 * c.cells()] = there ? normaliser : 0.0f;
    }
}
#endif
