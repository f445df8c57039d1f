// The gradient of a transducer's loss. A tile of panels at a time, all threads compute the gradient of its logits, panel by
// panel, and then what follows from it, joint unit by joint unit: so each sum is added up in one order, however many threads
// there are.
#ifndef GLOSSA_TRANSDUCER_GRADIENT_H
#define GLOSSA_TRANSDUCER_GRADIENT_H
#include "transducer.h"

// A cell's share of all paths below which it changes no sum in single precision: each frame's and each label's cells have a
// share of at least 1 together.
static constexpr float GLOSSA_NO_SHARE = 0x1p-40f;

template <class P>
struct GlossaTransducerGradient : GlossaTransducer<P> {
    typedef GlossaTransducer<P> Base;
    typedef typename Base::Strip Strip;
    typedef typename Base::Scratch Scratch;
    using Base::S, Base::PANEL, Base::LINES, Base::PER;
    using Base::batch, Base::extent, Base::rows, Base::cells, Base::joint, Base::joints, Base::symbols, Base::all;
    static const int64_t PANELS = 16;  // of a tile
    static const int64_t UNITS = 32;   // of the joint network, that a thread deals with at once
    static const int64_t LANE_UNITS = PANEL / PER;

    const float *const value, *const dy;
    float *const de, *const dp, *const dw, *const db;
    const std::vector<int32_t> forth = this->alongJoint(), back = alongSymbols();
    std::vector<float> byBlank, byLabel;  // shares of the paths that go on so from each cell
    std::vector<Strip> strips;

    // Of the tile. Units are along the joint axis, the symbols, or lanes.
    std::vector<int32_t> hiddenAcross;    // [panels, joints / PER, panel]
    std::vector<int32_t> hiddenAlong;     // [panels, joints, panel / PER]
    std::vector<float> slope;             // of tanh, [panels, joints, panel]
    std::vector<int32_t> gradientAcross;  // [panels, all / PER, panel]
    std::vector<int32_t> gradientAlong;   // [columns, panels, panel / PER, panel], a column being as many symbols
    std::vector<float> sums;              // over the lanes of each panel, [panels, all]

    explicit GlossaTransducerGradient(const int64_t* a)
        : Base(a, a + 10), value((const float*)a[8]), dy((const float*)a[9]), de((float*)a[0]),
          dp(de + batch * extent * joint), dw(dp + batch * rows * joint), db(dw + joint * symbols),
          byBlank(batch * cells), byLabel(batch * cells), hiddenAcross(PANELS * joints / PER * PANEL),
          hiddenAlong(PANELS * joints * LANE_UNITS), slope(PANELS * joints * PANEL),
          gradientAcross(PANELS * all / PER * PANEL), gradientAlong(columns() * PANELS * LANE_UNITS * PANEL),
          sums(PANELS * all) {
        std::fill(de, db + symbols, 0.0f);
    }

    int64_t columns() const { return (symbols + PANEL - 1) / PANEL; }

    // The weight in units along the symbols, [joints / 8, all / PER, 8].
    std::vector<int32_t> alongSymbols() const {
        std::vector<int32_t> packed(all * joints / PER);
        int32_t* unit = packed.data();
        for (int64_t j = 0; j < joints; j += LINES) {
            for (int64_t v = 0; v < all; v += PER) {
                for (int64_t i = j; i < j + LINES; ++i) {
                    *unit++ = P::unit(this->weight(i, v), this->weight(i, v + PER - 1));
                }
            }
        }
        return packed;
    }

    void run() {
#pragma omp parallel for schedule(dynamic)
        for (int64_t b = 0; b < batch; ++b) {
            if (this->frames[b] > 0) {
                const float *const blank = value + batch + b * cells, *const label = blank + batch * cells;
                GlossaLattice{this->frames[b], this->lengths[b], rows, blank, label}.shares(
                        &byBlank[b * cells], &byLabel[b * cells]);
            }
        }
        strips = Base::strips([this](const Strip& s) {
            bool counts = false;
            for (int64_t at = this->cell(s), t = 0; t < s.count; ++t, at += rows) {
                counts |= !(byBlank[at] + byLabel[at] < GLOSSA_NO_SHARE);
            }
            return counts;
        });
        const int64_t count = strips.size();
#pragma omp parallel
        {
            Scratch scratch(*this);
            std::vector<float> product(UNITS * PANEL);
            for (int64_t first = 0; first < count; first += 3 * PANELS) {
                const int64_t panels = std::min(PANELS, (count - first + 2) / 3);
#pragma omp for schedule(dynamic)
                for (int64_t panel = 0; panel < panels; ++panel) {
                    const int64_t some = std::min<int64_t>(3, count - first - 3 * panel);
                    logitGradient(&strips[first + 3 * panel], some, panel, scratch);
                }
#pragma omp for schedule(dynamic)
                for (int64_t j = 0; j < joints; j += UNITS) {
                    for (int64_t panel = 0; panel < panels; ++panel) {
                        const int64_t some = std::min<int64_t>(3, count - first - 3 * panel);
                        inputGradients(&strips[first + 3 * panel], some, panel, j, product.data());
                    }
                    weightGradient(panels, j, product.data());
                }
#pragma omp single
                for (int64_t panel = 0; panel < panels; ++panel) {
                    for (int64_t v = 0; v < symbols; ++v) {
                        db[v] += sums[panel * all + v];
                    }
                }
            }
        }
    }

    void logitGradient(const Strip* strip, int64_t count, int64_t panel, Scratch& scratch) {
        int32_t* const across = &hiddenAcross[panel * joints / PER * PANEL];
        std::fill_n(&sums[panel * all], all, 0.0f);
        for (int64_t i = 0; i < 3; ++i) {
            if (i < count) {
                const float* h = this->hidden(strip[i], scratch);
                Base::across(h, S, joints, across + i * S);
                for (int64_t j = 0; j < joint; ++j) {
                    const GlossaLanes x = glossa_get(h + j * S);
                    glossa_put(&slope[(panel * joints + j) * PANEL + i * S], 1.0f - x * x);
                    P::line(x, &hiddenAlong[(panel * joints + j) * LANE_UNITS + i * S / PER]);
                }
            } else {
                Base::clear(joints, across + i * S);
                for (int64_t j = 0; j < joint; ++j) {
                    P::line(GlossaLanes{}, &hiddenAlong[(panel * joints + j) * LANE_UNITS + i * S / PER]);
                }
            }
        }
        this->product(forth, across, scratch);
        for (int64_t i = 0; i < 3; ++i) {
            float* logits = &scratch.logits[i * S];
            if (i < count) {
                softmaxGradient(strip[i], logits);
            } else {
                for (int64_t v = 0; v < symbols; ++v) {
                    glossa_put(logits + v * PANEL, GlossaLanes{});
                }
            }
            Base::across(logits, PANEL, all, &gradientAcross[panel * all / PER * PANEL + i * S]);
            along(logits, panel, i);
        }
    }

    // Logits but for the bias become their gradient.
    void softmaxGradient(const Strip& s, float* logits) const {
        GlossaLanes normaliser = {}, blank = {}, label = {};
        const float* const normalisers = value + batch + 2 * batch * cells;
        for (int64_t t = 0; t < S; ++t) {
            const int64_t at = this->cell(s) + std::min<int64_t>(t, s.count - 1) * rows;
            normaliser[t] = normalisers[at];
            blank[t] = t < s.count ? byBlank[at] * dy[s.b] : 0.0f;
            label[t] = t < s.count ? byLabel[at] * dy[s.b] : 0.0f;
        }
        const GlossaLanes both = blank + label;
        for (int64_t v = 0; v < symbols; ++v) {
            const GlossaLanes x = glossa_get(logits + v * PANEL) + this->bias[v];
            glossa_put(logits + v * PANEL, glossa_exp(x - normaliser) * both);
        }
        glossa_put(logits, glossa_get(logits) - blank);
        float* next = logits + this->next(s) * PANEL;
        glossa_put(next, glossa_get(next) - label);
    }

    // A strip's gradient in units along its lanes, and its sums over them.
    void along(const float* gradient, int64_t panel, int64_t i) {
        for (int64_t v = 0; v < symbols; v += S) {
            GlossaLanes block[S], sum = {};
            for (int64_t k = 0; k < S; ++k) {
                block[k] = glossa_get(gradient + (v + k) * PANEL);
            }
            glossa_turn(block);
            int32_t* to = &gradientAlong[((v / PANEL * PANELS + panel) * LANE_UNITS + i * S / PER) * PANEL + v % PANEL];
            for (int64_t k = 0; k < S; k += PER) {
                P::pair(block[k], block[k + PER - 1], to + k / PER * PANEL);
            }
            for (int64_t k = 0; k < S; ++k) {
                sum += block[k];
            }
            glossa_add(&sums[panel * all + v], sum, S);
        }
    }

    // What some units of the joint network send back to the inputs of a panel.
    void inputGradients(const Strip* strip, int64_t count, int64_t panel, int64_t j, float* product) {
        const int64_t k = all / PER;
        for (int64_t line = 0; line < UNITS; line += LINES) {
            glossa_tile_sums<P, 3, 1, LINES>(
                    &back[(j + line) * k], 0, &gradientAcross[panel * k * PANEL], k, 1, product + line * PANEL);
        }
        for (int64_t i = 0; i < count; ++i) {
            const Strip& s = strip[i];
            for (int64_t line = 0; line < UNITS && j + line < joint; line += S) {
                const int64_t width = std::min(S, joint - j - line);
                GlossaLanes block[S], sum = {};
                for (int64_t l = 0; l < S; ++l) {
                    const int64_t at = (line + l) * PANEL + i * S;
                    block[l] = glossa_get(product + at) * glossa_get(&slope[(panel * joints + j) * PANEL + at]);
                }
                glossa_turn(block);
                float* to = de + (s.b * extent + s.t) * joint + j + line;
                for (int64_t t = 0; t < s.count; ++t) {
                    glossa_add(to + t * joint, block[t], width);
                    sum += block[t];
                }
                glossa_add(dp + (s.b * rows + s.u) * joint + j + line, sum, width);
            }
        }
    }

    // Adds some rows of the weight's gradient.
    void weightGradient(int64_t panels, int64_t j, float* product) {
        for (int64_t v = 0; v < symbols; v += PANEL) {
            const int32_t* column = &gradientAlong[v * PANELS * LANE_UNITS];
            for (int64_t line = j; line < j + UNITS && line < joint; line += LINES) {
                const int32_t* lines = &hiddenAlong[line * LANE_UNITS];
                if (symbols - v > 2 * S) {
                    sum<3>(lines, column, panels, product);
                } else if (symbols - v > S) {
                    sum<2>(lines, column, panels, product);
                } else {
                    sum<1>(lines, column, panels, product);
                }
                for (int64_t l = 0; l < std::min<int64_t>(LINES, joint - line); ++l) {
                    for (int64_t n = 0; n < std::min(PANEL, symbols - v); n += S) {
                        glossa_add(
                                dw + (line + l) * symbols + v + n, glossa_get(product + l * PANEL + n), symbols - v - n);
                    }
                }
            }
        }
    }

    template <int NR>
    void sum(const int32_t* lines, const int32_t* column, int64_t panels, float* product) const {
        glossa_tile_sums<P, NR, LANE_UNITS, 1>(lines, joints * LANE_UNITS, column, LANE_UNITS, panels, product);
    }
};

// Gradients of e, p, w and b ← e, p, w, b, labels, frames, label lengths, what glossa_transducer returned, dy [B]; then B, T,
// U + 1, J, V.
static void glossa_transducer_gradient_f32(const int64_t* a) { GlossaTransducerGradient<GlossaOnes>(a).run(); }
static void glossa_transducer_gradient_bf16(const int64_t* a) { GlossaTransducerGradient<GlossaPairs>(a).run(); }
#endif
