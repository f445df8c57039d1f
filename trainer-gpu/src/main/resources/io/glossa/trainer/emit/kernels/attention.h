// Self-attention inside chunks with relative positions, one head of one chunk at a time: row i sees the keys from i - left to
// i + right of its chunk. Scores and weights of a few rows live in a thread's own scratch memory. Operands are arrays of units of 32 bits: one float, or a pair of bf16 that are
// neighbours along the summed axis.
#ifndef GLOSSA_ATTENTION_H
#define GLOSSA_ATTENTION_H
#include <immintrin.h>
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>
#include "lanes.h"

struct GlossaFull {
    typedef float Element;
    static const int64_t PER_UNIT = 1;
    static float at(float x) { return x; }
    static float put(float x) { return x; }
    // 16 units of neighbours in a line, and 16 of neighbouring lines.
    static void line(const float* x, int32_t* out) { memcpy(out, x, 64); }
    static void pair(const float* x, const float*, int32_t* out) { memcpy(out, x, 64); }
    static GlossaLanes add(GlossaLanes sum, int32_t a, const int32_t* b) {
        return sum + *(const GlossaLanesAnywhere*)b * __builtin_bit_cast(float, a);
    }
};

#ifdef __AVX512BF16__
struct GlossaHalf {
    typedef gl_bf16 Element;
    static const int64_t PER_UNIT = 2;
    static float at(gl_bf16 x) { return gl_widen(x); }
    static gl_bf16 put(float x) { return gl_narrow(gl_round(x)); }
    static void line(const float* x, int32_t* out) {
        _mm512_storeu_si512(out, (__m512i)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + 16), _mm512_loadu_ps(x)));
    }
    static void pair(const float* x, const float* next, int32_t* out) {
        const __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(x)));
        const __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(next)));
        _mm512_storeu_si512(out, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
    }
    static GlossaLanes add(GlossaLanes sum, int32_t a, const int32_t* b) {
        return (GlossaLanes)_mm512_dpbf16_ps((__m512)sum, (__m512bh)_mm512_set1_epi32(a), (__m512bh)_mm512_loadu_si512(b));
    }
};
#endif

static const int GLOSSA_LINES = 8;
static const int64_t GLOSSA_COLUMNS = 16;  // what columns are padded to

// The least log-sum-exp that is kept.
static const float GLOSSA_LOWEST = -16384.0f;

static inline int64_t glossa_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

// Lines × lanes · NR results: sums over units k0..k1 of a[m·am + k·ak] and b[k·ldb + n].
template <class P, int NR>
static inline void glossa_tile(
        const int32_t* a, int64_t am, int64_t ak, const int32_t* b, int64_t ldb, int64_t k0, int64_t k1, float* c,
        int64_t ldc) {
    GlossaLanes sum[GLOSSA_TILE_LINES][NR];
#pragma GCC unroll 8
    for (int m = 0; m < GLOSSA_TILE_LINES; ++m) {
#pragma GCC unroll 4
        for (int n = 0; n < NR; ++n) {
            sum[m][n] = GlossaLanes{};
        }
    }
    for (int64_t k = k0; k < k1; ++k) {
#pragma GCC unroll 8
        for (int m = 0; m < GLOSSA_TILE_LINES; ++m) {
#pragma GCC unroll 4
            for (int n = 0; n < NR; ++n) {
                sum[m][n] = P::add(sum[m][n], a[m * am + k * ak], b + k * ldb + n * GLOSSA_LANES);
            }
        }
    }
#pragma GCC unroll 8
    for (int m = 0; m < GLOSSA_TILE_LINES; ++m) {
#pragma GCC unroll 4
        for (int n = 0; n < NR; ++n) {
            *(GlossaLanesAnywhere*)(c + m * ldc + n * GLOSSA_LANES) = sum[m][n];
        }
    }
}

// 8 lines of a product, of as many columns as are a multiple of 16.
template <class P>
static void glossa_lines(
        const int32_t* a, int64_t am, int64_t ak, const int32_t* b, int64_t ldb, int64_t k0, int64_t k1, float* c,
        int64_t ldc, int64_t columns) {
    for (int64_t m = 0; m < GLOSSA_LINES; m += GLOSSA_TILE_LINES, a += GLOSSA_TILE_LINES * am, c += GLOSSA_TILE_LINES * ldc) {
        int64_t n = 0;
        for (; n + 3 * GLOSSA_LANES <= columns; n += 3 * GLOSSA_LANES) {
            glossa_tile<P, 3>(a, am, ak, b + n, ldb, k0, k1, c + n, ldc);
        }
        if (columns - n == 2 * GLOSSA_LANES) {
            glossa_tile<P, 2>(a, am, ak, b + n, ldb, k0, k1, c + n, ldc);
        } else if (columns - n == GLOSSA_LANES) {
            glossa_tile<P, 1>(a, am, ak, b + n, ldb, k0, k1, c + n, ldc);
        }
    }
}

template <class P>
struct GlossaAttention {
    typedef typename P::Element Element;
    const int64_t chunks, chunk, heads, width, left, right;
    const Element *const q, *const r, *const k, *const v, *const p;
    const uint8_t* const keys;
    const Element* const dy;
    const int64_t size = width / heads;                                   // of a head
    const int64_t features = glossa_up(size, GLOSSA_COLUMNS);               // the same, padded
    const int64_t featureUnits = glossa_up(size, 2) / P::PER_UNIT;
    const int64_t rowUnits = features / P::PER_UNIT;
    const int64_t rowsUp = glossa_up(chunk, GLOSSA_LINES);                // of a chunk, padded
    const int64_t keysUp = glossa_up(chunk, 2 * GLOSSA_COLUMNS);
    // Keys that 8 rows meet, padded: all, or those that one of them sees and as many around as the sums over rows look.
    const int64_t met = std::min(keysUp, glossa_up(left + right + 3 * GLOSSA_LINES + 2, 2 * GLOSSA_COLUMNS));
    const bool whole = met == keysUp;
    const int64_t lines = whole ? keysUp : glossa_up(chunk + met, 2 * GLOSSA_COLUMNS);
    const int64_t metUnits = met / P::PER_UNIT;
    const int64_t window = glossa_up(std::min(chunk, met) + GLOSSA_LINES, GLOSSA_COLUMNS);  // distances that 8 rows meet, padded
    const int64_t margin = GLOSSA_LINES + (whole ? chunk - 1 - left : GLOSSA_LINES);      // before the first distance
    const int64_t distances = glossa_up(left + 1 + margin - GLOSSA_LINES + window + 2, 2 * GLOSSA_COLUMNS);  // all, with it

    // Addresses and numbers of a call; of a backward one where dy is given.
    GlossaAttention(const int64_t* a, const int64_t* n, int64_t dy)
        : chunks(n[0]), chunk(n[1]), heads(n[2]), width(n[3]), left(n[4]), right(n[5]), q((const Element*)a[1]),
          r((const Element*)a[2]), k((const Element*)a[3]), v((const Element*)a[4]), p((const Element*)a[5]),
          keys((const uint8_t*)a[6]), dy((const Element*)dy) {}

    struct Scratch {
        std::vector<float> wide, score, shifted, weight, slope, result, doubled;
        std::vector<int32_t> qRows, rRows, dyRows, turned, kAcross, vAcross, pAcross, vAlong, kAlong, pAlong, qAlong, rAlong, dyAlong,
                weightUnits, slopeUnits, weightPairs, slopePairs, shiftedPairs;
        float logSum[GLOSSA_LINES];
        int64_t head = -1;
    };

    static int32_t* room(std::vector<int32_t>& units, int64_t count) {
        if ((int64_t)units.size() < count) {
            units.resize(count);
        }
        return units.data();
    }

    static float* room(std::vector<float>& values, int64_t count) {
        if ((int64_t)values.size() < count) {
            values.resize(count);
        }
        return values.data();
    }

    int64_t at(int64_t n, int64_t h) const { return n * chunk * width + h * size; }

    // A head's rows as floats [total, features], from a row on, with zeros around.
    const float* widened(const Element* x, int64_t count, int64_t first, int64_t total, Scratch& s) const {
        float* wide = room(s.wide, glossa_up(total * features, 2 * GLOSSA_COLUMNS));
        std::fill_n(wide, total * features, 0.0f);
        for (int64_t i = 0; i < count; ++i) {
            float* row = wide + (first + i) * features;
#pragma omp simd
            for (int64_t e = 0; e < size; ++e) {
                row[e] = P::at(x[i * width + e]);
            }
        }
        return wide;
    }

    // Units along the features of each row, [total, rowUnits].
    const int32_t* rows(const Element* x, int64_t count, int64_t total, Scratch& s, std::vector<int32_t>& out) const {
        const int64_t all = glossa_up(total * features, 2 * GLOSSA_COLUMNS);
        return units(widened(x, count, 0, total, s), all, room(out, all / P::PER_UNIT));
    }

    // The same for the other operand, [featureUnits, columns], the rows as columns from a first one on.
    void across(
            const Element* x, int64_t count, int64_t columns, int64_t first, Scratch& s, std::vector<int32_t>& out) const {
        const int32_t* row = rows(x, count, count, s, s.turned);
        int32_t* units = room(out, featureUnits * columns);
        for (int64_t u = 0; u < featureUnits; ++u) {
            int32_t* line = units + u * columns;
            std::fill_n(line, columns, 0);
            for (int64_t i = 0; i < count; ++i) {
                line[first + i] = row[i * rowUnits + u];
            }
        }
    }

    // Units of neighbouring rows, [total / per unit, features].
    void along(
            const Element* x, int64_t count, int64_t total, int64_t first, Scratch& s, std::vector<int32_t>& out) const {
        const float* wide = widened(x, count, first, total, s);
        int32_t* units = room(out, total / P::PER_UNIT * features);
        for (int64_t i = 0; i < total; i += P::PER_UNIT) {
            pairs(wide + i * features, wide + (i + P::PER_UNIT - 1) * features, features, units + i / P::PER_UNIT * features);
        }
    }

    // What belongs to a head alone.
    void head(int64_t h, Scratch& s) const {
        if (s.head != h) {
            across(p + h * size, left + right + 1, distances, margin, s, s.pAcross);
            if (dy) {
                along(p + h * size, left + right + 1, distances, margin, s, s.pAlong);
            }
            s.head = h;
        }
    }

    // The first key that 8 rows from i on meet, of a unit that is not begun before; that of an earlier row is no later one.
    int64_t first(int64_t i) const { return whole ? 0 : std::max<int64_t>(0, i - left - GLOSSA_LINES) / 2 * 2; }

    // Where they find their distances: row i + m meets key first + j at j + 7 - m from here.
    int64_t start(int64_t i) const { return left + 1 + margin - GLOSSA_LINES - i + first(i); }

    // The keys that a row sees, from the first one on that it meets.
    struct Seen {
        const int64_t from, to;
    };
    Seen seen(int64_t i, int64_t row) const {
        const int64_t from = std::max(first(i), row - left);
        return {from - first(i), std::max(from, std::min(chunk, row + right + 1)) - first(i)};
    }

    // Weights of 8 rows, [8, met] with zeros for keys that are not seen.
    float* weights(int64_t n, int64_t i, Scratch& s) const {
        float* score = room(s.score, GLOSSA_LINES * met);
        float* shifted = room(s.shifted, GLOSSA_LINES * window);
        float* weight = room(s.weight, GLOSSA_LINES * met);
        glossa_lines<P>(
                s.qRows.data() + i * rowUnits, rowUnits, 1, s.kAcross.data() + first(i), lines, 0, featureUnits, score, met,
                met);
        glossa_lines<P>(
                s.rRows.data() + i * rowUnits, rowUnits, 1, s.pAcross.data() + start(i), distances, 0, featureUnits,
                shifted, window, window);
        const uint8_t* real = keys + n * chunk + first(i);
        for (int64_t m = 0; m < GLOSSA_LINES; ++m) {
            const Seen see = seen(i, i + m);
            float* row = weight + m * met;
            const float *content = score + m * met, *position = shifted + m * window + GLOSSA_LINES - 1 - m;
            float top = -INFINITY, sum = 0;
#pragma omp simd reduction(max : top)
            for (int64_t j = see.from; j < see.to; ++j) {
                const float x = real[j] ? content[j] + position[j] : -1e9f;
                row[j] = x;
                top = top < x ? x : top;
            }
#pragma omp simd reduction(+ : sum)
            for (int64_t j = see.from; j < see.to; ++j) {
                row[j] = gl_exp(row[j] - top);
                sum += row[j];
            }
            s.logSum[m] = gl_max(top + gl_log(sum), GLOSSA_LOWEST);
            const float scale = 1.0f / sum;
#pragma omp simd
            for (int64_t j = see.from; j < see.to; ++j) {
                row[j] *= scale;
            }
            std::fill(row, row + see.from, 0.0f);
            std::fill(row + see.to, row + met, 0.0f);
        }
        return weight;
    }

    // Floats as units of neighbours, a multiple of 32.
    static const int32_t* units(const float* x, int64_t count, int32_t* out) {
        for (int64_t i = 0; i < count; i += GLOSSA_COLUMNS * P::PER_UNIT) {
            P::line(x + i, out + i / P::PER_UNIT);
        }
        return out;
    }

    // Two lines as units of the one and the other.
    static void pairs(const float* x, const float* next, int64_t columns, int32_t* out) {
        for (int64_t j = 0; j < columns; j += GLOSSA_COLUMNS) {
            P::pair(x + j, next + j, out + j);
        }
    }

    // 8 lines so, two by two.
    static void pairs(const float* x, int64_t ld, int64_t from, int64_t to, int32_t* out) {
        for (int64_t m = 0; m < GLOSSA_LINES; m += P::PER_UNIT) {
            pairs(x + m * ld + from, x + (m + P::PER_UNIT - 1) * ld + from, to - from, out + m / P::PER_UNIT * ld + from);
        }
    }

    void write(const float* from, int64_t count, Element* to) const {
        for (int64_t i = 0; i < count; ++i) {
            for (int64_t e = 0; e < size; ++e) {
                to[i * width + e] = P::put(from[i * features + e]);
            }
        }
    }

    void forward(int64_t n, int64_t h, Element* y, Scratch& s) const {
        const int64_t offset = at(n, h);
        head(h, s);
        rows(q + offset, chunk, lines, s, s.qRows);
        rows(r + offset, chunk, lines, s, s.rRows);
        across(k + offset, chunk, lines, 0, s, s.kAcross);
        along(v + offset, chunk, lines, 0, s, s.vAlong);
        float* result = room(s.result, GLOSSA_LINES * features);
        for (int64_t i = 0; i < chunk; i += GLOSSA_LINES) {
            const int32_t* weight =
                    units(weights(n, i, s), GLOSSA_LINES * met, room(s.weightUnits, GLOSSA_LINES * metUnits));
            glossa_lines<P>(
                    weight, metUnits, 1, s.vAlong.data() + first(i) / P::PER_UNIT * features, features, 0, metUnits, result,
                    features, features);
            const int64_t count = std::min<int64_t>(GLOSSA_LINES, chunk - i);
            write(result, count, y + offset + i * width);
            for (int64_t m = 0; m < count; ++m) {
                Element* kept = y + chunks * chunk * width + (h * chunks + n) * chunk + i + m;
                kept[0] = P::put(s.logSum[m]);
                kept[heads * chunks * chunk] = P::put(s.logSum[m] - P::at(kept[0]));
            }
        }
    }

    // Gradients of q, r, k and v, [rows, width] each, and of this head's and chunk's part of p, [distances, features].
    void backward(int64_t n, int64_t h, Element* out, float* dp, Scratch& s) const {
        const int64_t offset = at(n, h), all = chunks * chunk * width;
        head(h, s);
        rows(q + offset, chunk, lines, s, s.qRows);
        rows(r + offset, chunk, lines, s, s.rRows);
        rows(dy + offset, chunk, lines, s, s.dyRows);
        across(k + offset, chunk, lines, 0, s, s.kAcross);
        across(v + offset, chunk, lines, 0, s, s.vAcross);
        along(k + offset, chunk, lines, 0, s, s.kAlong);
        along(q + offset, chunk, lines, 0, s, s.qAlong);
        along(r + offset, chunk, lines, 0, s, s.rAlong);
        along(dy + offset, chunk, lines, 0, s, s.dyAlong);
        // Units of rows lie `met` apart, each from the first key on that it meets, which is no earlier one than that before.
        int32_t* weightPairs = room(s.weightPairs, rowsUp / P::PER_UNIT * met + lines);
        int32_t* slopePairs = room(s.slopePairs, rowsUp / P::PER_UNIT * met + lines);
        int32_t* shiftedPairs = room(s.shiftedPairs, rowsUp / P::PER_UNIT * distances);
        float* result = room(s.result, lines * features);
        float* doubled = room(s.doubled, GLOSSA_LINES * distances);
        for (int64_t i = 0; i < chunk; i += GLOSSA_LINES) {
            const int64_t count = std::min<int64_t>(GLOSSA_LINES, chunk - i);
            float* weight = weights(n, i, s);
            float* slope = slopes(n, i, weight, s);
            if (count < GLOSSA_LINES) {
                std::fill(weight + count * met, weight + GLOSSA_LINES * met, 0.0f);
                std::fill(slope + count * met, slope + GLOSSA_LINES * met, 0.0f);
            }
            pairs(weight, met, 0, met, weightPairs + i / P::PER_UNIT * met + first(i));
            pairs(slope, met, 0, met, slopePairs + i / P::PER_UNIT * met + first(i));
            int32_t* slopeUnits = room(s.slopeUnits, GLOSSA_LINES * distances);
            units(slope, GLOSSA_LINES * met, slopeUnits);
            glossa_lines<P>(
                    slopeUnits, metUnits, 1, s.kAlong.data() + first(i) / P::PER_UNIT * features, features, 0, metUnits, result,
                    features, features);
            write(result, count, out + offset + i * width);

            // The distances that these rows meet, and zeros as far around as the sums over rows look.
            const int64_t from =
                    whole ? std::max<int64_t>(0, start(i) - GLOSSA_COLUMNS) / (2 * GLOSSA_COLUMNS) * 2 * GLOSSA_COLUMNS : 0;
            const int64_t to =
                    whole ? std::min(distances, glossa_up(start(i) + window + GLOSSA_COLUMNS, 2 * GLOSSA_COLUMNS)) : distances;
            for (int64_t m = 0; m < GLOSSA_LINES; ++m) {
                float* row = doubled + m * distances;
                std::fill(row + from, row + to, 0.0f);
                std::copy_n(slope + m * met, std::min(chunk, met), row + start(i) + GLOSSA_LINES - 1 - m);
                units(row + from, to - from, slopeUnits + (m * distances + from) / P::PER_UNIT);
            }
            pairs(doubled, distances, from, to, shiftedPairs + i / P::PER_UNIT * distances);
            glossa_lines<P>(
                    slopeUnits, distances / P::PER_UNIT, 1, s.pAlong.data(), features, start(i) / P::PER_UNIT,
                    (start(i) + window) / P::PER_UNIT, result, features, features);
            write(result, count, out + all + offset + i * width);
        }
        overRows(slopePairs, s.qAlong.data(), result);
        write(result, chunk, out + 2 * all + offset);
        overRows(weightPairs, s.dyAlong.data(), result);
        write(result, chunk, out + 3 * all + offset);
        for (int64_t d = 0; d < distances; d += GLOSSA_LINES) {
            // Distance d - margin + m is met by rows from left + margin - d - m on, as many as there are in a chunk.
            const int64_t from = std::max<int64_t>(0, left + 1 + margin - GLOSSA_LINES - d);
            const int64_t to = std::min(rowsUp, left + 1 + margin + chunk - d);
            glossa_lines<P>(
                    shiftedPairs + d, 1, distances, s.rAlong.data(), features, from / P::PER_UNIT,
                    glossa_up(std::max<int64_t>(to, 0), P::PER_UNIT) / P::PER_UNIT, dp + d * features, features, features);
        }
    }

    // Sums over the rows that see a key: [keys, features] of units of rows and keys, and of rows.
    void overRows(const int32_t* units, const int32_t* along, float* result) const {
        for (int64_t j = 0; j < chunk; j += GLOSSA_LINES) {
            const int64_t from = std::max<int64_t>(0, j - right) / P::PER_UNIT;
            const int64_t to = std::min(rowsUp, glossa_up(j + GLOSSA_LINES + left, P::PER_UNIT)) / P::PER_UNIT;
            glossa_lines<P>(units + j, 1, met, along, features, from, to, result + j * features, features, features);
        }
    }

    // Gradient of the scores of 8 rows, [8, met]: w·(dw - Σ w·dw), zero for keys that do not count.
    float* slopes(int64_t n, int64_t i, const float* weight, Scratch& s) const {
        float* slope = room(s.slope, GLOSSA_LINES * met);
        glossa_lines<P>(
                s.dyRows.data() + i * rowUnits, rowUnits, 1, s.vAcross.data() + first(i), lines, 0, featureUnits, slope, met,
                met);
        const uint8_t* real = keys + n * chunk + first(i);
        for (int64_t m = 0; m < GLOSSA_LINES; ++m) {
            const Seen see = seen(i, i + m);
            const float* w = weight + m * met;
            float* row = slope + m * met;
            float mean = 0;
#pragma omp simd reduction(+ : mean)
            for (int64_t j = see.from; j < see.to; ++j) {
                mean += w[j] * row[j];
            }
#pragma omp simd
            for (int64_t j = see.from; j < see.to; ++j) {
                row[j] = real[j] ? w[j] * (row[j] - mean) : 0.0f;
            }
            std::fill(row, row + see.from, 0.0f);
            std::fill(row + see.to, row + met, 0.0f);
        }
        return slope;
    }
};

// y [N·c, d], then the log-sum-exp of the scores, [heads, N·c], and what it is more than its element type can say, the same,
// and zeros to the end of the row ← q, r, k, v [N·c, d], p [left + right + 1, d], keys [N·c]; then N, c,
// heads, d, left, right.
template <class P>
static void glossa_chunk_attention(const int64_t* a) {
    const GlossaAttention<P> attention(a, a + 7, 0);
    auto* y = (typename P::Element*)a[0];
    const int64_t frames = attention.chunks * attention.chunk, kept = 2 * attention.heads * frames;
    std::fill(
            y + frames * attention.width + kept, y + frames * attention.width + glossa_up(kept, attention.width), P::put(0));
#pragma omp parallel
    {
        static thread_local typename GlossaAttention<P>::Scratch scratch;
        scratch.head = -1;
#pragma omp for schedule(static)
        for (int64_t t = 0; t < attention.heads * attention.chunks; ++t) {
            attention.forward(t % attention.chunks, t / attention.chunks, y, scratch);
        }
    }
}

// [4·N·c + left + right + 1, d] ← the same, dy [N·c, d] and what the former returned, which is not needed here: gradients of q, r, k, v and p. Parts of p's are added in the order of
// the chunks, so that the result does not depend on the number of threads.
template <class P>
static void glossa_chunk_attention_gradient(const int64_t* a) {
    const GlossaAttention<P> attention(a, a + 9, a[7]);
    auto* out = (typename P::Element*)a[0];
    const int64_t part = attention.distances * attention.features;
    static thread_local std::vector<float> parts;
    parts.resize(attention.heads * attention.chunks * part);
    float* dp = parts.data();
#pragma omp parallel
    {
        static thread_local typename GlossaAttention<P>::Scratch scratch;
        scratch.head = -1;
#pragma omp for schedule(static)
        for (int64_t t = 0; t < attention.heads * attention.chunks; ++t) {
            attention.backward(t % attention.chunks, t / attention.chunks, out, dp + t * part, scratch);
        }
    }
    out += 4 * attention.chunks * attention.chunk * attention.width;
#pragma omp parallel for schedule(static) collapse(2)
    for (int64_t h = 0; h < attention.heads; ++h) {
        for (int64_t d = 0; d <= attention.left + attention.right; ++d) {
            const float* first = dp + h * attention.chunks * part + (d + attention.margin) * attention.features;
            for (int64_t e = 0; e < attention.size; ++e) {
                float sum = 0;
                for (int64_t n = 0; n < attention.chunks; ++n) {
                    sum += first[n * part + e];
                }
                out[d * attention.width + h * attention.size + e] = P::put(sum);
            }
        }
    }
}

static void glossa_chunk_attention_f32(const int64_t* a) { glossa_chunk_attention<GlossaFull>(a); }
static void glossa_chunk_attention_gradient_f32(const int64_t* a) { glossa_chunk_attention_gradient<GlossaFull>(a); }
#ifdef __AVX512BF16__
static void glossa_chunk_attention_bf16(const int64_t* a) { glossa_chunk_attention<GlossaHalf>(a); }
static void glossa_chunk_attention_gradient_bf16(const int64_t* a) { glossa_chunk_attention_gradient<GlossaHalf>(a); }
#endif
#endif
