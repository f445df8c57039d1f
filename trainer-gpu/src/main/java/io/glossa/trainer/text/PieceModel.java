package io.glossa.trainer.text;

import io.glossa.error.GlossaException;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code .model} file of SentencePiece, as far as texts are numbered by it: its {@code ModelProto}.
 *
 * @param pieces by id
 * @param byteFallback whether what has no piece is written by its bytes
 * @param unknownSurface what the unknown is read as
 */
record PieceModel(
        List<Piece> pieces,
        Algorithm algorithm,
        boolean byteFallback,
        String unknownSurface,
        PieceNormalizer normalizer,
        PieceNormalizer denormalizer) {
    /** How texts are cut into pieces, in the file's order. */
    enum Algorithm {
        UNIGRAM,
        BPE,
        WORD,
        CHAR
    }

    /** What a piece is, in the file's order. */
    enum Kind {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    record Piece(String text, float score, Kind kind) {}

    private static final String UNKNOWN_SURFACE = " \u2047 ";

    PieceModel {
        pieces = List.copyOf(pieces);
    }

    /**
     * What a file says.
     *
     * @throws GlossaException of type DATA that says what is wrong with it
     */
    static PieceModel of(byte[] file) {
        try {
            return read(file);
        } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException e) {
            throw GlossaException.data("Cannot read a tokenizer of " + file.length + " bytes: " + e
                            + ", expected a .model file of SentencePiece")
                    .causedBy(e);
        }
    }

    private static PieceModel read(byte[] file) {
        WireReader in = new WireReader(file);
        List<Piece> pieces = new ArrayList<>();
        byte[] trainer = {};
        byte[] normalizer = {};
        byte[] denormalizer = {};
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> pieces.add(piece(in.bytes()));
                case 2 -> trainer = in.bytes();
                case 3 -> normalizer = in.bytes();
                case 5 -> denormalizer = in.bytes();
                default -> in.skip();
            }
        }
        Algorithm algorithm = Algorithm.UNIGRAM;
        boolean bytes = false;
        boolean suffix = false;
        String surface = UNKNOWN_SURFACE;
        WireReader spec = new WireReader(trainer);
        for (int field = spec.next(); field != 0; field = spec.next()) {
            switch (field) {
                case 3 -> algorithm = Algorithm.values()[(int) spec.number() - 1];
                case 24 -> suffix = spec.bool();
                case 35 -> bytes = spec.bool();
                case 44 -> surface = spec.text();
                default -> spec.skip();
            }
        }
        return new PieceModel(
                pieces, algorithm, bytes, surface, normalizer(normalizer, suffix), normalizer(denormalizer, false));
    }

    private static Piece piece(byte[] message) {
        WireReader in = new WireReader(message);
        String text = "";
        float score = 0;
        Kind kind = Kind.NORMAL;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> text = in.text();
                case 2 -> score = in.real();
                case 3 -> kind = Kind.values()[(int) in.number() - 1];
                default -> in.skip();
            }
        }
        return new Piece(text, score, kind);
    }

    private static PieceNormalizer normalizer(byte[] message, boolean suffix) {
        WireReader in = new WireReader(message);
        CharsMap map = CharsMap.NONE;
        boolean prefix = true;
        boolean remove = true;
        boolean escape = true;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 2 -> map = CharsMap.of(in.bytes());
                case 3 -> prefix = in.bool();
                case 4 -> remove = in.bool();
                case 5 -> escape = in.bool();
                default -> in.skip();
            }
        }
        return new PieceNormalizer(map, prefix, remove, escape, suffix);
    }

    /** A file of BPE pieces, for texts that are normalised already. */
    static byte[] bpe(List<Piece> pieces) {
        WireWriter out = new WireWriter();
        for (Piece piece : pieces) {
            WireWriter message = new WireWriter().text(1, piece.text()).real(2, piece.score());
            if (piece.kind() != Kind.NORMAL) {
                message.number(3, piece.kind().ordinal() + 1L);
            }
            out.message(1, message);
        }
        WireWriter trainer =
                new WireWriter().number(3, Algorithm.BPE.ordinal() + 1L).number(4, pieces.size());
        return out.message(2, trainer)
                .message(3, new WireWriter().text(1, "identity"))
                .toBytes();
    }
}
