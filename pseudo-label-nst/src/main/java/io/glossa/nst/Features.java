package io.glossa.nst;

/**
 * One utterance as the lake keeps its features.
 *
 * @param utterance the utterance's id
 * @param lang its language
 * @param split its split
 * @param frames 10 ms frames
 * @param mels log-mel bins of a frame
 * @param logmel half precision, little-endian, frame-major, [frames × mels]
 */
record Features(String utterance, String lang, String split, int frames, int mels, byte[] logmel) {}
