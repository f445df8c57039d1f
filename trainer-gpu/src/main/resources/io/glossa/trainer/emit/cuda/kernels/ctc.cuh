// Connectionist temporal classification: the forward and backward recursions in log space, by a block for each utterance
// with its states over the threads. Values of a frame are kept relative to the best of the frame before, so that single
// precision is enough however long the utterance.
#pragma once

// Stands for log 0; finite, so that differences of two of them stay numbers.
static const float GL_CTC_NONE = -1e30f;

// Frames whose logits are fetched ahead.
static const int GL_CTC_AHEAD = 3;

static const int GL_CTC_ROW_THREADS = 128;

GL_FN float gl_ctc_sum(float a, float b, float c) {
    const float top = gl_max(gl_max(a, b), c);
    return top + gl_log(gl_exp(a - top) + gl_exp(b - top) + gl_exp(c - top));
}

// Result, logits [B, T, V], labels [B, U], frames [B], label lengths [B], workspace; then B, T, V, U.
struct GlCtc {
    const float* logits;
    const int32_t *labels, *frameCounts, *lengths;
    int64_t batch, extent, symbols, room;
    float* normaliser;  // [B, T]
    int32_t* possible;  // [B]
    int32_t* links;     // [B, U]: 2·(the next label that is the same, or U) + whether it is the first
    float* joint;       // [B, T, 2·U + 1]: forward values, later with the backward values added

    __device__ explicit GlCtc(const int64_t* a)
        : logits((const float*)a[1]), labels((const int32_t*)a[2]), frameCounts((const int32_t*)a[3]),
          lengths((const int32_t*)a[4]), batch(a[6]), extent(a[7]), symbols(a[8]), room(a[9]) {
        normaliser = (float*)a[5];
        possible = (int32_t*)(normaliser + batch * extent);
        links = possible + batch;
        joint = (float*)(links + batch * room);
    }

    __device__ int frames(int64_t b) const { return (int)min((int64_t)frameCounts[b], extent); }
};

// Logarithms of the sums of a frame's exponentials, by a warp for each frame; rows have a multiple of N logits.
template <int N>
GL_FN void gl_ctc_normalisers(const int64_t* a) {
    const GlCtc c(a);
    const int64_t frame = blockIdx.x * (int64_t)(GL_CTC_ROW_THREADS / GL_WARP) + threadIdx.x / GL_WARP;
    if (frame >= c.batch * c.extent) {
        return;
    }
    const float* const row = c.logits + frame * c.symbols;
    const int lane = threadIdx.x % GL_WARP;
    float top = -INFINITY, sum = 0, x[N];
    for (int64_t v = lane * N; v < c.symbols; v += GL_WARP * N) {
        gl_load<N>(row + v, x);
#pragma unroll
        for (int i = 0; i < N; ++i) {
            top = gl_max(top, x[i]);
        }
    }
    top = gl_reduce<GlMax, GL_WARP>(top);
    for (int64_t v = lane * N; v < c.symbols; v += GL_WARP * N) {
        gl_load<N>(row + v, x);
#pragma unroll
        for (int i = 0; i < N; ++i) {
            sum += gl_exp(x[i] - top);
        }
    }
    sum = gl_reduce<GlSum, GL_WARP>(sum);
    if (lane == 0) {
        c.normaliser[frame] = top + gl_log(sum);
    }
}

// The states of an utterance, blank, label 1, blank, ... label U, blank: state s belongs to thread s % P, as its (s / P)-th
// of N. In shared memory each has a place behind two that stay unreachable.
template <int P, int N>
struct GlCtcStates {
    const float *logits, *normaliser;
    const int32_t* labels;
    int64_t symbols;
    int frames, states;
    int32_t symbol[N];
    float logit[GL_CTC_AHEAD][N], total[GL_CTC_AHEAD];

    __device__ GlCtcStates(const GlCtc& c, int64_t b)
        : logits(c.logits + b * c.extent * c.symbols), normaliser(c.normaliser + b * c.extent),
          labels(c.labels + b * c.room), symbols(c.symbols), frames(c.frames(b)), states(2 * c.lengths[b] + 1) {
#pragma unroll
        for (int i = 0; i < N; ++i) {
            const int s = state(i);
            symbol[i] = s < states && s % 2 ? labels[s / 2] : 0;
        }
    }

    __device__ int state(int i) const { return threadIdx.x + i * P; }

    // 0 where state s may be entered from s - 2, else log 0.
    __device__ float skip(int s) const {
        return s < states && s % 2 && s > 1 && labels[s / 2] != labels[s / 2 - 1] ? 0.0f : GL_CTC_NONE;
    }

    // Fetches the logits of a frame into place j.
    __device__ void fetch(int j, int t) {
        if (t >= 0 && t < frames) {
            total[j] = normaliser[t];
#pragma unroll
            for (int i = 0; i < N; ++i) {
                logit[j][i] = logits[t * symbols + symbol[i]];
            }
        }
    }

    // The log-probability of a state's symbol in the frame at place j.
    __device__ float emission(int j, int i) const { return logit[j][i] - total[j]; }

    // Shows the values of all states to all threads, and returns the best. There is room for two frames.
    __device__ float share(const float (&value)[N], float* shown, float* tops) const {
        float top = GL_CTC_NONE;
#pragma unroll
        for (int i = 0; i < N; ++i) {
            shown[2 + state(i)] = value[i];
            top = gl_max(top, value[i]);
        }
        top = gl_reduce<GlMax, GL_WARP>(top);
        if (threadIdx.x % GL_WARP == 0) {
            tops[threadIdx.x / GL_WARP] = top;
        }
        __syncthreads();
        top = tops[0];
#pragma unroll
        for (int w = 1; w < P / GL_WARP; ++w) {
            top = gl_max(top, tops[w]);
        }
        return top;
    }
};

// The forward recursion; keeps the values of each frame in c.joint if they are wanted (KEPT). Returns the negative
// log-likelihood to thread 0, 0 where no alignment exists.
template <int P, int N, bool KEPT>
GL_FN float gl_ctc_forward(const GlCtc& c, int64_t b) {
    __shared__ float shown[2][P * N + 2];
    __shared__ float tops[2][P / GL_WARP];
    GlCtcStates<P, N> u(c, b);
    const int64_t row = 2 * c.room + 1;
    float* const kept = c.joint + b * c.extent * row;
    float skip[N], value[N];
#pragma unroll
    for (int i = 0; i < N; ++i) {
        skip[i] = u.skip(u.state(i));
    }
    if (threadIdx.x < 4) {
        shown[threadIdx.x / 2][threadIdx.x % 2] = GL_CTC_NONE;
    }
#pragma unroll
    for (int j = 0; j < GL_CTC_AHEAD; ++j) {
        u.fetch(j, j);
    }
    double offset = 0;
    float top = 0;
    int half = 0;
    for (int first = 0; first < u.frames; first += GL_CTC_AHEAD) {
#pragma unroll
        for (int j = 0; j < GL_CTC_AHEAD; ++j) {
            const int t = first + j;
            if (t < u.frames) {
#pragma unroll
                for (int i = 0; i < N; ++i) {
                    const int s = u.state(i);
                    if (t == 0) {
                        value[i] = s < 2 && s < u.states ? u.emission(j, i) : GL_CTC_NONE;
                    } else {
                        const float* const before = shown[half ^ 1] + s;
                        const float sum = gl_ctc_sum(before[2], before[1], before[0] + skip[i]);
                        value[i] = s < u.states ? gl_max(u.emission(j, i) + sum - top, GL_CTC_NONE) : GL_CTC_NONE;
                    }
                    if (KEPT && s < u.states) {
                        kept[t * row + s] = value[i];
                    }
                }
                u.fetch(j, t + GL_CTC_AHEAD);
                offset += top;
                top = u.share(value, shown[half], tops[half]);
                half ^= 1;
            }
        }
    }
    const float* const last = shown[half ^ 1] + 2 + u.states;
    const float end = u.states == 1 ? last[-1] : gl_ctc_sum(last[-1], last[-2], GL_CTC_NONE);
    return end < GL_CTC_NONE / 2 ? 0.0f : (float)-(offset + end);
}

// nll [B], by P threads for each utterance, of at most P·N states.
template <int P, int N>
GL_FN void gl_ctc_nll(const int64_t* a) {
    const GlCtc c(a);
    const int64_t b = blockIdx.x;
    const float nll = c.frames(b) < 1 ? 0.0f : gl_ctc_forward<P, N, false>(c, b);
    if (threadIdx.x == 0) {
        ((float*)a[0])[b] = nll;
    }
}

// What a gradient needs of the way forward: c.possible, c.links, c.joint.
template <int P, int N>
GL_FN void gl_ctc_alignments(const int64_t* a) {
    const GlCtc c(a);
    const int64_t b = blockIdx.x;
    if (c.frames(b) < 1) {
        return;
    }
    const int32_t* const labels = c.labels + b * c.room;
    const int length = c.lengths[b];
    for (int u = threadIdx.x; u < length; u += P) {
        int next = (int)c.room, first = 1;
        for (int other = length - 1; other >= 0; --other) {
            const bool same = labels[other] == labels[u];
            next = same && other > u ? other : next;
            first = same && other < u ? 0 : first;
        }
        c.links[b * c.room + u] = 2 * next + first;
    }
    const float nll = gl_ctc_forward<P, N, true>(c, b);
    if (threadIdx.x == 0) {
        // Where the labels are certain, there is no gradient either.
        c.possible[b] = nll != 0;
    }
}

// Adds to the forward values what the frames behind give.
template <int P, int N>
GL_FN void gl_ctc_backward(const int64_t* a) {
    const GlCtc c(a);
    const int64_t b = blockIdx.x;
    if (c.frames(b) < 1 || !c.possible[b]) {
        return;
    }
    __shared__ float shown[2][P * N + 4];
    __shared__ float tops[2][P / GL_WARP];
    GlCtcStates<P, N> u(c, b);
    const int64_t row = 2 * c.room + 1;
    float* const joint = c.joint + b * c.extent * row;
    float skip[N], after[N], value[N], forward[GL_CTC_AHEAD][N];
#pragma unroll
    for (int i = 0; i < N; ++i) {
        const int s = u.state(i);
        skip[i] = u.skip(s + 2);
        after[i] = s >= u.states - 2 && s < u.states ? 0.0f : GL_CTC_NONE;
    }
    if (threadIdx.x < 4) {
        shown[threadIdx.x / 2][2 + P * N + threadIdx.x % 2] = GL_CTC_NONE;
    }
#pragma unroll
    for (int j = 0; j < GL_CTC_AHEAD; ++j) {
        const int t = u.frames - 1 - j;
        u.fetch(j, t);
#pragma unroll
        for (int i = 0; i < N; ++i) {
            forward[j][i] = t >= 0 && u.state(i) < u.states ? joint[t * row + u.state(i)] : 0.0f;
        }
    }
    int half = 0;
    for (int last = u.frames - 1; last >= 0; last -= GL_CTC_AHEAD) {
#pragma unroll
        for (int j = 0; j < GL_CTC_AHEAD; ++j) {
            const int t = last - j, ahead = t - GL_CTC_AHEAD;
            if (t >= 0) {
#pragma unroll
                for (int i = 0; i < N; ++i) {
                    const int s = u.state(i);
                    if (s < u.states) {
                        joint[t * row + s] = forward[j][i] + after[i];
                        forward[j][i] = ahead >= 0 ? joint[ahead * row + s] : 0.0f;
                    }
                    value[i] = s < u.states ? after[i] + u.emission(j, i) : GL_CTC_NONE;
                }
                u.fetch(j, ahead);
                const float top = u.share(value, shown[half], tops[half]);
#pragma unroll
                for (int i = 0; i < N; ++i) {
                    const float* const here = shown[half] + 2 + u.state(i);
                    const float sum = gl_ctc_sum(here[0], here[1], here[2] + skip[i]);
                    after[i] = gl_max(sum - top, GL_CTC_NONE);
                }
                half ^= 1;
            }
        }
    }
}

// dlogits [B, T, V]: softmax less the posterior of each symbol, by a block along x for a frame and along y for an utterance;
// shared memory for the states. States with the same symbol are added in their order.
template <int N>
GL_FN void gl_ctc_gradient(const int64_t* a) {
    const GlCtc c(a);
    const int64_t b = blockIdx.y, t = blockIdx.x, frame = b * c.extent + t;
    const float* const logits = c.logits + frame * c.symbols;
    float* const out = (float*)a[0] + frame * c.symbols;
    const bool there = t < c.frames(b) && c.possible[b];
    const float total = there ? c.normaliser[frame] : 0.0f;
    for (int64_t v = threadIdx.x * N; v < c.symbols; v += GL_CTC_ROW_THREADS * N) {
        float x[N] = {};
        if (there) {
            gl_load<N>(logits + v, x);
#pragma unroll
            for (int i = 0; i < N; ++i) {
                x[i] = gl_exp(x[i] - total);
            }
        }
        gl_store<N>(out + v, x);
    }
    if (!there) {
        return;
    }
    GL_SHARED(shared);
    float* const posterior = (float*)shared;
    const float* const joint = c.joint + frame * (2 * c.room + 1);
    const int length = c.lengths[b], states = 2 * length + 1;
    float top = GL_CTC_NONE, sum = 0, blank = 0;
    for (int s = threadIdx.x; s < states; s += GL_CTC_ROW_THREADS) {
        posterior[s] = joint[s];
        top = gl_max(top, joint[s]);
    }
    top = gl_reduce<GlMax, GL_CTC_ROW_THREADS>(top);
    for (int s = threadIdx.x; s < states; s += GL_CTC_ROW_THREADS) {
        const float x = gl_exp(posterior[s] - top);
        posterior[s] = x;
        sum += x;
        blank += s % 2 ? 0.0f : x;
    }
    sum = gl_reduce<GlSum, GL_CTC_ROW_THREADS>(sum);
    blank = gl_reduce<GlSum, GL_CTC_ROW_THREADS>(blank);
    if (threadIdx.x == 0) {
        out[0] -= blank / sum;
    }
    const int32_t* const links = c.links + b * c.room;
    for (int u = threadIdx.x; u < length; u += GL_CTC_ROW_THREADS) {
        int link = links[u];
        if (link & 1) {
            float all = posterior[2 * u + 1];
            while (link >> 1 < length) {
                all += posterior[2 * (link >> 1) + 1];
                link = links[link >> 1];
            }
            out[c.labels[b * c.room + u]] -= all / sum;
        }
    }
}
