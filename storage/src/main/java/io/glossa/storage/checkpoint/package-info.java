/**
 * Checkpoints on disk: named tensors and what is needed to go on training enter, a directory of safetensors files with
 * {@code checkpoint.json} and {@code DONE} leaves, and back. State lives in the files alone; no DONE, no checkpoint.
 */
package io.glossa.storage.checkpoint;
