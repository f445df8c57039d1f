package io.glossa.trainer.text;

import io.glossa.config.Sha256;
import io.glossa.error.GlossaException;
import io.glossa.trainer.text.PieceModel.Kind;
import io.glossa.trainer.text.PieceModel.Piece;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Texts by the pieces of a SentencePiece model (Kudo and Richardson 2018): the ids are those of {@code spm_encode}, the texts those
 * of {@code spm_decode}.
 */
public final class SentencePiece implements Tokenizer {
    static final String KEY = "sentencepiece";

    /** Holds the digest, by which people tell models apart. */
    static final String DIGEST = "tokenizer";

    /** What a checkpoint can hold: Base64 makes four characters of three bytes, and JSON strings are read up to 20 million. */
    private static final int MOST_BYTES = 15_000_000;

    private final byte[] file;
    private final PieceModel model;
    private final Pieces pieces;
    private final Segmentation segmentation;

    private SentencePiece(byte[] file) {
        if (file.length > MOST_BYTES) {
            throw GlossaException.data("Cannot use a tokenizer of " + file.length + " bytes: expected at most "
                    + MOST_BYTES + ", since checkpoints hold it (take one of fewer pieces)");
        }
        this.file = file.clone();
        model = PieceModel.of(file);
        try {
            pieces = new Pieces(model);
        } catch (IllegalArgumentException e) {
            throw GlossaException.data(
                            "Cannot use a tokenizer of " + model.pieces().size() + " pieces: " + e.getMessage()
                                    + ", expected a .model file of SentencePiece")
                    .causedBy(e);
        }
        segmentation = Segmentation.of(model.algorithm(), pieces);
    }

    /**
     * Of a {@code .model} file, of any kind.
     *
     * @throws GlossaException of type DATA if it is none, or larger than checkpoints hold
     */
    public static SentencePiece of(byte[] file) {
        return new SentencePiece(file);
    }

    /** The {@code .model} file. */
    public byte[] file() {
        return file.clone();
    }

    @Override
    public int size() {
        return pieces.size();
    }

    @Override
    public OptionalInt unknown() {
        return OptionalInt.of(pieces.unknown());
    }

    @Override
    public int[] encode(String text) {
        return encoding(text).ids();
    }

    @Override
    public Encoding encoding(String text) {
        byte[] normal = model.normalizer().normalize(Utf8.bytes(text), pieces.userDefined());
        IntStream.Builder ids = IntStream.builder();
        boolean[] afterUnknown = new boolean[1];
        long[] without = new long[1];
        segmentation.cut(normal, (from, to, id) -> {
            boolean unknown = id == pieces.unknown();
            if (unknown && model.byteFallback()) {
                for (int i = from; i < to; i++) {
                    ids.add(pieces.ofByte(normal[i]));
                }
            } else {
                if (!unknown || !afterUnknown[0]) {
                    ids.add(id);
                }
                without[0] += unknown ? Utf8.characters(normal, from, to) : 0;
            }
            afterUnknown[0] = unknown;
        });
        return new Encoding(ids.build().toArray(), Utf8.characters(normal, 0, normal.length), without[0]);
    }

    @Override
    public String decode(int[] ids) {
        StringBuilder text = new StringBuilder();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean markTaken = false;
        for (int id : ids) {
            Piece piece = pieces.get(id);
            if (piece.kind() == Kind.BYTE) {
                bytes.write(Pieces.byteOf(piece));
                continue;
            }
            flush(bytes, text);
            boolean first = !markTaken && text.isEmpty();
            boolean marked = first
                    && piece.text().startsWith(PieceNormalizer.MARK)
                    && (model.normalizer().dummyPrefix() || model.normalizer().removeExtraSpaces());
            text.append(surface(marked ? piece.text().substring(1) : piece.text(), piece.kind()));
            markTaken |= marked && !model.normalizer().removeExtraSpaces();
        }
        flush(bytes, text);
        return model.denormalizer().map() == CharsMap.NONE
                ? text.toString()
                : Utf8.text(model.denormalizer().normalize(Utf8.bytes(text.toString()), new ByteTrie()));
    }

    private String surface(String text, Kind kind) {
        return switch (kind) {
            case CONTROL -> "";
            case UNKNOWN -> model.unknownSurface();
            default -> text.replace(PieceNormalizer.MARK, " ");
        };
    }

    private static void flush(ByteArrayOutputStream bytes, StringBuilder text) {
        text.append(Utf8.text(bytes.toByteArray()));
        bytes.reset();
    }

    @Override
    public Map<String, String> config() {
        return Map.of(DIGEST, digest(), KEY, Base64.getEncoder().encodeToString(file));
    }

    @Override
    public String digest() {
        return Sha256.of(file);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SentencePiece piece && digest().equals(piece.digest());
    }

    @Override
    public int hashCode() {
        return digest().hashCode();
    }

    @Override
    public String toString() {
        return size() + " pieces of " + digest();
    }
}
