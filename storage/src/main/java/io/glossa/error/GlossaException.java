package io.glossa.error;

/** An error with its {@link ErrorType}. Messages read "Cannot (verb) (thing): (found), expected (what) (hint)". */
public final class GlossaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorType type;
    private final boolean forWantOfInput;

    private GlossaException(ErrorType type, boolean forWantOfInput, String message, Throwable cause) {
        super(message, cause);
        this.type = type;
        this.forWantOfInput = forWantOfInput;
    }

    public static GlossaException of(ErrorType type, String message) {
        return new GlossaException(type, false, message, null);
    }

    public static GlossaException user(String message) {
        return of(ErrorType.USER, message);
    }

    public static GlossaException data(String message) {
        return of(ErrorType.DATA, message);
    }

    public static GlossaException resource(String message) {
        return of(ErrorType.RESOURCE, message);
    }

    public static GlossaException internal(String message) {
        return of(ErrorType.INTERNAL, message);
    }

    /** The same error with what led to it. */
    public GlossaException causedBy(Throwable cause) {
        return new GlossaException(type, forWantOfInput, getMessage(), cause);
    }

    /** The same error, said of a job that found nothing to work on: who runs several may leave that one out. */
    public GlossaException forWantOfInput() {
        return new GlossaException(type, true, getMessage(), getCause());
    }

    public boolean isForWantOfInput() {
        return forWantOfInput;
    }

    public ErrorType type() {
        return type;
    }
}
