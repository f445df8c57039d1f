package io.glossa.trainer.text;

/** How a normalised text is cut into pieces. */
interface Segmentation {
    /** Takes pieces in their order. */
    interface Sink {
        void accept(int from, int to, int id);
    }

    void cut(byte[] text, Sink sink);

    static Segmentation of(PieceModel.Algorithm algorithm, Pieces pieces) {
        return switch (algorithm) {
            case UNIGRAM -> new UnigramSegmentation(pieces);
            case BPE -> new BpeSegmentation(pieces);
            case WORD -> words(pieces);
            case CHAR -> characters(pieces);
        };
    }

    /** Each begins with the mark of a space, but for the first. */
    private static Segmentation words(Pieces pieces) {
        byte[] mark = Utf8.bytes(PieceNormalizer.MARK);
        ByteTrie marks = new ByteTrie();
        marks.put(mark, 0);
        return (text, sink) -> {
            int from = 0;
            for (int at = 0; at < text.length; at += Utf8.length(text, at)) {
                if (at > from && marks.longest(text, at) > 0) {
                    sink.accept(from, at, pieces.id(text, from, at));
                    from = at;
                }
            }
            if (from < text.length) {
                sink.accept(from, text.length, pieces.id(text, from, text.length));
            }
        };
    }

    private static Segmentation characters(Pieces pieces) {
        return (text, sink) -> {
            for (int at = 0; at < text.length; ) {
                int to = at + pieces.length(text, at);
                sink.accept(at, to, pieces.id(text, at, to));
                at = to;
            }
        };
    }
}
