// For each row the code of largest inner product.
#ifndef GLOSSA_CODEBOOK_SEARCH_H
#define GLOSSA_CODEBOOK_SEARCH_H
#include <vector>
#include "lanes.h"

// The codes of a book in the order in which they are met: [block][w][64 codes]. Those that fill up the last block repeat
// its first, and so never win.
static void glossa_codebook_pack(const float* codebook, int64_t codes, int64_t width, float* packed) {
#pragma omp parallel for schedule(static)
    for (int64_t block = 0; block < (codes + 63) / 64; ++block) {
        for (int64_t lane = 0; lane < 64; ++lane) {
            const int64_t code = block * 64 + lane < codes ? block * 64 + lane : block * 64;
            for (int64_t k = 0; k < width; ++k) {
                packed[(block * width + k) * 64 + lane] = codebook[code * width + k];
            }
        }
    }
}

// ids [K, R] ← rows [R, K·w], codebooks [K, V, w]; then R, K, V, w. Four rows at a time meet some codes at a time; each lane
// keeps the first of its best, and the smallest id among the best lanes wins.
static void glossa_codebook_search(const int64_t* a) {
    const float* rows = (const float*)a[1];
    const int64_t count = a[3], books = a[4], codes = a[5], width = a[6];
    const int64_t blocks = (codes + 63) / 64;
    const int REGISTERS = GLOSSA_LANES / 4;  // of codes at once, with which the sums fit
    std::vector<float> packed(blocks * width * 64);
    GlossaInts lane;
    for (int i = 0; i < GLOSSA_LANES; ++i) {
        lane[i] = i;
    }
    for (int64_t book = 0; book < books; ++book) {
        int32_t* ids = (int32_t*)a[0] + book * count;
        glossa_codebook_pack((const float*)a[2] + book * codes * width, codes, width, packed.data());
#pragma omp parallel for schedule(static)
        for (int64_t tile = 0; tile < (count + 3) / 4; ++tile) {
            const float* row[4];
            GlossaLanes best[4];
            GlossaInts at[4];
            for (int r = 0; r < 4; ++r) {
                const int64_t index = tile * 4 + r < count ? tile * 4 + r : count - 1;
                row[r] = rows + (index * books + book) * width;
                best[r] = GlossaLanes{} - INFINITY;
                at[r] = GlossaInts{};
            }
            for (int64_t some = 0; some < blocks * 64; some += REGISTERS * GLOSSA_LANES) {
                GlossaLanes sum[4][REGISTERS] = {};
                const float* code = packed.data() + some / 64 * width * 64 + some % 64;
                for (int64_t k = 0; k < width; ++k) {
                    for (int r = 0; r < 4; ++r) {
                        for (int v = 0; v < REGISTERS; ++v) {
                            sum[r][v] += *(const GlossaLanesAnywhere*)(code + k * 64 + v * GLOSSA_LANES) * row[r][k];
                        }
                    }
                }
                for (int v = 0; v < REGISTERS; ++v) {
                    const GlossaInts id = lane + (int32_t)(some + v * GLOSSA_LANES);
                    for (int r = 0; r < 4; ++r) {
                        const GlossaInts better = sum[r][v] > best[r];
                        best[r] = better ? sum[r][v] : best[r];
                        at[r] = better ? id : at[r];
                    }
                }
            }
            for (int r = 0; r < 4 && tile * 4 + r < count; ++r) {
                int winner = 0;
                for (int i = 1; i < GLOSSA_LANES; ++i) {
                    if (best[r][i] > best[r][winner] || (best[r][i] == best[r][winner] && at[r][i] < at[r][winner])) {
                        winner = i;
                    }
                }
                ids[tile * 4 + r] = at[r][winner];
            }
        }
    }
}
#endif
