// The lattice of a transducer: recursions along its anti-diagonals in log space, by a block for each utterance. Cell (t, u) has
// emitted u labels by frame t; all cells of a diagonal have taken t + u steps. Values of a diagonal are kept relative to the
// best of the one before, so that single precision is enough however long the utterance.
#ifndef GL_TRANSDUCER_LATTICE
#define GL_TRANSDUCER_LATTICE

// Stands for log 0; finite, so that differences of two of them stay numbers.
static const float GL_NEVER = -1e30f;

static const int GL_LATTICE_THREADS = 256;

GL_FN float gl_log_sum(float a, float b) {
    const float top = gl_max(a, b);
    return top + gl_log(gl_exp(a - top) + gl_exp(b - top));
}

// An utterance's part of the planes [B, T, U + 1].
struct GlLattice {
    int frames, labels, rows;
    const float *blank, *label;

    // Of the value of the transducer.
    __device__ GlLattice(
            const float* value, const int32_t* frames, const int32_t* lengths, int64_t batch, int64_t extent, int64_t rows,
            int64_t b)
        : frames(frames[b]), labels(lengths[b]), rows((int)rows), blank(value + batch + b * extent * rows),
          label(blank + batch * extent * rows) {}

    __device__ int diagonals() const { return frames + labels; }
    __device__ int low(int d) const { return d < frames ? 0 : d - frames + 1; }
    __device__ int high(int d) const { return d < labels ? d : labels; }
    __device__ int64_t at(int d, int u) const { return (int64_t)(d - u) * rows + u; }

    // What leads to cell u of diagonal d by blank and by a label, from the diagonal before, with a place before its first cell.
    __device__ float stay(const float* before, int d, int u) const {
        return u < d ? before[u] + blank[at(d - 1, u)] : GL_NEVER;
    }
    __device__ float move(const float* before, int d, int u) const {
        return u > 0 ? before[u - 1] + label[at(d - 1, u - 1)] : GL_NEVER;
    }
};

// Starts both of two diagonals of so many places, with the first cell in the one of even number.
GL_FN void gl_start_lattice(float* diagonals, int places) {
    for (int i = threadIdx.x; i < 2 * places; i += GL_LATTICE_THREADS) {
        diagonals[i] = i == 1 ? 0.0f : GL_NEVER;
    }
    __syncthreads();
}

// Losses [B] of the planes that are below them already; then as a[5] to a[7]: labels, frames, label lengths; B, T, U + 1.
GL_FN void gl_transducer_losses(const int64_t* a) {
    GL_SHARED(shared);
    const int64_t b = blockIdx.x;
    float* const losses = (float*)a[0];
    const GlLattice lattice(losses, (const int32_t*)a[6], (const int32_t*)a[7], a[8], a[9], a[10], b);
    if (lattice.frames < 1) {
        if (threadIdx.x == 0) {
            losses[b] = 0;
        }
        return;
    }
    const int places = lattice.rows + 1;
    float* const diagonal = (float*)shared;
    gl_start_lattice(diagonal, places);
    double offset = 0;
    float top = 0;
    for (int d = 1; d < lattice.diagonals(); ++d) {
        const float* const before = diagonal + (d + 1) % 2 * places + 1;
        float* const now = diagonal + d % 2 * places + 1;
        float best = GL_NEVER;
        for (int u = lattice.low(d) + threadIdx.x; u <= lattice.high(d); u += GL_LATTICE_THREADS) {
            now[u] = gl_log_sum(lattice.stay(before, d, u), lattice.move(before, d, u)) - top;
            best = gl_max(best, now[u]);
        }
        offset += top;
        top = gl_reduce<GlMax, GL_LATTICE_THREADS>(best);
    }
    if (threadIdx.x == 0) {
        const int last = lattice.diagonals() - 1;
        const float end = diagonal[last % 2 * places + 1 + lattice.labels];
        losses[b] = (float)-(offset + end + lattice.blank[lattice.at(last, lattice.labels)]);
    }
}

// Of all paths, by probability, the share that goes on from each cell by blank, and by the next label, [2, B, T, U + 1], with
// room behind them for forward values, [B, T + U, U + 1]; value, frames and label lengths; B, T, U + 1.
GL_FN void gl_lattice_shares(
        float* byBlank, const float* value, const int32_t* frames, const int32_t* lengths, int64_t batch, int64_t extent,
        int64_t rows) {
    GL_SHARED(shared);
    const int64_t b = blockIdx.x, cells = extent * rows;
    const GlLattice lattice(value, frames, lengths, batch, extent, rows, b);
    if (lattice.frames < 1) {
        return;
    }
    float* const byLabel = byBlank + batch * cells;
    float* const alpha = byLabel + batch * cells + b * (extent + rows - 1) * rows;
    byBlank += b * cells;
    const int places = lattice.rows + 1;
    float* const diagonal = (float*)shared;
    gl_start_lattice(diagonal, places);
    float top = 0;
    for (int d = 0; d < lattice.diagonals(); ++d) {
        const float* const before = diagonal + (d + 1) % 2 * places + 1;
        float* const now = diagonal + d % 2 * places + 1;
        float best = GL_NEVER;
        for (int u = lattice.low(d) + threadIdx.x; u <= lattice.high(d); u += GL_LATTICE_THREADS) {
            if (d > 0) {
                now[u] = gl_log_sum(lattice.stay(before, d, u), lattice.move(before, d, u)) - top;
            }
            alpha[(int64_t)d * rows + u] = now[u];
            best = gl_max(best, now[u]);
        }
        top = gl_reduce<GlMax, GL_LATTICE_THREADS>(best);
    }
    // Backward values of the two diagonals in turn; behind the last one only the last blank's end counts.
    __syncthreads();
    const int count = lattice.diagonals();
    for (int i = threadIdx.x; i < 2 * places; i += GL_LATTICE_THREADS) {
        diagonal[i] = i == count % 2 * places + lattice.labels ? 0.0f : GL_NEVER;
    }
    __syncthreads();
    top = 0;
    for (int d = count - 1; d >= 0; --d) {
        const float* const after = diagonal + (d + 1) % 2 * places;
        float* const now = diagonal + d % 2 * places;
        float best = GL_NEVER, most = GL_NEVER, sum = 0;
        for (int u = lattice.low(d) + threadIdx.x; u <= lattice.high(d); u += GL_LATTICE_THREADS) {
            const int64_t at = lattice.at(d, u);
            // Left of the diagonal behind lies a cell of an older one.
            const bool stays = u >= lattice.low(d + 1) || d == count - 1;
            const float stay = stays ? after[u] + lattice.blank[at] : GL_NEVER;
            const float move = u < lattice.labels ? after[u + 1] + lattice.label[at] : GL_NEVER;
            now[u] = gl_log_sum(stay, move) - top;
            byBlank[at] = 1.0f / (1.0f + gl_exp(move - stay));
            best = gl_max(best, now[u]);
            most = gl_max(most, now[u] + alpha[(int64_t)d * rows + u]);
        }
        most = gl_reduce<GlMax, GL_LATTICE_THREADS>(most);
        for (int u = lattice.low(d) + threadIdx.x; u <= lattice.high(d); u += GL_LATTICE_THREADS) {
            sum += gl_exp(now[u] + alpha[(int64_t)d * rows + u] - most);
        }
        sum = gl_reduce<GlSum, GL_LATTICE_THREADS>(sum);
        for (int u = lattice.low(d) + threadIdx.x; u <= lattice.high(d); u += GL_LATTICE_THREADS) {
            const int64_t at = lattice.at(d, u);
            const float share = gl_exp(now[u] + alpha[(int64_t)d * rows + u] - most) / sum;
            byLabel[b * cells + at] = share * (1.0f - byBlank[at]);
            byBlank[at] *= share;
        }
        top = gl_reduce<GlMax, GL_LATTICE_THREADS>(best);
    }
}

// [B, U] ← the value of the transducer, frames [B], label lengths [B]; a workspace of bytes [B, T + U, U + 1]; then B, T, U + 1.
GL_FN void gl_transducer_alignment(const int64_t* a) {
    GL_SHARED(shared);
    const int64_t b = blockIdx.x, rows = a[7];
    const GlLattice lattice(
            (const float*)a[1], (const int32_t*)a[2], (const int32_t*)a[3], a[5], a[6], rows, b);
    int32_t* const frame = (int32_t*)a[0] + b * (rows - 1);
    for (int u = threadIdx.x; u < rows - 1; u += GL_LATTICE_THREADS) {
        frame[u] = -1;
    }
    if (lattice.frames < 1) {
        return;
    }
    uint8_t* const moved = (uint8_t*)a[4] + b * (a[6] + rows - 1) * rows;
    const int places = lattice.rows + 1;
    float* const diagonal = (float*)shared;
    gl_start_lattice(diagonal, places);
    float top = 0;
    for (int d = 1; d < lattice.diagonals(); ++d) {
        const float* const before = diagonal + (d + 1) % 2 * places + 1;
        float* const now = diagonal + d % 2 * places + 1;
        float best = GL_NEVER;
        for (int u = lattice.low(d) + threadIdx.x; u <= lattice.high(d); u += GL_LATTICE_THREADS) {
            const float stay = lattice.stay(before, d, u), move = lattice.move(before, d, u);
            moved[d * rows + u] = move > stay;
            now[u] = gl_max(stay, move) - top;
            best = gl_max(best, now[u]);
        }
        top = gl_reduce<GlMax, GL_LATTICE_THREADS>(best);
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        int u = lattice.labels;
        for (int d = lattice.diagonals() - 1; u > 0; --d) {
            if (moved[d * rows + u]) {
                --u;
                frame[u] = d - 1 - u;
            }
        }
    }
}
#endif
