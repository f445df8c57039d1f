// The threads of a block as fibers of one thread of the operating system, which change where they wait for each other.
// What would hang, or be undefined, on a GPU ends the process with a line that says where.
#pragma once
#ifndef __x86_64__
#error "kernels are emulated on x86-64 only"
#endif
#include <sys/mman.h>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

struct GlIndex {
    unsigned x, y, z;
};
static thread_local GlIndex threadIdx, blockIdx, blockDim, gridDim;

// Called by the last of the lanes in a mask that come to the same place, while the others wait there.
typedef void (*GlMeeting)(void* const (&operands)[32], unsigned mask);

struct GlCopy {
    void* to;
    const void* from;
    bool inside, closed;  // closed: the last of its group
};

struct GlThread {
    void* stack;        // where it goes on
    void* operand;
    GlMeeting meeting;
    unsigned mask;
    int line;           // of the meeting
    std::vector<GlCopy> copies;
};

// The block that runs on this thread of the operating system.
struct GlBlock {
    // SHARED is what a block may have on every GPU from sm_80 on; some have more.
    static const int STACK = 128 << 10, SHARED = 99 << 10, EDGE = 128;
    static const uint64_t UNTOUCHED = 0x5ac4ed51ac4ed5u;  // at the far end of each stack

    const char* name;
    void (*body)(const int64_t*);
    const int64_t* arguments;
    int threads, warps, running, ended;
    unsigned fresh[32], ready[32], met[32];  // lanes of each warp: not begun, able to go on, at a meeting
    int waiting, line;                       // threads at a barrier of the block, and the last one's place
    bool apart;                              // whether they came to different places
    unsigned phase;
    bool descending;                         // the order in which threads go on is no promise, so it changes
    void* outside;
    int made;                                // stacks in use so far, from the first of the mapping
    std::vector<unsigned char*> stacks;      // those that no thread uses, as the ends they grow from
    unsigned char *shared, *mapping;         // one mapping for all stacks: a process has 65,530 of them
    GlThread thread[1024];

    GlBlock() : made(0), shared(map(SHARED + EDGE)), mapping(map((size_t)STACK * 1024)) {
        madvise(mapping, (size_t)STACK * 1024, MADV_NOHUGEPAGE);
    }

    ~GlBlock() {
        munmap(shared, SHARED + EDGE);
        munmap(mapping, (size_t)STACK * 1024);
    }

    static unsigned char* map(size_t bytes) {
        void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED) {
            fprintf(stderr, "Cannot emulate a kernel: there is no memory, expected %zu bytes\n", bytes);
            abort();
        }
        return (unsigned char*)p;
    }
};
static thread_local GlBlock* gl_block;

[[noreturn]] static void gl_fail(const char* found, const char* expected) {
    fprintf(stderr, "Cannot emulate kernel %s: in thread %d of block (%u, %u, %u) %s, expected %s\n", gl_block->name,
            gl_block->running, blockIdx.x, blockIdx.y, blockIdx.z, found, expected);
    abort();
}

// Keeps the state of the caller at *from, goes on at `to`.
static __attribute__((naked, noinline, noipa)) void gl_switch(void** from, void* to) {
    asm("push %rbp\n push %rbx\n push %r12\n push %r13\n push %r14\n push %r15\n"
        "mov %rsp, (%rdi)\n mov %rsi, %rsp\n"
        "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbx\n pop %rbp\n ret\n");
}

[[noreturn]] static void gl_stuck() {
    const GlBlock& b = *gl_block;
    int forWarp = 0, thread = 0;
    for (int i = 0; i < b.threads; ++i) {
        const bool meets = b.met[i / 32] >> i % 32 & 1;
        forWarp += meets;
        thread = meets ? i : thread;
    }
    char text[256];
    snprintf(text, sizeof text, "nobody can go on: %d of %d threads have ended, %d wait for the block%s, %d for their warp",
             b.ended, b.threads, b.waiting, b.apart ? " in different places" : "", forWarp);
    if (forWarp) {
        snprintf(text + strlen(text), sizeof text - strlen(text), ", as thread %d at line %d", thread,
                 b.thread[thread].line);
    }
    gl_fail(text, "all to come to the same place");
}

// The next thread to go on, of the same warp if one can; -1 if none can.
static int gl_next(const GlBlock& b) {
    for (int i = 0; i < b.warps; ++i) {
        const int w = (b.running / 32 + (b.descending ? b.warps - i : i)) % b.warps;
        const unsigned able = b.ready[w] ? b.ready[w] : b.fresh[w];
        if (able) {
            return w * 32 + (b.descending ? 31 - __builtin_clz(able) : __builtin_ctz(able));
        }
    }
    return -1;
}

// Makes it the running thread; whether it had begun.
static bool gl_take(GlBlock& b, int next) {
    const unsigned bit = 1u << next % 32;
    const bool begun = b.ready[next / 32] & bit;
    (begun ? b.ready : b.fresh)[next / 32] &= ~bit;
    b.running = next;
    threadIdx.x = next;
    return begun;
}

// Runs threads that have not begun, one after the other, for as long as they do not wait.
static void gl_fiber() {
    GlBlock& b = *gl_block;
    unsigned char* const mine = b.stacks.back();
    b.stacks.pop_back();
    const uint64_t& end = *(const uint64_t*)(b.mapping + (mine - 1 - b.mapping) / GlBlock::STACK * GlBlock::STACK);
    for (;;) {
        b.body(b.arguments);
        if (end != GlBlock::UNTOUCHED) {
            gl_fail("the stack was full", "less than 96 KiB of variables");
        }
        ++b.ended;
        b.thread[b.running].copies.clear();
        const int next = gl_next(b);
        if (next < 0 && b.ended < b.threads) {
            gl_stuck();
        }
        if (next < 0 || gl_take(b, next)) {
            b.stacks.push_back(mine);
            void* nowhere;
            gl_switch(&nowhere, next < 0 ? b.outside : b.thread[next].stack);
        }
    }
}

// Where a thread that has not begun goes on. Stacks start at different places, so that they share a cache.
static void* gl_begin(GlBlock& b) {
    if (b.stacks.empty()) {
        unsigned char* const stack = b.mapping + (size_t)GlBlock::STACK * b.made;
        *(uint64_t*)stack = GlBlock::UNTOUCHED;
        b.stacks.push_back(stack + GlBlock::STACK - b.made % 29 * 1088);
        ++b.made;
    }
    void** top = (void**)b.stacks.back() - 8;
    top[6] = (void*)gl_fiber;
    return top;
}

static void gl_wait(GlBlock& b) {
    const int self = b.running, next = gl_next(b);
    if (next < 0) {
        gl_stuck();
    }
    gl_switch(&b.thread[self].stack, gl_take(b, next) ? b.thread[next].stack : gl_begin(b));
}

static inline void __syncthreads(int line = __builtin_LINE()) {
    GlBlock& b = *gl_block;
    b.apart |= b.waiting > 0 && b.line != line;
    b.line = line;
    if (++b.waiting < b.threads) {
        gl_wait(b);
        return;
    }
    if (b.apart) {
        gl_stuck();
    }
    for (int w = 0; w < b.warps; ++w) {
        b.ready[w] = b.threads - w * 32 < 32 ? (1u << (b.threads - w * 32)) - 1 : ~0u;
    }
    b.ready[b.running / 32] &= ~(1u << b.running % 32);
    b.waiting = 0;
    b.descending = ++b.phase * 0x9E3779B9u >> 31;
}

// Waits until all lanes of the mask are here, and `meeting` has seen their operands.
static void gl_meet(GlMeeting meeting, void* operand, unsigned mask, int line) {
    GlBlock& b = *gl_block;
    const int w = b.running / 32;
    GlThread* const lanes = b.thread + w * 32;
    const unsigned bit = 1u << b.running % 32;
    GlThread& self = b.thread[b.running];
    self.meeting = meeting;
    self.operand = operand;
    self.mask = mask;
    self.line = line;
    if (!(mask & bit)) {
        gl_fail("a lane is not in its mask", "the lanes that take part");
    }
    b.met[w] |= bit;
    void* operands[32];
    bool all = (b.met[w] & mask) == mask;
    for (unsigned left = mask; all && left; left &= left - 1) {
        const int i = __builtin_ctz(left);
        operands[i] = lanes[i].operand;
        all = lanes[i].meeting == meeting && lanes[i].mask == mask && lanes[i].line == line;
    }
    if (!all) {
        gl_wait(b);
        return;
    }
    meeting(operands, mask);
    b.met[w] &= ~mask;
    b.ready[w] |= mask & ~bit;
}

static void gl_launch(
        const char* name, void (*body)(const int64_t*), const int64_t* arguments, const int64_t* launch, int threads) {
    static thread_local const std::unique_ptr<GlBlock> owner(new GlBlock);
    gl_block = owner.get();
    GlBlock& b = *gl_block;
    b.name = name;
    b.body = body;
    b.arguments = arguments;
    b.threads = threads;
    b.warps = (threads + 31) / 32;
    b.running = 0;
    gridDim = {(unsigned)launch[0], (unsigned)launch[1], (unsigned)launch[2]};
    blockDim = {(unsigned)threads, 1, 1};
    const int64_t shared = launch[4];
    if (launch[3] != threads || threads > 1024 || shared > GlBlock::SHARED || launch[0] < 1 || launch[0] > INT32_MAX
            || launch[1] < 1 || launch[1] > 65535 || launch[2] < 1 || launch[2] > 65535) {
        gl_fail("the launch does not fit", "the kernel's threads, 99 KiB, and a grid of 2^31 - 1, 65535, 65535");
    }
    const int64_t blocks = launch[0] * launch[1] * launch[2];
    for (int64_t i = 0; i < blocks; ++i) {
        // From both ends: the order of blocks is no promise either.
        const int64_t block = i % 2 ? blocks - 1 - i / 2 : i / 2, line = block / launch[0];
        blockIdx = {(unsigned)(block % launch[0]), (unsigned)(line % launch[1]), (unsigned)(line / launch[1])};
        memset(b.shared, 0xff, shared);
        memset(b.shared + shared, 0xa5, GlBlock::EDGE);
        memset(b.ready, 0, sizeof b.ready);
        memset(b.met, 0, sizeof b.met);
        for (int w = 0; w < b.warps; ++w) {
            b.fresh[w] = threads - w * 32 < 32 ? (1u << (threads - w * 32)) - 1 : ~0u;
        }
        b.ended = b.waiting = 0;
        b.apart = false;
        b.phase = (unsigned)i;
        b.descending = i & 1;
        gl_take(b, gl_next(b));
        gl_switch(&b.outside, gl_begin(b));
        for (int e = 0; e < GlBlock::EDGE; ++e) {
            if (b.shared[shared + e] != 0xa5) {
                gl_fail("memory behind the block's was written", "a launch with more shared memory");
            }
        }
    }
}
