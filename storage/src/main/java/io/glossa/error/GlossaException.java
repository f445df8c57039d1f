package io.glossa.error;

/** An error with its {@link ErrorType}. Messages read "Cannot (verb) (thing): (found), expected (what) (hint)". */
public final class GlossaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorType type;

    private GlossaException(ErrorType type, String message, Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    public static GlossaException user(String message) {
        return new GlossaException(ErrorType.USER, message, null);
    }

    public static GlossaException data(String message) {
        return new GlossaException(ErrorType.DATA, message, null);
    }

    public static GlossaException resource(String message) {
        return new GlossaException(ErrorType.RESOURCE, message, null);
    }

    public static GlossaException internal(String message) {
        return new GlossaException(ErrorType.INTERNAL, message, null);
    }

    /** The same error with what led to it. */
    public GlossaException causedBy(Throwable cause) {
        return new GlossaException(type, getMessage(), cause);
    }

    public ErrorType type() {
        return type;
    }
}
