package io.glossa.featurize;

/** Why a file or an utterance did not become a row; {@code rejects.code} holds the name. */
public enum RejectCode {
    /** The file could not be read: it is gone, it is not a file, or permission is lacking. */
    UNREADABLE,
    /** The file has no bytes. */
    EMPTY_FILE,
    /** No container that FFmpeg knows was recognised in the bytes, or its header is broken. */
    NOT_AUDIO,
    /** A container was recognised, but it holds no audio stream (a picture, a text, a silent video). */
    NO_AUDIO_STREAM,
    /** The audio is in a codec that this FFmpeg build cannot decode. */
    UNSUPPORTED_CODEC,
    /** An intact file whose audio stream holds no samples. */
    NO_SAMPLES,
    /** The file ends before its declared end; only in strict mode if 0.3 s or more decode. */
    TRUNCATED,
    /** The bytes contradict themselves; only in strict mode if 0.3 s or more decode. Of a compressed text what comes before is kept. */
    CORRUPT,
    /** A damaged file of which less than 0.3 s decode, or an utterance shorter than one frame of features. */
    TOO_SHORT,
    /** More audio than the limit of decoding, or a longer line of text than may be. */
    TOO_LONG,
    /** Float samples of which many are no numbers, or that have no plain full scale. */
    BAD_SAMPLES,
    /** The file's decoder was ended by a signal, which the detail names, or failed. */
    DECODER_DIED,
    /** The file's decoder needed more memory than it may have. */
    DECODER_MEMORY,
    /** The file's decoder took more time than any such file should. */
    DECODER_TIMEOUT,
    /** No speech, that is nothing above the segmenter's threshold for 0.1 s, with transcript or without. */
    NO_SPEECH,
    /** The file's name is not UTF-8, so that it could not be told apart from others. */
    NAME_ENCODING,
    /** The file's transcript, or a line of text, is in another encoding than it should be, or is no text. */
    TEXT_ENCODING,
    /** A line of text of which nothing is left when it is normalised. */
    NO_TEXT,
    /** There is a transcript beside the file, but it could not be read; the detail names it. */
    TEXT_UNREADABLE,
    /** The parts of the recording that its source names lie outside of it. */
    OUTSIDE,
    /** What a source says of a recording cannot be understood, or there is no recording of which it says it. */
    BAD_ENTRY,
    /** The same bytes as another file, which was taken. */
    DUPLICATE,
    /** An utterance of which another version was ingested while it was worked on. */
    SUPERSEDED,
    /** The bytes of a recording that was forgotten at somebody's request. */
    FORGOTTEN;

    /** Whether the file did not end its decoding, so that another machine or version may make something of it. */
    public boolean endsDecoder() {
        return this == DECODER_DIED || this == DECODER_MEMORY || this == DECODER_TIMEOUT;
    }
}
