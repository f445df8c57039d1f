// For each row and book the code of largest inner product, the first where several are. A thread keeps some rows of one
// book in registers; all threads of a block go through the same codes, which pass through shared memory. Of its codes a
// thread remembers only which eight had the best; a second launch finds the one among them again.
#pragma once

static const int GL_CODE_THREADS = 128, GL_CODE_GROUP = 8;

// ids [K, R] ← rows [R, K·w], books [K, V, w], workspace; then R, K, V, w, codes of a split, splits. W is w or more: what
// is behind w counts as zero.
struct GlCodes {
    const float *rows, *books;
    int32_t* ids;
    float* best;     // [splits, K, R]
    int32_t* group;  // [splits, K, R]: the first code of the eight
    int64_t count, number, codes, width, each, splits;

    __device__ explicit GlCodes(const int64_t* a)
        : rows((const float*)a[1]), books((const float*)a[2]), ids((int32_t*)a[0]), best((float*)a[3]), count(a[4]),
          number(a[5]), codes(a[6]), width(a[7]), each(a[8]), splits(a[9]) {
        group = (int32_t*)(best + splits * number * count);
    }
};

template <int W>
GL_FN void gl_code_row(float (&row)[W], const float* from, int64_t width) {
    if (width == W) {
        gl_load<W>(from, row);
        return;
    }
#pragma unroll
    for (int k = 0; k < W; ++k) {
        row[k] = k < width ? from[k] : 0.0f;
    }
}

// Always in this order, so that a product that is computed again is the same.
template <int W>
GL_FN float gl_code_product(const float (&row)[W], const float (&code)[W]) {
    float sum = 0;
#pragma unroll
    for (int k = 0; k < W; ++k) {
        sum = fmaf(row[k], code[k], sum);
    }
    return sum;
}

// Starts to bring 2048 / W codes to shared memory; those behind the last repeat it, and so never win.
template <int W>
GL_FN void gl_codes_fetch(float* to, const float* book, int64_t first, const GlCodes& c) {
    if (c.width == W) {
        for (int i = threadIdx.x; i < 512; i += GL_CODE_THREADS) {
            const int64_t code = min(first + i / (W / 4), c.codes - 1);
            gl_copy_16(to + 4 * i, book + code * W + i % (W / 4) * 4, true);
        }
    } else {
        for (int i = threadIdx.x; i < 2048; i += GL_CODE_THREADS) {
            const int64_t code = min(first + i / W, c.codes - 1);
            to[i] = i % W < c.width ? book[code * c.width + i % W] : 0.0f;
        }
    }
    gl_copy_close();
}

// By blocks along x for ROWS·128 rows, along y for a split of the codes, along z for a book.
template <int W, int ROWS>
GL_FN void gl_codebook_search(const int64_t* a) {
    const GlCodes c(a);
    __shared__ __align__(16) float codes[2][2048];
    const float* const book = c.books + blockIdx.z * c.codes * c.width;
    const int64_t start = blockIdx.y * c.each, end = min(start + c.each, c.codes);
    const int64_t first = blockIdx.x * (int64_t)(ROWS * GL_CODE_THREADS) + threadIdx.x;
    gl_codes_fetch<W>(codes[0], book, start, c);
    float row[ROWS][W], best[ROWS];
    int32_t group[ROWS];
#pragma unroll
    for (int r = 0; r < ROWS; ++r) {
        const int64_t at = min(first + r * GL_CODE_THREADS, c.count - 1);
        gl_code_row(row[r], c.rows + (at * c.number + blockIdx.z) * c.width, c.width);
        best[r] = -INFINITY;
        group[r] = 0;
    }
    int half = 0;
    for (int64_t tile = start; tile < end; tile += 2048 / W, half ^= 1) {
        gl_copy_wait<0>();
        __syncthreads();
        if (tile + 2048 / W < end) {
            gl_codes_fetch<W>(codes[half ^ 1], book, tile + 2048 / W, c);
        }
#pragma unroll 1
        for (int g = 0; g < 2048 / W; g += GL_CODE_GROUP) {
            float most[ROWS];
#pragma unroll
            for (int i = 0; i < GL_CODE_GROUP; ++i) {
                float code[W];
                gl_load<W>(codes[half] + (g + i) * W, code);
#pragma unroll
                for (int r = 0; r < ROWS; ++r) {
                    const float product = gl_code_product(row[r], code);
                    most[r] = i ? fmaxf(most[r], product) : product;
                }
            }
#pragma unroll
            for (int r = 0; r < ROWS; ++r) {
                const bool better = most[r] > best[r];
                best[r] = better ? most[r] : best[r];
                group[r] = better ? (int32_t)tile + g : group[r];
            }
        }
    }
#pragma unroll
    for (int r = 0; r < ROWS; ++r) {
        const int64_t at = first + r * GL_CODE_THREADS;
        if (at < c.count) {
            const int64_t out = (blockIdx.y * c.number + blockIdx.z) * c.count + at;
            c.best[out] = best[r];
            c.group[out] = group[r];
        }
    }
}

// By 128 threads a block along x, a thread for a row; blocks along y for a book.
GL_FN void gl_codebook_choose(const int64_t* a) {
    const GlCodes c(a);
    const int64_t at = blockIdx.x * (int64_t)GL_CODE_THREADS + threadIdx.x;
    if (at >= c.count) {
        return;
    }
    float best = -INFINITY;
    int32_t group = 0;
    for (int64_t split = 0; split < c.splits; ++split) {
        const int64_t from = (split * c.number + blockIdx.y) * c.count + at;
        const float other = c.best[from];
        const bool better = other > best;
        group = better ? c.group[from] : group;
        best = better ? other : best;
    }
    const float* const row = c.rows + (at * c.number + blockIdx.y) * c.width;
    const float* const book = c.books + blockIdx.y * c.codes * c.width;
    float sum[GL_CODE_GROUP] = {};
    for (int64_t k = 0; k < c.width; ++k) {
#pragma unroll
        for (int i = 0; i < GL_CODE_GROUP; ++i) {
            sum[i] = fmaf(row[k], book[min((int64_t)group + i, c.codes - 1) * c.width + k], sum[i]);
        }
    }
    int32_t id = group;
#pragma unroll
    for (int i = GL_CODE_GROUP - 1; i >= 0; --i) {
        id = sum[i] == best ? (int32_t)min((int64_t)group + i, c.codes - 1) : id;
    }
    c.ids[blockIdx.y * c.count + at] = id;
}
