package io.glossa.featurize.decode;

/**
 * What a file was before it became 16 kHz mono.
 *
 * @param container FFmpeg's name of the demuxer, such as {@code wav} or {@code mov,mp4,m4a,3gp,3g2,mj2}
 * @param codec FFmpeg's name of the codec, such as {@code pcm_s16le}
 * @param sampleRate of the source, Hz
 * @param channels of the source
 * @param durationSeconds of what was decoded
 */
public record AudioInfo(String container, String codec, int sampleRate, int channels, double durationSeconds) {
    /** This and what follows it in the same file: the format is that of the beginning. */
    AudioInfo then(AudioInfo next) {
        return new AudioInfo(container, codec, sampleRate, channels, durationSeconds + next.durationSeconds);
    }
}
