// The joint network and the loss of a transducer. Lanes of vectors are cells of the lattice: neighbouring frames of one
// label are a strip, three strips a panel, whose logits are computed at once and stay in a core's caches.
#ifndef GLOSSA_TRANSDUCER_H
#define GLOSSA_TRANSDUCER_H
#include "transducer_lattice.h"
#include "transducer_tiles.h"

template <class P>
struct GlossaTransducer {
    static const int64_t S = GLOSSA_STRIP, PANEL = GLOSSA_PANEL, LINES = GLOSSA_TILE_LINES, PER = P::PER_UNIT;

    const float *const e, *const p;
    const typename P::Element* const w;
    const float* const bias;
    const int32_t *const labels, *const frames, *const lengths;
    const int64_t batch, extent, rows, joint, symbols;
    const int64_t cells = extent * rows;                // of an utterance
    const int64_t joints = (joint + 31) / 32 * 32, all = (symbols + 31) / 32 * 32;  // padded

    // Addresses of a call, and its numbers.
    GlossaTransducer(const int64_t* a, const int64_t* n)
        : e((const float*)a[1]), p((const float*)a[2]), w((const typename P::Element*)a[3]), bias((const float*)a[4]),
          labels((const int32_t*)a[5]), frames((const int32_t*)a[6]), lengths((const int32_t*)a[7]), batch(n[0]),
          extent(n[1]), rows(n[2]), joint(n[3]), symbols(n[4]) {}

    struct Strip {
        int32_t b, t, u, count;  // utterance, first frame, label, frames
    };

    // Those of all cells that count, a block of frames after the other.
    template <class Counts>
    std::vector<Strip> strips(Counts counts) const {
        std::vector<Strip> strips;
        for (int64_t b = 0; b < batch; ++b) {
            for (int64_t t = 0; t < frames[b]; t += S) {
                for (int64_t u = 0; u <= lengths[b]; ++u) {
                    const Strip strip{(int32_t)b, (int32_t)t, (int32_t)u, (int32_t)std::min(S, frames[b] - t)};
                    if (counts(strip)) {
                        strips.push_back(strip);
                    }
                }
            }
        }
        return strips;
    }

    // Where a strip's first cell lies in a plane; the next one is as many as there are rows further.
    int64_t cell(const Strip& s) const { return s.b * cells + s.t * rows + s.u; }

    // The symbol that a strip's cells may go on with; 0 if there is none.
    int32_t next(const Strip& s) const { return s.u < lengths[s.b] ? labels[s.b * (rows - 1) + s.u] : 0; }

    typename P::Element weight(int64_t j, int64_t v) const {
        return j < joint && v < symbols ? w[j * symbols + v] : typename P::Element(0);
    }

    // The weight in units along the joint axis, [all / 8, joints / PER, 8].
    std::vector<int32_t> alongJoint() const {
        std::vector<int32_t> packed(all * joints / PER);
        int32_t* unit = packed.data();
        for (int64_t v = 0; v < all; v += LINES) {
            for (int64_t j = 0; j < joints; j += PER) {
                for (int64_t i = v; i < v + LINES; ++i) {
                    *unit++ = P::unit(weight(j, i), weight(j + PER - 1, i));
                }
            }
        }
        return packed;
    }

    struct Scratch {
        std::vector<float> turned, hidden, logits;  // [joints, lanes], [joints, lanes], [all, panel]
        int64_t b = -1, t = -1;                     // where the first is from

        explicit Scratch(const GlossaTransducer& of)
            : turned(of.joints * S), hidden(of.joints * S), logits(of.all * PANEL) {}
    };

    // tanh(e + p), [joints, lanes]; lanes beyond the strip repeat its last.
    const float* hidden(const Strip& s, Scratch& scratch) const {
        if (scratch.b != s.b || scratch.t != s.t) {
            scratch.b = s.b;
            scratch.t = s.t;
            const float* from = e + (s.b * extent + s.t) * joint;
            for (int64_t j = 0; j < joint; j += S) {
                const int64_t width = std::min(S, joint - j);
                GlossaLanes block[S];
                for (int64_t i = 0; i < S; ++i) {
                    block[i] = glossa_some(from + std::min<int64_t>(i, s.count - 1) * joint + j, width);
                }
                glossa_turn(block);
                memcpy(&scratch.turned[j * S], block, width * sizeof(GlossaLanes));
            }
        }
        const float* row = p + (s.b * rows + s.u) * joint;
        for (int64_t j = 0; j < joint; ++j) {
            glossa_put(&scratch.hidden[j * S], glossa_tanh(glossa_get(&scratch.turned[j * S]) + row[j]));
        }
        return scratch.hidden.data();
    }

    // Rows of lanes as a third of a panel of units along them.
    static void across(const float* lines, int64_t pitch, int64_t count, int32_t* units) {
        for (int64_t k = 0; k < count; k += PER) {
            P::pair(glossa_get(lines + k * pitch), glossa_get(lines + (k + PER - 1) * pitch), units + k / PER * PANEL);
        }
    }

    static void clear(int64_t count, int32_t* units) {
        for (int64_t k = 0; k < count / PER; ++k) {
            std::fill(units + k * PANEL, units + k * PANEL + S, 0);
        }
    }

    // Logits but for the bias, [all, panel].
    void product(const std::vector<int32_t>& weights, const int32_t* units, Scratch& scratch) const {
        const int64_t k = joints / PER;
        for (int64_t v = 0; v < symbols; v += LINES) {
            glossa_tile_sums<P, 3, 1, LINES>(&weights[v * k], 0, units, k, 1, &scratch.logits[v * PANEL]);
        }
    }

    // Adds the bias to a strip's logits; returns their log-sum-exp.
    GlossaLanes normaliser(float* logits) const {
        GlossaLanes top = GlossaLanes{} - INFINITY, sum = {};
        for (int64_t v = 0; v < symbols; ++v) {
            const GlossaLanes x = glossa_get(logits + v * PANEL) + bias[v];
            glossa_put(logits + v * PANEL, x);
            top = x > top ? x : top;
        }
        for (int64_t v = 0; v < symbols; ++v) {
            sum += glossa_exp(glossa_get(logits + v * PANEL) - top);
        }
        return top + glossa_log(sum);
    }
};

// Losses [B] and planes [3, B, T, U + 1] ← e, p, w, b, labels, frames, label lengths; then B, T, U + 1, J, V.
template <class P>
static void glossa_transducer(const int64_t* a) {
    typedef GlossaTransducer<P> Joint;
    const Joint joint(a, a + 8);
    const int64_t plane = joint.batch * joint.cells;
    float* const losses = (float*)a[0];
    float *const blank = losses + joint.batch, *const label = blank + plane, *const sums = label + plane;
    const std::vector<int32_t> weights = joint.alongJoint();
    const auto strips = joint.strips([](const typename Joint::Strip&) { return true; });
    const int64_t count = strips.size();
    std::fill(losses, sums + plane, 0.0f);
#pragma omp parallel
    {
        typename Joint::Scratch scratch(joint);
        std::vector<int32_t> units(joint.joints / Joint::PER * Joint::PANEL, 0);
#pragma omp for schedule(dynamic, 4)
        for (int64_t i = 0; i < count; i += 3) {
            const int64_t some = std::min<int64_t>(3, count - i);
            for (int64_t k = 0; k < some; ++k) {
                Joint::across(joint.hidden(strips[i + k], scratch), Joint::S, joint.joints, &units[k * Joint::S]);
            }
            joint.product(weights, units.data(), scratch);
            for (int64_t k = 0; k < some; ++k) {
                const auto& s = strips[i + k];
                float* logits = &scratch.logits[k * Joint::S];
                const GlossaLanes sum = joint.normaliser(logits);
                const float* next = s.u < joint.lengths[s.b] ? logits + joint.next(s) * Joint::PANEL : nullptr;
                for (int64_t t = 0; t < s.count; ++t) {
                    const int64_t at = joint.cell(s) + t * joint.rows;
                    blank[at] = logits[t] - sum[t];
                    label[at] = next ? next[t] - sum[t] : 0.0f;
                    sums[at] = sum[t];
                }
            }
        }
#pragma omp for schedule(dynamic)
        for (int64_t b = 0; b < joint.batch; ++b) {
            if (joint.frames[b] > 0) {
                const int64_t at = b * joint.cells;
                losses[b] = GlossaLattice{joint.frames[b], joint.lengths[b], joint.rows, blank + at, label + at}.loss();
            }
        }
    }
}

static void glossa_transducer_f32(const int64_t* a) { glossa_transducer<GlossaOnes>(a); }
static void glossa_transducer_bf16(const int64_t* a) { glossa_transducer<GlossaPairs>(a); }
#endif
