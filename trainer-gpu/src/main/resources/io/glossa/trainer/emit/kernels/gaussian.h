// Normal noise, two numbers from each pair of uniform ones.
#ifndef GLOSSA_GAUSSIAN_H
#define GLOSSA_GAUSSIAN_H
#include <algorithm>
#include <cstdint>

// Four uniform numbers of each of `count` blocks of Philox: word w of block i goes to out[w * count + i].
static void glossa_philox_blocks(int32_t seed, int32_t stream, uint32_t purpose, int64_t first, int64_t count, float* out) {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
        const uint64_t block = (uint64_t)(first + i);
        uint32_t c0 = (uint32_t)block, c1 = (uint32_t)(block >> 32), c2 = (uint32_t)stream, c3 = 0;
        uint32_t k0 = (uint32_t)seed, k1 = purpose;
        for (int round = 0; round < 10; ++round) {
            const uint64_t p0 = (uint64_t)0xD2511F53u * c0;
            const uint64_t p1 = (uint64_t)0xCD9E8D57u * c2;
            c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
            c1 = (uint32_t)p1;
            c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
            c3 = (uint32_t)p0;
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        out[i] = (float)(int32_t)(c0 >> 8) * 0x1p-24f;
        out[count + i] = (float)(int32_t)(c1 >> 8) * 0x1p-24f;
        out[2 * count + i] = (float)(int32_t)(c2 >> 8) * 0x1p-24f;
        out[3 * count + i] = (float)(int32_t)(c3 >> 8) * 0x1p-24f;
    }
}

// noise [streams, rows, n] ← seed, streams; then their numbers, purpose. Pair i of a row gives its elements i and ⌈n/2⌉ + i.
static void glossa_gaussian(const int64_t* a) {
    constexpr int64_t blocks = 256;
    const int32_t seed = *(const int32_t*)a[1];
    const int32_t* streams = (const int32_t*)a[2];
    const int64_t rows = a[4], width = a[5], half = (width + 1) / 2, pairs = rows * half;
    const uint32_t purpose = (uint32_t)a[6];
#pragma omp parallel for collapse(2) schedule(static)
    for (int64_t stream = 0; stream < a[3]; ++stream) {
        for (int64_t first = 0; first < (pairs + 3) / 4; first += blocks) {
            float u[4 * blocks], v[4 * blocks], cosines[4 * blocks], sines[4 * blocks];
            glossa_philox_blocks(seed, streams[stream], purpose, first, blocks, u);
            glossa_philox_blocks(seed, streams[stream], purpose + 1, first, blocks, v);
            for (int64_t word = 0; word < 4; ++word) {
#pragma omp simd
                for (int64_t i = 0; i < blocks; ++i) {
                    const float radius = sqrtf(-2.0f * gl_log(1.0f - u[word * blocks + i]));
                    const float angle = 6.28318530717958648f * v[word * blocks + i];
                    cosines[4 * i + word] = radius * gl_cos(angle);
                    sines[4 * i + word] = radius * gl_sin(angle);
                }
            }
            float* noise = (float*)a[0] + stream * rows * width;
            int64_t row = 4 * first / half, at = 4 * first % half;
            for (int64_t i = 0; i < std::min(4 * blocks, pairs - 4 * first); ++i) {
                noise[row * width + at] = cosines[i];
                if (half + at < width) {
                    noise[row * width + half + at] = sines[i];
                }
                if (++at == half) {
                    at = 0;
                    ++row;
                }
            }
        }
    }
}
#endif
