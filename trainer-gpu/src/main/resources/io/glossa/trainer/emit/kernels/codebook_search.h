// For each row the code of largest inner product.
#ifndef GLOSSA_CODEBOOK_SEARCH_H
#define GLOSSA_CODEBOOK_SEARCH_H
#include <cstdint>
#include <vector>

typedef float GlossaLanes __attribute__((vector_size(64), aligned(4)));
typedef int32_t GlossaLaneIds __attribute__((vector_size(64), aligned(4)));

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

// ids [K, R] ← rows [R, K·w], codebooks [K, V, w]; then R, K, V, w. Four rows at a time meet 64 codes at a time; each lane
// keeps the first of its best, and the smallest id among the best lanes wins.
static void glossa_codebook_search(const int64_t* a) {
    const float* rows = (const float*)a[1];
    const int64_t count = a[3], books = a[4], codes = a[5], width = a[6];
    const int64_t blocks = (codes + 63) / 64;
    std::vector<float> packed(blocks * width * 64);
    GlossaLaneIds lane;
    for (int i = 0; i < 16; ++i) {
        lane[i] = i;
    }
    for (int64_t book = 0; book < books; ++book) {
        int32_t* ids = (int32_t*)a[0] + book * count;
        glossa_codebook_pack((const float*)a[2] + book * codes * width, codes, width, packed.data());
#pragma omp parallel for schedule(static)
        for (int64_t tile = 0; tile < (count + 3) / 4; ++tile) {
            const float* row[4];
            GlossaLanes best[4];
            GlossaLaneIds at[4];
            for (int r = 0; r < 4; ++r) {
                const int64_t index = tile * 4 + r < count ? tile * 4 + r : count - 1;
                row[r] = rows + (index * books + book) * width;
                best[r] = GlossaLanes{} - INFINITY;
                at[r] = GlossaLaneIds{};
            }
            for (int64_t block = 0; block < blocks; ++block) {
                GlossaLanes sum[4][4] = {};
                const GlossaLanes* code = (const GlossaLanes*)(packed.data() + block * width * 64);
                for (int64_t k = 0; k < width; ++k) {
                    for (int r = 0; r < 4; ++r) {
                        for (int v = 0; v < 4; ++v) {
                            sum[r][v] += code[k * 4 + v] * row[r][k];
                        }
                    }
                }
                for (int v = 0; v < 4; ++v) {
                    const GlossaLaneIds id = lane + (int32_t)(block * 64 + v * 16);
                    for (int r = 0; r < 4; ++r) {
                        const GlossaLaneIds better = sum[r][v] > best[r];
                        best[r] = better ? sum[r][v] : best[r];
                        at[r] = better ? id : at[r];
                    }
                }
            }
            for (int r = 0; r < 4 && tile * 4 + r < count; ++r) {
                int winner = 0;
                for (int i = 1; i < 16; ++i) {
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
