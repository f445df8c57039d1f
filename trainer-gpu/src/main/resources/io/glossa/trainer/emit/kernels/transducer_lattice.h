// The lattice of a transducer: recursions along its anti-diagonals in log space. Cell (t, u) has emitted u labels by frame t;
// all cells of a diagonal have taken t + u steps. Values of a diagonal are kept relative to its best, so that single precision
// is enough however long the utterance.
#ifndef GLOSSA_TRANSDUCER_LATTICE_H
#define GLOSSA_TRANSDUCER_LATTICE_H
#include <algorithm>
#include <cstdint>
#include <vector>

// Stands for log 0; finite, so that differences of two of them stay numbers.
static constexpr float GLOSSA_NEVER = -1e30f;

// One utterance of at least one frame. Planes are [T, U + 1] of the batch's extents.
struct GlossaLattice {
    const int64_t frames, labels, pitch;
    const float *const blank, *const label;

    int64_t diagonals() const { return frames + labels; }
    int64_t width() const { return labels + 3; }  // of a diagonal, with a cell of log 0 on either side
    int64_t low(int64_t d) const { return std::max<int64_t>(0, d - frames + 1); }
    int64_t high(int64_t d) const { return std::min(labels, d); }
    int64_t at(int64_t d, int64_t u) const { return (d - u) * pitch + u; }

    // Shifts a diagonal so that its largest value is 0; returns what was taken off.
    static float relative(float* values, int64_t low, int64_t high) {
        float top = values[low];
        for (int64_t u = low; u <= high; ++u) {
            top = gl_max(top, values[u]);
        }
#pragma omp simd
        for (int64_t u = low; u <= high; ++u) {
            values[u] -= top;
        }
        return top;
    }

    static float logSum(float a, float b) {
        const float top = gl_max(a, b);
        return top + gl_log(gl_exp(a - top) + gl_exp(b - top));
    }

    // What leads to the cells of diagonal d, from those of the one before.
    void forward(const float* before, float* now, int64_t d) const {
        const int64_t first = low(d), last = high(d);
#pragma omp simd
        for (int64_t u = first; u <= last; ++u) {
            const int64_t left = u < d ? at(d - 1, u) : 0, below = u > 0 ? at(d - 1, u - 1) : 0;
            now[u] = logSum(before[u] + blank[left], before[u - 1] + label[below]);
        }
    }

    // Minus the log-probability of all paths.
    float loss() const {
        std::vector<float> one(width(), GLOSSA_NEVER), two(one);
        float *before = one.data() + 1, *now = two.data() + 1;
        now[0] = 0;
        double offset = 0;
        for (int64_t d = 1; d < diagonals(); ++d) {
            std::swap(before, now);
            std::fill(now - 1, now - 1 + width(), GLOSSA_NEVER);
            forward(before, now, d);
            offset += relative(now, low(d), high(d));
        }
        return (float)-(offset + now[labels] + blank[at(diagonals() - 1, labels)]);
    }

    // Of all paths, by probability, the share that goes on from each cell by blank, and by the next label.
    void shares(float* byBlank, float* byLabel) const {
        std::vector<float> alphas(diagonals() * width(), GLOSSA_NEVER);
        float* alpha = alphas.data() + 1;
        alpha[0] = 0;
        for (int64_t d = 1; d < diagonals(); ++d) {
            float* now = alpha + d * width();
            forward(now - width(), now, d);
            relative(now, low(d), high(d));
        }
        std::vector<float> one(width(), GLOSSA_NEVER), two(one), share(width()), cell(width());
        float *after = one.data() + 1, *now = two.data() + 1;
        after[labels] = 0;  // outside of the lattice, by the last blank
        for (int64_t d = diagonals() - 1; d >= 0; --d) {
            const int64_t first = low(d), last = high(d);
            const float* before = alpha + d * width();
            std::fill(now - 1, now - 1 + width(), GLOSSA_NEVER);
#pragma omp simd
            for (int64_t u = first; u <= last; ++u) {
                const float stay = after[u] + blank[at(d, u)];
                const float move = u < labels ? after[u + 1] + label[at(d, u)] : GLOSSA_NEVER;
                now[u] = logSum(stay, move);
                share[u] = 1.0f / (1.0f + gl_exp(move - stay));
            }
            relative(now, first, last);
            float top = GLOSSA_NEVER, sum = 0;
            for (int64_t u = first; u <= last; ++u) {
                top = gl_max(top, before[u] + now[u]);
            }
#pragma omp simd reduction(+ : sum)
            for (int64_t u = first; u <= last; ++u) {
                cell[u] = gl_exp(before[u] + now[u] - top);
                sum += cell[u];
            }
            const float scale = 1.0f / sum;
            for (int64_t u = first; u <= last; ++u) {
                byBlank[at(d, u)] = cell[u] * scale * share[u];
                byLabel[at(d, u)] = cell[u] * scale * (1.0f - share[u]);
            }
            std::swap(after, now);
        }
    }

    // The frame at which the best path emits each label.
    void best(int32_t* frame) const {
        std::vector<double> scores(labels + 1, GLOSSA_NEVER);
        std::vector<uint8_t> moved(frames * (labels + 1), 0);
        scores[0] = 0;
        for (int64_t t = 0; t < frames; ++t) {
            for (int64_t u = 0; u <= labels; ++u) {
                const double stay = t > 0 ? scores[u] + blank[(t - 1) * pitch + u] : u > 0 ? GLOSSA_NEVER : 0.0;
                const double move = u > 0 ? scores[u - 1] + label[t * pitch + u - 1] : GLOSSA_NEVER;
                moved[t * (labels + 1) + u] = move > stay;
                scores[u] = std::max(stay, move);
            }
        }
        int64_t t = frames - 1;
        for (int64_t u = labels; u > 0; --u) {
            while (!moved[t * (labels + 1) + u]) {
                --t;
            }
            frame[u - 1] = (int32_t)t;
        }
    }
};

// [B, U] ← the value of the transducer, frames [B], label lengths [B]; then B, T, U + 1.
static void glossa_transducer_alignment(const int64_t* a) {
    const float* value = (const float*)a[1];
    const int32_t *frames = (const int32_t*)a[2], *lengths = (const int32_t*)a[3];
    const int64_t batch = a[4], extent = a[5], rows = a[6], cells = extent * rows;
#pragma omp parallel for schedule(dynamic)
    for (int64_t b = 0; b < batch; ++b) {
        int32_t* frame = (int32_t*)a[0] + b * (rows - 1);
        std::fill(frame, frame + rows - 1, -1);
        if (frames[b] > 0) {
            const float* blank = value + batch + b * cells;
            GlossaLattice{frames[b], lengths[b], rows, blank, blank + batch * cells}.best(frame);
        }
    }
}
#endif
