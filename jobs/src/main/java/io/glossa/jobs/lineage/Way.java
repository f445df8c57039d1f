package io.glossa.jobs.lineage;

/** How something went into a model. */
enum Way {
    HEARD("speech"),
    READ("speech with text"),
    LABELLED("speech with a teacher's text"),
    SENTENCE("text without speech"),
    STATISTICS("front end's statistics"),
    TOKENIZER("tokenizer's texts");

    private final String words;

    Way(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
