// Gather, scatter-add and prefix sums.
#pragma once

static const int GL_GATHER_WORDS = 4;

// out [n, words] ← table [rows, words], ids [n]; then words of the result, words of a row, rows. By 256 threads a block, four
// words each. An id outside gives zeros.
template <typename W>
GL_FN void gl_gather(const int64_t* a) {
    const W* const table = (const W*)a[1];
    const int32_t* const ids = (const int32_t*)a[2];
    const uint32_t all = (uint32_t)a[3], words = (uint32_t)a[4], rows = (uint32_t)a[5];
    const uint32_t first = blockIdx.x * (GL_GATHER_WORDS * 256) + threadIdx.x;
    W word[GL_GATHER_WORDS];
#pragma unroll
    for (int i = 0; i < GL_GATHER_WORDS; ++i) {
        const uint32_t at = first + i * 256, row = at / words;
        const uint32_t id = at < all ? (uint32_t)ids[row] : rows;
        word[i] = id < rows ? table[(int64_t)id * words + (at - row * words)] : W{};
    }
#pragma unroll
    for (int i = 0; i < GL_GATHER_WORDS; ++i) {
        const uint32_t at = first + i * 256;
        if (at < all) {
            ((W*)a[0])[at] = word[i];
        }
    }
}

static const int GL_SCATTER_THREADS = 512, GL_SCATTER_WARPS = GL_SCATTER_THREADS / GL_WARP;

// Ids that a block looks through at a time, and those of its own rows that it remembers until it adds up.
static const int GL_SCATTER_IDS = 8 * GL_SCATTER_THREADS, GL_SCATTER_ROOM = 2 * GL_SCATTER_IDS;

// The two times four ids of a thread among those from `first` on; what is behind the last is in no tile.
GL_FN void gl_scatter_ids(uint32_t (&id)[2][4], const int32_t* ids, int64_t n, int64_t first) {
    const int warp = threadIdx.x / GL_WARP, lane = threadIdx.x % GL_WARP;
#pragma unroll
    for (int q = 0; q < 2; ++q) {
        const int64_t at = first + warp * 256 + q * 128 + lane * 4;
        int32_t near[4] = {-1, -1, -1, -1};
        if (at + 4 <= n) {
            gl_load<4>(ids + at, near);
        } else {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                near[i] = at + i < n ? ids[at + i] : -1;
            }
        }
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            id[q][i] = (uint32_t)near[i];
        }
    }
}

// Calls add(list, count, first time) with a block's matches, in the order of the ids, each a row of the tile of `rows` rows
// from `low` on and what `entry` makes of the place among the ids. Twice or more if there are many.
template <class Entry, class Add>
GL_FN void gl_scatter(const int32_t* ids, int64_t n, uint32_t low, uint32_t rows, Entry entry, Add add) {
    GL_SHARED(shared);
    __shared__ int totals[2][GL_SCATTER_WARPS];
    uint2* const list = (uint2*)shared;
    const int warp = threadIdx.x / GL_WARP, lane = threadIdx.x % GL_WARP;
    int count = 0, half = 0;
    bool fresh = true;
    uint32_t id[2][4];
    gl_scatter_ids(id, ids, n, 0);
    for (int64_t first = 0; first < n; first += GL_SCATTER_IDS) {
        uint32_t next[2][4];
        gl_scatter_ids(next, ids, n, first + GL_SCATTER_IDS);
        // Counts of the first and of the second four ids, in the halves of a word: summed over lanes they stay small.
        int found = 0;
#pragma unroll
        for (int q = 0; q < 2; ++q) {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                found += (id[q][i] - low < rows ? 1 : 0) << 16 * q;
            }
        }
        int before = found;
#pragma unroll
        for (int step = 1; step < GL_WARP; step *= 2) {
            const int other = __shfl_up_sync(GL_ALL, before, step);
            before += lane >= step ? other : 0;
        }
        const int total = __shfl_sync(GL_ALL, before, GL_WARP - 1);
        before -= found;
        if (lane == 0) {
            totals[half][warp] = (total & 0xffff) + (total >> 16);
        }
        __syncthreads();
        int base = count;
#pragma unroll
        for (int w = 0; w < GL_SCATTER_WARPS; ++w) {
            base += w < warp ? totals[half][w] : 0;
            count += totals[half][w];
        }
        if (total) {
#pragma unroll
            for (int q = 0; q < 2; ++q) {
                int at = base + (q ? (total & 0xffff) + (before >> 16) : before & 0xffff);
#pragma unroll
                for (int i = 0; i < 4; ++i) {
                    if (id[q][i] - low < rows) {
                        const int64_t place = first + warp * 256 + q * 128 + lane * 4 + i;
                        list[at++] = make_uint2(id[q][i] - low, entry(place));
                    }
                }
            }
        }
#pragma unroll
        for (int i = 0; i < 8; ++i) {
            id[i / 4][i % 4] = next[i / 4][i % 4];
        }
        half ^= 1;
        if (count + GL_SCATTER_IDS > GL_SCATTER_ROOM || first + GL_SCATTER_IDS >= n) {
            __syncthreads();
            add(list, count, fresh);
            fresh = false;
            count = 0;
            __syncthreads();
        }
    }
}

template <typename T>
GL_FN uint32_t gl_word(T x) {
    return __builtin_bit_cast(uint32_t, x);
}

// out [rows, width] ← source [n, width], ids [n]; then n, width, rows, rows of a block. A thread owns elements of the
// result. If rows are single numbers (ONE), they are fetched while ids are looked through.
template <typename T, bool ONE>
GL_FN void gl_scatter_narrow(const int64_t* a) {
    const T* const source = (const T*)a[1];
    const int64_t n = a[3], tile = a[6], low = blockIdx.x * tile;
    const int width = ONE ? 1 : (int)a[4], rows = (int)(tile < a[5] - low ? tile : a[5] - low);
    T* const out = (T*)a[0] + low * width;
    gl_scatter(
            (const int32_t*)a[2], n, (uint32_t)low, (uint32_t)rows,
            [=](int64_t place) { return ONE ? gl_word(source[place]) : (uint32_t)place; },
            [=](const uint2* list, int count, bool fresh) {
                for (int e = threadIdx.x; e < rows * width; e += GL_SCATTER_THREADS) {
                    const uint32_t row = e / width, column = e % width;
                    T sum = fresh ? (T)0 : out[e];
#pragma unroll ONE ? 4 : 1
                    for (int i = 0; i < count; ++i) {
                        const uint2 match = list[i];
                        if (match.x == row) {
                            sum += ONE ? __builtin_bit_cast(T, match.y) : source[(int64_t)match.y * width + column];
                        }
                    }
                    out[e] = sum;
                }
            });
}

static const int GL_SCATTER_VECTORS = 4;

// The same for rows of 32 numbers or more, a multiple of V: a warp owns rows, its lanes vectors of columns; blocks along y
// have 32·4·V columns each.
template <typename T, int V>
GL_FN void gl_scatter_wide(const int64_t* a) {
    const T* const source = (const T*)a[1];
    const int64_t n = a[3], width = a[4], tile = a[6], low = blockIdx.x * tile;
    const int rows = (int)(tile < a[5] - low ? tile : a[5] - low);
    const int lane = threadIdx.x % GL_WARP;
    const int64_t column = blockIdx.y * (int64_t)(GL_WARP * GL_SCATTER_VECTORS * V) + lane * V;
    T* const out = (T*)a[0] + low * width;
    gl_scatter(
            (const int32_t*)a[2], n, (uint32_t)low, (uint32_t)rows, [=](int64_t place) { return (uint32_t)place; },
            [=](const uint2* list, int count, bool fresh) {
                for (int row = threadIdx.x / GL_WARP; row < rows; row += GL_SCATTER_WARPS) {
                    T sum[GL_SCATTER_VECTORS][V];
#pragma unroll
                    for (int j = 0; j < GL_SCATTER_VECTORS; ++j) {
                        const int64_t c = column + j * (GL_WARP * V);
                        if (!fresh && c < width) {
                            gl_load<V>(out + row * width + c, sum[j]);
                        } else {
#pragma unroll
                            for (int v = 0; v < V; ++v) {
                                sum[j][v] = 0;
                            }
                        }
                    }
                    for (int i = 0; i < count; i += GL_WARP) {
                        unsigned left = __ballot_sync(GL_ALL, i + lane < count && list[i + lane].x == (uint32_t)row);
                        for (; left; left &= left - 1) {
                            const T* const from = source + (int64_t)list[i + __ffs(left) - 1].y * width;
                            T more[GL_SCATTER_VECTORS][V] = {};
#pragma unroll
                            for (int j = 0; j < GL_SCATTER_VECTORS; ++j) {
                                const int64_t c = column + j * (GL_WARP * V);
                                if (c < width) {
                                    gl_load<V>(from + c, more[j]);
                                }
                            }
#pragma unroll
                            for (int j = 0; j < GL_SCATTER_VECTORS; ++j) {
#pragma unroll
                                for (int v = 0; v < V; ++v) {
                                    sum[j][v] += more[j][v];
                                }
                            }
                        }
                    }
#pragma unroll
                    for (int j = 0; j < GL_SCATTER_VECTORS; ++j) {
                        const int64_t c = column + j * (GL_WARP * V);
                        if (c < width) {
                            gl_store<V>(out + row * width + c, sum[j]);
                        }
                    }
                }
            });
}

// The sums over a lane and those before it in its warp.
template <typename T>
GL_FN T gl_warp_sums(T x) {
    const int lane = threadIdx.x % GL_WARP;
#pragma unroll
    for (int step = 1; step < GL_WARP; step *= 2) {
        const T other = __shfl_up_sync(GL_ALL, x, step);
        x = lane >= step ? x + other : x;
    }
    return x;
}

// out [rows, columns] ← x; then columns, a multiple of V. A block of 1024 threads has a row.
template <typename T, int V>
GL_FN void gl_cumsum(const int64_t* a) {
    const int64_t columns = a[2];
    const T* const x = (const T*)a[1] + blockIdx.x * columns;
    T* const out = (T*)a[0] + blockIdx.x * columns;
    __shared__ T totals[2][GL_WARP];
    const int warp = threadIdx.x / GL_WARP, lane = threadIdx.x % GL_WARP;
    const int64_t step = 1024 * V;
    T carry = 0;
    int half = 0;
    T next[V] = {};
    int64_t at = threadIdx.x * V;
    if (at < columns) {
        gl_load<V>(x + at, next);
    }
    for (int64_t first = 0; first < columns; first += step, at += step) {
        T sum[V];
#pragma unroll
        for (int v = 0; v < V; ++v) {
            sum[v] = v ? sum[v ? v - 1 : 0] + next[v] : next[v];
        }
        if (at + step < columns) {
            gl_load<V>(x + at + step, next);
        }
        const T through = gl_warp_sums(sum[V - 1]);
        const T below = __shfl_up_sync(GL_ALL, through, 1);
        if (lane == GL_WARP - 1) {
            totals[half][warp] = through;
        }
        __syncthreads();
        const T warps = gl_warp_sums(totals[half][lane]);
        const T others = __shfl_sync(GL_ALL, warps, warp ? warp - 1 : 0);
        const T before = carry + (warp ? others : (T)0) + (lane ? below : (T)0);
        carry += __shfl_sync(GL_ALL, warps, GL_WARP - 1);
        half ^= 1;
        if (at < columns) {
#pragma unroll
            for (int v = 0; v < V; ++v) {
                sum[v] += before;
            }
            gl_store<V>(out + at, sum);
        }
    }
}
