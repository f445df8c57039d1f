// The products of a GPU's library on a processor, as BLAS has them: see ProductPlan.java.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

static float widen(uint16_t half) {
    const uint32_t bits = (uint32_t)half << 16;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

// To the nearest, ties to even.
static uint16_t narrow(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (uint16_t)((x == x ? bits + 0x7fff + (bits >> 16 & 1) : bits) >> 16);
}

// Four bits of exponent and three of fraction.
static float eighth(uint8_t bits) {
    const int exponent = bits >> 3 & 15, fraction = bits & 7;
    const float size = exponent == 15 && fraction == 7 ? NAN
            : exponent == 0                            ? ldexpf(fraction, -9)
                                                       : ldexpf(8 + fraction, exponent - 10);
    return bits & 128 ? -size : size;
}

struct Matrix {
    const void* at;
    int64_t bytes;  // of an element: 4 for float, 2 for bf16, 1 for f8
    bool turned;
    int64_t leading;

    float of(int64_t row, int64_t column) const {
        const int64_t i = turned ? column + row * leading : row + column * leading;
        return bytes == 1 ? eighth(((const uint8_t*)at)[i])
                : bytes == 2 ? widen(((const uint16_t*)at)[i])
                             : ((const float*)at)[i];
    }
};

// One column of the result at a time, its sums in float in the order of k.
extern "C" void gl_product(
        int64_t bytes, int64_t resultBytes, int64_t m, int64_t n, int64_t k, const void* first, int64_t firstTurned,
        int64_t firstLeading, const void* second, int64_t secondTurned, int64_t secondLeading, void* result,
        int64_t leading, const uint16_t* bias) {
    const Matrix a{first, bytes, firstTurned != 0, firstLeading}, b{second, bytes, secondTurned != 0, secondLeading};
    std::vector<float> whole(m * k), column(m);
    for (int64_t l = 0; l < k; ++l) {
        for (int64_t i = 0; i < m; ++i) {
            whole[l * m + i] = a.of(i, l);
        }
    }
    for (int64_t j = 0; j < n; ++j) {
        for (int64_t i = 0; i < m; ++i) {
            column[i] = bias ? widen(bias[i]) : 0.0f;
        }
        for (int64_t l = 0; l < k; ++l) {
            const float x = b.of(l, j);
            for (int64_t i = 0; i < m; ++i) {
                column[i] += whole[l * m + i] * x;
            }
        }
        for (int64_t i = 0; i < m; ++i) {
            if (resultBytes == 2) {
                ((uint16_t*)result)[i + j * leading] = narrow(column[i]);
            } else {
                ((float*)result)[i + j * leading] = column[i];
            }
        }
    }
}
