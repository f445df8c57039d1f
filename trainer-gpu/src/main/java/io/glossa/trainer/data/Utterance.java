package io.glossa.trainer.data;

/**
 * What the plan needs to know of an utterance.
 *
 * @param id as the lake names it
 * @param frames 10 ms frames of its features
 * @param labels symbols from 1; empty where it has no transcript
 */
public record Utterance(String id, int frames, int[] labels) {}
