// The gradients of attention.cuh, [4·N·c + distances, d] ← q, r, k, v, p, keys, dy, what it returned; workspace; N, c, heads, d, left, right,
// tiles of rows in a chunk for the first launch and for the next two, tiles of distances, chunks of a part, parts, how far apart the rows of k lie, and those of v: those of q, r, k, v and p, one below the other. The launches, in order:
// gl_attention_weights, gl_attention_dqkv, gl_attention_dr, gl_attention_dp, gl_attention_dp_sum.
#ifndef GL_ATTENTION_GRADIENT
#define GL_ATTENTION_GRADIENT
#include "attention_dqkv.cuh"
#include "attention_dr.cuh"
#include "attention_dp.cuh"
#endif
