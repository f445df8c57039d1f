// The gradient of a transducer's loss: a chunk of frames at a time, the gradient of its logits, and what follows from it.
#ifndef GL_TRANSDUCER_GRADIENT
#define GL_TRANSDUCER_GRADIENT
#include "transducer.cuh"

// Gradients of e, p, w and b ← the inputs, what gl_transducer_planes and gl_transducer_losses made, dy [B]; workspace; then the
// numbers, frames of a chunk, and parts in which sums over cells are added up.
template <typename T>
struct GlTransducerGradient : GlTransducer {
    const float *value, *dy;
    float *de, *dp, *dw, *db;
    int64_t chunkFrames, splits;
    int64_t pitch;   // of a row of the logits' gradient
    int64_t chunk;   // cells of a chunk, filled up to whole tiles
    int32_t* count;  // chunks that are done; 64 bytes
    T* gradient;     // [chunk, pitch]
    float* back;     // [chunk, J]
    float* parts;    // of dw, [splits, J, V]
    float* byBlank;  // what gl_lattice_shares makes

    __device__ explicit GlTransducerGradient(const int64_t* a)
        : GlTransducer(a, a + 11), value((const float*)a[8]), dy((const float*)a[9]), de((float*)a[0]),
          dp(de + batch * extent * joint), dw(dp + batch * rows * joint), db(dw + joint * symbols), chunkFrames(a[16]),
          splits(a[17]), pitch((symbols + GL_TILE - 1) / GL_TILE * GL_TILE),
          chunk((chunkFrames * rows + GL_TILE - 1) / GL_TILE * GL_TILE), count((int32_t*)a[10]),
          gradient((T*)(count + 16)), back((float*)(gradient + chunk * pitch)), parts(back + chunk * joint),
          byBlank(parts + splits * joint * symbols) {}

    __device__ int64_t frame() const { return *count * chunkFrames; }

    // Cells of this chunk that there are.
    __device__ int64_t live() const {
        const int64_t left = batch * extent - frame();
        return (left < chunkFrames ? left : chunkFrames) * rows;
    }

    // The cell that is so far into the chunk; none behind the chunk's last.
    __device__ GlCell cell(int64_t i) const {
        return i < live() ? GlCell::of(*this, frame() * rows + i) : GlCell{-1, -1};
    }
};

// Zeros where sums begin, and shares of each cell: a block for each utterance.
template <typename T>
GL_FN void gl_transducer_begin(const int64_t* a) {
    const GlTransducerGradient<T> c(a);
    const int64_t step = (int64_t)gridDim.x * GL_LATTICE_THREADS;
    const int64_t from = (int64_t)blockIdx.x * GL_LATTICE_THREADS + threadIdx.x;
    for (int64_t i = from; i < c.batch * c.rows * c.joint; i += step) {
        c.dp[i] = 0;
    }
    for (int64_t i = from; i < c.splits * c.joint * c.symbols; i += step) {
        c.parts[i] = 0;
    }
    for (int64_t i = from; i < c.symbols; i += step) {
        c.db[i] = 0;
    }
    if (from == 0) {
        *c.count = 0;
    }
    gl_lattice_shares(c.byBlank, c.value, c.frames, c.lengths, c.batch, c.extent, c.rows);
}

// The gradient of logits, by 64 cells and 64 symbols.
template <typename T>
GL_FN void gl_transducer_logits(const int64_t* a) {
    __shared__ GlCell cell[GL_TILE];
    __shared__ float normaliser[GL_TILE], blank[GL_TILE], label[GL_TILE];
    __shared__ int next[GL_TILE];
    const GlTransducerGradient<T> c(a);
    const int64_t first = (int64_t)blockIdx.x * GL_TILE, v0 = (int64_t)blockIdx.y * GL_TILE;
    if (threadIdx.x < GL_TILE) {
        const int line = threadIdx.x;
        const int64_t n = c.frame() * c.rows + first + line;
        cell[line] = c.cell(first + line);
        const bool there = cell[line].e >= 0;
        const float dy = there ? c.dy[n / c.rows / c.extent] : 0.0f;
        normaliser[line] = there ? c.value[c.batch + 2 * c.cells() + n] : 0.0f;
        blank[line] = there ? c.byBlank[n] * dy : 0.0f;
        label[line] = there ? c.byBlank[c.cells() + n] * dy : 0.0f;
        next[line] = there ? c.next(n) : -1;
    }
    __syncthreads();
    GlHidden hidden{c, cell};
    float x[16];
    gl_tile<T>(x, hidden, GlWeight<T>{(const T*)c.w, c.symbols, v0}, 0, c.joint);
#pragma unroll
    for (int i = 0; i < 16; ++i) {
        const int line = gl_tile_row(i);
        const int64_t v = v0 + gl_tile_column(i);
        float g = 0;
        if (v < c.symbols && cell[line].e >= 0) {
            g = gl_exp(x[i] + c.bias[v] - normaliser[line]) * (blank[line] + label[line]);
            g -= v == 0 ? blank[line] : 0.0f;
            g -= v == next[line] ? label[line] : 0.0f;
        }
        gl_put(&c.gradient[(first + line) * c.pitch + v], g);
    }
}

// The logits' gradient of 64 cells, along the symbols.
template <typename T>
struct GlLogits {
    static const bool TURNED = false;
    const T* row;
    int64_t pitch;

    __device__ void step(int64_t) const {}
    __device__ float operator()(int line, int64_t v) const { return gl_value(row[line * pitch + v]); }
};

// Rows of the weight, along the symbols.
template <typename T>
struct GlWeightRows {
    static const bool TURNED = false;
    const T* w;
    int64_t symbols, joint, first;

    __device__ float operator()(int line, int64_t v) const {
        return first + line < joint ? gl_value(w[(first + line) * symbols + v]) : 0.0f;
    }
};

// What 64 cells send back to 64 units of the joint network.
template <typename T>
GL_FN void gl_transducer_back(const int64_t* a) {
    __shared__ GlCell cell[GL_TILE];
    const GlTransducerGradient<T> c(a);
    const int64_t first = (int64_t)blockIdx.x * GL_TILE, j0 = (int64_t)blockIdx.y * GL_TILE;
    if (threadIdx.x < GL_TILE) {
        cell[threadIdx.x] = c.cell(first + threadIdx.x);
    }
    __syncthreads();
    GlLogits<T> logits{c.gradient + first * c.pitch, c.pitch};
    float x[16];
    gl_tile<T>(x, logits, GlWeightRows<T>{(const T*)c.w, c.symbols, c.joint, j0}, 0, c.symbols);
#pragma unroll
    for (int i = 0; i < 16; ++i) {
        const int line = gl_tile_row(i);
        const int64_t j = j0 + gl_tile_column(i);
        if (j < c.joint) {
            const float h = cell[line].hidden(c, j);
            c.back[(first + line) * c.joint + j] = x[i] * (1.0f - h * h);
        }
    }
}

// Sums over labels, by a thread for each frame and unit.
template <typename T>
GL_FN void gl_transducer_frames(const int64_t* a) {
    const GlTransducerGradient<T> c(a);
    const int64_t j = (int64_t)blockIdx.y * GL_TILE_THREADS + threadIdx.x, frame = c.frame() + blockIdx.x;
    if (j >= c.joint || frame >= c.batch * c.extent) {
        return;
    }
    float sum = 0;
    for (int64_t u = 0; u < c.rows; ++u) {
        sum += c.back[((int64_t)blockIdx.x * c.rows + u) * c.joint + j];
    }
    c.de[frame * c.joint + j] = sum;
}

// Sums over frames, by a thread for each label and unit.
template <typename T>
GL_FN void gl_transducer_labels(const int64_t* a) {
    const GlTransducerGradient<T> c(a);
    const int64_t j = (int64_t)blockIdx.y * GL_TILE_THREADS + threadIdx.x, u = blockIdx.x;
    if (j >= c.joint) {
        return;
    }
    const int64_t count = c.live() / c.rows;
    for (int64_t i = 0; i < count;) {
        const int64_t b = (c.frame() + i) / c.extent;
        float sum = 0;
        for (; i < count && (c.frame() + i) / c.extent == b; ++i) {
            sum += c.back[(i * c.rows + u) * c.joint + j];
        }
        c.dp[(b * c.rows + u) * c.joint + j] += sum;
    }
}

// tanh(e + p) of 64 units, along the cells of the chunk.
template <typename T>
struct GlHiddenTurned {
    static const bool TURNED = true;
    const GlTransducerGradient<T>& c;
    GlCell* cell;
    int64_t first, begin;

    __device__ void step(int64_t k) {
        if (threadIdx.x < GL_TILE_DEPTH) {
            cell[threadIdx.x] = c.cell(k + threadIdx.x);
        }
        begin = k;
        __syncthreads();
    }
    __device__ float operator()(int line, int64_t k) const {
        return first + line < c.joint ? cell[k - begin].hidden(c, first + line) : 0.0f;
    }
};

// The logits' gradient of 64 symbols, along the cells.
template <typename T>
struct GlLogitsTurned {
    static const bool TURNED = true;
    const T* column;
    int64_t pitch;

    __device__ float operator()(int line, int64_t k) const { return gl_value(column[k * pitch + line]); }
};

// A part of the weight's gradient, by 64 units and 64 symbols.
template <typename T>
GL_FN void gl_transducer_weight(const int64_t* a) {
    __shared__ GlCell cell[GL_TILE_DEPTH];
    const GlTransducerGradient<T> c(a);
    const int64_t j0 = (int64_t)blockIdx.x * GL_TILE, v0 = (int64_t)blockIdx.y * GL_TILE;
    const int64_t each = (c.chunk / GL_TILE + c.splits - 1) / c.splits * GL_TILE, begin = blockIdx.z * each;
    const int64_t end = begin + each < c.live() ? begin + each : c.live();
    GlHiddenTurned<T> hidden{c, cell, j0, 0};
    float x[16];
    gl_tile<T>(x, hidden, GlLogitsTurned<T>{c.gradient + v0, c.pitch}, begin, end);
#pragma unroll
    for (int i = 0; i < 16; ++i) {
        const int64_t j = j0 + gl_tile_row(i), v = v0 + gl_tile_column(i);
        if (j < c.joint && v < c.symbols) {
            c.parts[((int64_t)blockIdx.z * c.joint + j) * c.symbols + v] += x[i];
        }
    }
}

// Adds up what a chunk's cells say of 32 symbols' biases.
template <typename T>
GL_FN void gl_transducer_bias(const int64_t* a) {
    const GlTransducerGradient<T> c(a);
    const int64_t v = (int64_t)blockIdx.x * GL_WARP + threadIdx.x % GL_WARP;
    float sum[1] = {0};
    for (int64_t i = threadIdx.x / GL_WARP; i < c.live(); i += GL_TILE_THREADS / GL_WARP) {
        sum[0] += gl_value(c.gradient[i * c.pitch + v]);
    }
    gl_reduce_lines<GlSum, GL_WARP, GL_TILE_THREADS / GL_WARP>(sum);
    if (threadIdx.x < GL_WARP && v < c.symbols) {
        c.db[v] += sum[0];
    }
}

// Goes on to the next chunk.
template <typename T>
GL_FN void gl_transducer_next(const int64_t* a) {
    const GlTransducerGradient<T> c(a);
    if (threadIdx.x == 0) {
        *c.count += 1;
    }
}

// Adds up the parts of the weight's gradient.
template <typename T>
GL_FN void gl_transducer_end(const int64_t* a) {
    const GlTransducerGradient<T> c(a);
    const int64_t i = (int64_t)blockIdx.x * GL_TILE_THREADS + threadIdx.x, size = c.joint * c.symbols;
    if (i < size) {
        float sum = 0;
        for (int64_t s = 0; s < c.splits; ++s) {
            sum += c.parts[s * size + i];
        }
        c.dw[i] = sum;
    }
}
#endif
