// Connectionist temporal classification: the forward and backward recursions in log space. Values of a frame are kept
// relative to the frame's best, so that single precision is enough however long the utterance.
#ifndef GLOSSA_CTC_H
#define GLOSSA_CTC_H
#include <algorithm>
#include <cstdint>
#include <vector>

// Stands for log 0; finite, so that differences of two of them stay numbers.
static constexpr float GLOSSA_CTC_NONE = -1e30f;

static inline float glossa_log_sum(float a, float b, float c) {
    const float top = gl_max(gl_max(a, b), c);
    return top + gl_log(gl_exp(a - top) + gl_exp(b - top) + gl_exp(c - top));
}

// One utterance: its states are blank, label 1, blank, ... label U, blank, with two unreachable ones at either end.
struct GlossaCtc {
    int64_t frames, states, symbols;
    const float* logits;
    std::vector<int32_t> symbol;
    std::vector<float> skip;      // 0 where state s may be entered from s - 2, else log 0
    std::vector<float> emission;  // of the states in one frame

    GlossaCtc(const float* logits, const int32_t* labels, int64_t frames, int64_t labelCount, int64_t symbols)
        : frames(frames), states(2 * labelCount + 1), symbols(symbols), logits(logits), symbol(states, 0),
          skip(states + 2, GLOSSA_CTC_NONE), emission(states + 2, GLOSSA_CTC_NONE) {
        for (int64_t u = 0; u < labelCount; ++u) {
            symbol[2 * u + 1] = labels[u];
            if (u > 0 && labels[u] != labels[u - 1]) {
                skip[2 * u + 1] = 0;
            }
        }
    }

    float normaliser(int64_t t) const {
        const float* row = logits + t * symbols;
        float top = row[0];
        for (int64_t v = 1; v < symbols; ++v) {
            top = gl_max(top, row[v]);
        }
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int64_t v = 0; v < symbols; ++v) {
            sum += gl_exp(row[v] - top);
        }
        return top + gl_log(sum);
    }

    void emit(int64_t t) {
        const float* row = logits + t * symbols;
        const float total = normaliser(t);
        for (int64_t s = 0; s < states; ++s) {
            emission[s] = row[symbol[s]] - total;
        }
    }

    // Shifts a frame's values so that the largest is 0; returns what was taken off.
    float relative(float* values) const {
        float top = values[0];
        for (int64_t s = 1; s < states; ++s) {
            top = gl_max(top, values[s]);
        }
#pragma omp simd
        for (int64_t s = 0; s < states; ++s) {
            values[s] = gl_max(values[s] - top, GLOSSA_CTC_NONE);
        }
        return top;
    }

    // Forward values of frame t from those of the frame before; both have two spare values in front.
    void forward(const float* before, float* now, int64_t t) {
        emit(t);
        const float* e = emission.data();
        const float* mayskip = skip.data();
#pragma omp simd
        for (int64_t s = 0; s < states; ++s) {
            now[s] = e[s] + glossa_log_sum(before[s], before[s - 1], before[s - 2] + mayskip[s]);
        }
    }

    void start(float* now) {
        emit(0);
        std::fill(now, now + states, GLOSSA_CTC_NONE);
        for (int64_t s = 0; s < std::min<int64_t>(2, states); ++s) {
            now[s] = emission[s];
        }
    }

    // What frames t + 1 and later give, from the same of the frame after; emission is that of the frame after.
    void backward(const float* after, float* now) const {
        const float* e = emission.data();
        const float* mayskip = skip.data();
#pragma omp simd
        for (int64_t s = 0; s < states; ++s) {
            now[s] = glossa_log_sum(
                    after[s] + e[s], after[s + 1] + e[s + 1], after[s + 2] + e[s + 2] + mayskip[s + 2]);
        }
    }

    float ends(const float* last) const {
        return states == 1 ? last[0] : glossa_log_sum(last[states - 1], last[states - 2], GLOSSA_CTC_NONE);
    }
};

// nll [B] ← logits [B, T, V], labels [B, U], frames [B], label lengths [B]; then B, T, V, U.
static void glossa_ctc_nll(const int64_t* a) {
    float* nll = (float*)a[0];
    const float* logits = (const float*)a[1];
    const int32_t* labels = (const int32_t*)a[2];
    const int32_t* frames = (const int32_t*)a[3];
    const int32_t* lengths = (const int32_t*)a[4];
    const int64_t batch = a[5], extent = a[6], symbols = a[7], room = a[8];
#pragma omp parallel for schedule(dynamic)
    for (int64_t b = 0; b < batch; ++b) {
        nll[b] = 0;
        if (frames[b] < 1) {
            continue;
        }
        GlossaCtc ctc(logits + b * extent * symbols, labels + b * room, frames[b], lengths[b], symbols);
        std::vector<float> one(ctc.states + 2, GLOSSA_CTC_NONE), two(one);
        float *before = one.data() + 2, *now = two.data() + 2;
        ctc.start(now);
        double offset = ctc.relative(now);
        for (int64_t t = 1; t < ctc.frames; ++t) {
            std::swap(before, now);
            ctc.forward(before, now, t);
            offset += ctc.relative(now);
        }
        const float end = ctc.ends(now);
        nll[b] = end < GLOSSA_CTC_NONE / 2 ? 0.0f : (float)-(offset + end);
    }
}

// dlogits [B, T, V] ← the same inputs and numbers: softmax less the posterior of each symbol in each frame.
static void glossa_ctc_gradient(const int64_t* a) {
    float* result = (float*)a[0];
    const float* logits = (const float*)a[1];
    const int32_t* labels = (const int32_t*)a[2];
    const int32_t* frames = (const int32_t*)a[3];
    const int32_t* lengths = (const int32_t*)a[4];
    const int64_t batch = a[5], extent = a[6], symbols = a[7], room = a[8];
#pragma omp parallel for schedule(dynamic)
    for (int64_t b = 0; b < batch; ++b) {
        float* gradient = result + b * extent * symbols;
        std::fill(gradient, gradient + extent * symbols, 0.0f);
        if (frames[b] < 1) {
            continue;
        }
        GlossaCtc ctc(logits + b * extent * symbols, labels + b * room, frames[b], lengths[b], symbols);
        const int64_t states = ctc.states, row = states + 2;
        std::vector<float> alphas(ctc.frames * row + 2, GLOSSA_CTC_NONE);
        float* alpha = alphas.data() + 2;
        ctc.start(alpha);
        ctc.relative(alpha);
        for (int64_t t = 1; t < ctc.frames; ++t) {
            ctc.forward(alpha + (t - 1) * row, alpha + t * row, t);
            ctc.relative(alpha + t * row);
        }
        if (ctc.ends(alpha + (ctc.frames - 1) * row) < GLOSSA_CTC_NONE / 2) {
            continue;
        }
        std::vector<float> one(states + 2, GLOSSA_CTC_NONE), two(one), posterior(states);
        float *after = one.data(), *now = two.data();
        for (int64_t s = std::max<int64_t>(0, states - 2); s < states; ++s) {
            now[s] = 0;
        }
        for (int64_t t = ctc.frames - 1; t >= 0; --t) {
            if (t < ctc.frames - 1) {
                std::swap(after, now);
                ctc.emit(t + 1);
                ctc.backward(after, now);
                ctc.relative(now);
            }
            const float* forward = alpha + t * row;
            float top = GLOSSA_CTC_NONE;
            for (int64_t s = 0; s < states; ++s) {
                top = gl_max(top, forward[s] + now[s]);
            }
            float sum = 0;
#pragma omp simd reduction(+ : sum)
            for (int64_t s = 0; s < states; ++s) {
                posterior[s] = gl_exp(forward[s] + now[s] - top);
                sum += posterior[s];
            }
            const float* logit = ctc.logits + t * symbols;
            float* out = gradient + t * symbols;
            const float total = ctc.normaliser(t);
#pragma omp simd
            for (int64_t v = 0; v < symbols; ++v) {
                out[v] = gl_exp(logit[v] - total);
            }
            for (int64_t s = 0; s < states; ++s) {
                out[ctc.symbol[s]] -= posterior[s] / sum;
            }
        }
    }
}
#endif
