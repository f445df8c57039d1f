/**
 * Checkpoints on any file system: named tensors and what is needed to go on training enter, a directory of safetensors files, of one rank or of several, with
 * {@code checkpoint.json} and {@code DONE} leaves, and back. No DONE, no checkpoint, and no file is used
 * that is not the one DONE names. State lives in the files alone, but for the digests that a process remembers.
 */
package io.glossa.storage.checkpoint;
