// The runtime library: runs a program's calls in order, and does what is better left to oneDNN or to one plain loop.
// Every function takes an array of addresses and numbers; oneDNN primitives are made once, from a description.
#include <immintrin.h>
#include <omp.h>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <string>
#include <unordered_map>
#include "dnnl.hpp"

using dnnl::memory;

static thread_local std::string failure;

// These two are never destroyed: a thread may still compute when its process ends.
static dnnl::engine& engine() {
    static dnnl::engine& instance = *new dnnl::engine(dnnl::engine::kind::cpu, 0);
    return instance;
}

static dnnl::stream& stream() {
    static dnnl::stream& instance = *new dnnl::stream(engine());
    return instance;
}

struct Call {
    void (*function)(const int64_t*);
    const int64_t* arguments;
    int64_t nanoseconds;  // in all runs so far
};

// Version 2.
struct Args {
    int64_t version;
    int64_t calls;
    Call* call;
};

static int64_t now() {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

extern "C" int glossa_run(const Args* args) {
    if (args->version != 2) {
        return 2;
    }
    try {
        int64_t before = now();
        for (int64_t i = 0; i < args->calls; ++i) {
            args->call[i].function(args->call[i].arguments);
            const int64_t after = now();
            args->call[i].nanoseconds += after - before;
            before = after;
        }
        return 0;
    } catch (const std::exception& e) {
        failure = e.what();
        return 1;
    }
}

// Whether no number among so many floats, or bf16, is NaN or infinite: those have all bits of the exponent.
extern "C" int glossa_finite(const void* values, int64_t count, int half) {
    bool finite = true;
    for (int64_t i = 0; i < count; ++i) {
        const uint32_t bits = half ? uint32_t(((const uint16_t*)values)[i]) << 16 : ((const uint32_t*)values)[i];
        finite &= (bits & 0x7f800000u) != 0x7f800000u;
    }
    return finite;
}

extern "C" const char* glossa_failure() { return failure.c_str(); }

// For the calling thread and its team: how many threads, and numbers too small for a normal float count as zero.
extern "C" void glossa_threads(int threads) {
    omp_set_num_threads(threads);
#pragma omp parallel
    _mm_setcsr(_mm_getcsr() | 0x8040);
}

struct MatrixProduct {
    dnnl::matmul primitive;
    memory a, b, c;
    std::unordered_map<int, memory> arguments;
};

static memory::desc strided(const int64_t*& d, int64_t rank) {
    const auto type = *d++ ? memory::data_type::bf16 : memory::data_type::f32;
    memory::dims dims(d, d + rank), strides(d + rank, d + 2 * rank);
    d += 2 * rank;
    return memory::desc(dims, type, strides);
}

// Rank, then of a, b and the result: whether bf16, extents, strides. Null on failure.
extern "C" void* gl_matmul_create(const int64_t* d) {
    try {
        const int64_t rank = *d++;
        const auto a = strided(d, rank), b = strided(d, rank), c = strided(d, rank);
        auto* product = new MatrixProduct;
        product->primitive = dnnl::matmul(dnnl::matmul::primitive_desc(engine(), a, b, c));
        product->a = memory(a, engine(), nullptr);
        product->b = memory(b, engine(), nullptr);
        product->c = memory(c, engine(), nullptr);
        product->arguments = {{DNNL_ARG_SRC, product->a}, {DNNL_ARG_WEIGHTS, product->b}, {DNNL_ARG_DST, product->c}};
        return product;
    } catch (const std::exception& e) {
        failure = e.what();
        return nullptr;
    }
}

extern "C" void gl_matmul_destroy(void* p) { delete (MatrixProduct*)p; }

extern "C" void gl_matmul(const int64_t* a) {
    auto* product = (MatrixProduct*)a[3];
    product->c.set_data_handle((void*)a[0]);
    product->a.set_data_handle((void*)a[1]);
    product->b.set_data_handle((void*)a[2]);
    product->primitive.execute(stream(), product->arguments);
}

// A convolution or one of its gradients. Images are channels-last; the kernel is brought to oneDNN's own layout, since
// it is small beside the images.
struct Convolution {
    int64_t kind;
    dnnl::primitive primitive;
    dnnl::reorder reorder;
    memory x, y, kernel, packed;
};

// Kind (0 forward, 1 by input, 2 by weight), whether bf16, stride, padding, then extents of x [B, H, W, C],
// w [kh, kw, C, O], y. The gradient of w is f32.
extern "C" void* gl_conv_create(const int64_t* d) {
    try {
        using tag = memory::format_tag;
        const auto f32 = memory::data_type::f32, type = d[1] ? memory::data_type::bf16 : f32;
        auto* conv = new Convolution;
        conv->kind = d[0];
        const int64_t stride = d[2], before = d[3], *x = d + 4, *w = d + 8, *y = d + 12;
        const memory::dims strides{stride, stride}, padding{before, before};
        const memory::dims xd{x[0], x[3], x[1], x[2]}, wd{w[3], w[2], w[0], w[1]}, yd{y[0], y[3], y[1], y[2]};
        // What is left of the image on the far side, which differs from the near side when the stride does not divide.
        const memory::dims far{
                (y[1] - 1) * stride + w[0] - before - x[1], (y[2] - 1) * stride + w[1] - before - x[2]};
        const auto kernel = conv->kind == 2 ? f32 : type;
        const memory::desc xm(xd, type, tag::nhwc), ym(yd, type, tag::nhwc), wm(wd, kernel, tag::hwio);
        const memory::desc any(wd, type, tag::any), gradient(wd, kernel, tag::any);
        const dnnl::convolution_forward::primitive_desc forward(
                engine(), dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, xm, any, ym, strides,
                padding, far);
        memory::desc packed;
        if (conv->kind == 0) {
            packed = forward.weights_desc();
            conv->primitive = dnnl::convolution_forward(forward);
        } else if (conv->kind == 1) {
            const dnnl::convolution_backward_data::primitive_desc backward(
                    engine(), dnnl::algorithm::convolution_direct, xm, any, ym, strides, padding, far, forward);
            packed = backward.weights_desc();
            conv->primitive = dnnl::convolution_backward_data(backward);
        } else {
            const dnnl::convolution_backward_weights::primitive_desc backward(
                    engine(), dnnl::algorithm::convolution_direct, xm, gradient, ym, strides, padding, far, forward);
            packed = backward.diff_weights_desc();
            conv->primitive = dnnl::convolution_backward_weights(backward);
        }
        conv->x = memory(xm, engine(), nullptr);
        conv->y = memory(ym, engine(), nullptr);
        conv->kernel = memory(wm, engine(), nullptr);
        conv->packed = memory(packed, engine());
        conv->reorder = conv->kind == 2 ? dnnl::reorder(conv->packed, conv->kernel)
                                        : dnnl::reorder(conv->kernel, conv->packed);
        return conv;
    } catch (const std::exception& e) {
        failure = e.what();
        return nullptr;
    }
}

extern "C" void gl_conv_destroy(void* p) { delete (Convolution*)p; }

// Result, two inputs in the order of the operation, primitive.
extern "C" void gl_conv(const int64_t* a) {
    auto* conv = (Convolution*)a[3];
    auto& s = stream();
    if (conv->kind == 0) {
        conv->y.set_data_handle((void*)a[0]);
        conv->x.set_data_handle((void*)a[1]);
        conv->kernel.set_data_handle((void*)a[2]);
        conv->reorder.execute(s, conv->kernel, conv->packed);
        conv->primitive.execute(
                s, {{DNNL_ARG_SRC, conv->x}, {DNNL_ARG_WEIGHTS, conv->packed}, {DNNL_ARG_DST, conv->y}});
    } else if (conv->kind == 1) {
        conv->x.set_data_handle((void*)a[0]);
        conv->y.set_data_handle((void*)a[1]);
        conv->kernel.set_data_handle((void*)a[2]);
        conv->reorder.execute(s, conv->kernel, conv->packed);
        conv->primitive.execute(
                s, {{DNNL_ARG_DIFF_SRC, conv->x}, {DNNL_ARG_WEIGHTS, conv->packed}, {DNNL_ARG_DIFF_DST, conv->y}});
    } else {
        conv->kernel.set_data_handle((void*)a[0]);
        conv->x.set_data_handle((void*)a[1]);
        conv->y.set_data_handle((void*)a[2]);
        conv->primitive.execute(
                s, {{DNNL_ARG_SRC, conv->x}, {DNNL_ARG_DIFF_WEIGHTS, conv->packed}, {DNNL_ARG_DIFF_DST, conv->y}});
        conv->reorder.execute(s, conv->packed, conv->kernel);
    }
}

// Result, table, ids, count of ids, width of a row, rows of the table. Elements are 4 bytes.
extern "C" void gl_gather(const int64_t* a) {
    auto* out = (uint32_t*)a[0];
    const auto* table = (const uint32_t*)a[1];
    const auto* ids = (const int32_t*)a[2];
    const int64_t count = a[3], width = a[4], rows = a[5];
#pragma omp parallel for schedule(static) if (count * width >= 8192)
    for (int64_t i = 0; i < count; ++i) {
        if (ids[i] >= 0 && ids[i] < rows) {
            memcpy(out + i * width, table + ids[i] * width, width * 4);
        } else {
            memset(out + i * width, 0, width * 4);
        }
    }
}

// Result, source, ids, count of ids, width of a row, rows of the result. Threads share out the columns.
template <typename T>
static void scatter_add(const int64_t* a) {
    auto* out = (T*)a[0];
    const auto* source = (const T*)a[1];
    const auto* ids = (const int32_t*)a[2];
    const int64_t count = a[3], width = a[4], rows = a[5];
    memset(out, 0, rows * width * sizeof(T));
    const int64_t tile = 32, tiles = (width + tile - 1) / tile;
#pragma omp parallel for schedule(static) if (tiles > 1 && count * width >= 8192)
    for (int64_t t = 0; t < tiles; ++t) {
        const int64_t from = t * tile, to = from + tile < width ? from + tile : width;
        for (int64_t i = 0; i < count; ++i) {
            if (ids[i] >= 0 && ids[i] < rows) {
                for (int64_t c = from; c < to; ++c) {
                    out[ids[i] * width + c] += source[i * width + c];
                }
            }
        }
    }
}

extern "C" void gl_scatter_add_f32(const int64_t* a) { scatter_add<float>(a); }
extern "C" void gl_scatter_add_i32(const int64_t* a) { scatter_add<int32_t>(a); }

// Result, input, rows, columns.
template <typename T>
static void cumsum(const int64_t* a) {
    auto* out = (T*)a[0];
    const auto* x = (const T*)a[1];
    const int64_t rows = a[2], columns = a[3];
#pragma omp parallel for schedule(static) if (rows > 1 && rows * columns >= 8192)
    for (int64_t r = 0; r < rows; ++r) {
        T total = 0;
        for (int64_t c = 0; c < columns; ++c) {
            out[r * columns + c] = total += x[r * columns + c];
        }
    }
}

extern "C" void gl_cumsum_f32(const int64_t* a) { cumsum<float>(a); }
extern "C" void gl_cumsum_i32(const int64_t* a) { cumsum<int32_t>(a); }

// What a rank makes of it alone. Result, operand, their bytes, which segment is its own.
extern "C" void gl_all_reduce(const int64_t* a) { memcpy((void*)a[0], (const void*)a[1], a[2]); }

extern "C" void gl_reduce_scatter(const int64_t* a) {
  memcpy((void*)a[0], (const char*)a[1] + a[4] * a[2], a[2]);
}

extern "C" void gl_all_gather(const int64_t* a) {
  for (int64_t at = 0; at < a[2]; at += a[3]) memcpy((char*)a[0] + at, (const void*)a[1], a[3]);
}

extern "C" void gl_copy(const int64_t* a) { memcpy((void*)a[0], (const void*)a[1], a[2]); }
