// Gradient of a depthwise convolution's taps, in two launches: sums over segments of each utterance, then over segments.
#pragma once

static const int GL_TAP_FRAMES = 64;

// workspace [segments, K, d] ← x [B, T, d] of X, dy [B, T, d] of Y; a: dtaps, x, dy, workspace, then B, T, d, segments of an utterance.
// By 256 threads a block, a thread for V columns of a segment of 64 frames; d is a multiple of V.
template <int K, int V, typename X = float, typename Y = float>
GL_FN void gl_tap_segments(const int64_t* a) {
    const int64_t frames = a[5], width = a[6], segments = a[7];
    const int64_t index = blockIdx.x * (int64_t)256 + threadIdx.x;
    const int64_t segment = index / (width / V), column = index % (width / V) * V;
    if (segment >= a[4] * segments) {
        return;
    }
    const int64_t utterance = segment / segments * frames * width + column;
    const X* const x = (const X*)a[1] + utterance;
    const Y* const dy = (const Y*)a[2] + utterance;
    const int64_t start = segment % segments * GL_TAP_FRAMES;
    const int64_t end = start + GL_TAP_FRAMES < frames ? start + GL_TAP_FRAMES : frames;
    // Of frame t, x from t - K/2 to t + K/2; the last comes with the frame.
    float window[K][V] = {}, sum[K][V] = {};
#pragma unroll
    for (int k = 0; k < K - 1; ++k) {
        const int64_t t = start - K / 2 + k;
        if (t >= 0 && t < frames) {
            gl_load<V>(x + t * width, window[k]);
        }
    }
    for (int64_t first = start; first < end; first += 4) {
        float next[4][V] = {}, slope[4][V] = {};
#pragma unroll
        for (int j = 0; j < 4; ++j) {
            if (first + j < end) {
                gl_load<V>(dy + (first + j) * width, slope[j]);
                if (first + j + K / 2 < frames) {
                    gl_load<V>(x + (first + j + K / 2) * width, next[j]);
                }
            }
        }
#pragma unroll
        for (int j = 0; j < 4; ++j) {
#pragma unroll
            for (int v = 0; v < V; ++v) {
                window[K - 1][v] = next[j][v];
#pragma unroll
                for (int k = 0; k < K; ++k) {
                    sum[k][v] += window[k][v] * slope[j][v];
                }
#pragma unroll
                for (int k = 0; k < K - 1; ++k) {
                    window[k][v] = window[k + 1][v];
                }
            }
        }
    }
    float* const out = (float*)a[3] + segment * K * width + column;
#pragma unroll
    for (int k = 0; k < K; ++k) {
        gl_store<V>(out + k * width, sum[k]);
    }
}

// dtaps [K, d] from the workspace, by blocks for 32 elements, with eight lines of threads that share out the segments.
template <int K>
GL_FN void gl_tap_sums(const int64_t* a) {
    const int64_t size = K * a[6], segments = a[4] * a[7];
    const int64_t at = blockIdx.x * (int64_t)GL_WARP + threadIdx.x % GL_WARP;
    float sum[1] = {};
    if (at < size) {
#pragma unroll 8
        for (int64_t segment = threadIdx.x / GL_WARP; segment < segments; segment += 8) {
            sum[0] += ((const float*)a[3])[segment * size + at];
        }
    }
    gl_reduce_lines<GlSum, GL_WARP, 8>(sum);
    if (threadIdx.x < GL_WARP && at < size) {
        ((float*)a[0])[at] = sum[0];
    }
}
