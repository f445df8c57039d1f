// Gradient of a depthwise convolution's taps.
#ifndef GLOSSA_DEPTHWISE_H
#define GLOSSA_DEPTHWISE_H
#include <algorithm>
#include <cstdint>
#include <vector>

// dtaps [k, d] ← x [B, T, d], dy [B, T, d]; then B, T, d, k. Rows are split into a fixed number of blocks, whose sums are
// added in order, so that the result does not depend on the number of threads.
static void glossa_depthwise_tap_gradient(const int64_t* a) {
    float* dtaps = (float*)a[0];
    const float* x = (const float*)a[1];
    const float* dy = (const float*)a[2];
    const int64_t rows = a[3] * a[4], frames = a[4], width = a[5], taps = a[6];
    const int64_t blocks = std::min<int64_t>(32, rows), size = taps * width;
    std::vector<float> partial(blocks * size, 0.0f);
#pragma omp parallel for schedule(static)
    for (int64_t block = 0; block < blocks; ++block) {
        float* sums = partial.data() + block * size;
        for (int64_t row = rows * block / blocks; row < rows * (block + 1) / blocks; ++row) {
            const int64_t first = row % frames - taps / 2;
            const float* dyRow = dy + row * width;
            for (int64_t k = std::max<int64_t>(0, -first); k < std::min(taps, frames - first); ++k) {
                const float* xRow = x + (row - taps / 2 + k) * width;
                float* sum = sums + k * width;
#pragma omp simd
                for (int64_t c = 0; c < width; ++c) {
                    sum[c] += xRow[c] * dyRow[c];
                }
            }
        }
    }
    for (int64_t i = 0; i < size; ++i) {
        float sum = 0;
        for (int64_t block = 0; block < blocks; ++block) {
            sum += partial[block * size + i];
        }
        dtaps[i] = sum;
    }
}
#endif
