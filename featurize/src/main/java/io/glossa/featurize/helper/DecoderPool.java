package io.glossa.featurize.helper;

import io.glossa.featurize.RejectCode;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

/** As many helpers as files are decoded at once; each is started when one is wanted, and ended when none is for a while. */
final class DecoderPool implements AutoCloseable {
    private static final int IDLE_SECONDS = 30;
    private static final Set<RejectCode> WORTH_ANOTHER = Set.of(RejectCode.DECODER_DIED, RejectCode.DECODER_MEMORY);

    private static volatile DecoderPool shared = new DecoderPool(DecoderMain.class, DecoderLimits.standard());

    static {
        DecoderWatch.every(IDLE_SECONDS, () -> shared.endIdle(IDLE_SECONDS));
    }

    private final Class<?> main;
    private final DecoderLimits limits;
    private final ConcurrentLinkedDeque<DecoderProcess> idle = new ConcurrentLinkedDeque<>();

    /** @param main what helpers run */
    DecoderPool(Class<?> main, DecoderLimits limits) {
        this.main = main;
        this.limits = limits;
    }

    /** This process's own. */
    static DecoderPool shared() {
        return shared;
    }

    /** Has this process use another from now on; the one until now. */
    static DecoderPool share(DecoderPool pool) {
        DecoderPool before = shared;
        shared = pool;
        return before;
    }

    /**
     * As {@link io.glossa.featurize.decode.AudioDecoder#decode}. A file whose helper ends gets a new one once, since the first
     * may have ended for what came before, or by another's hand.
     */
    Decoded decode(byte[] bytes, DecodeOptions options) {
        Decoded decoded = decode(taken(), bytes, options);
        return decoded instanceof Decoded.Reject reject && WORTH_ANOTHER.contains(reject.code())
                ? decode(new DecoderProcess(main, limits), bytes, options)
                : decoded;
    }

    private Decoded decode(DecoderProcess helper, byte[] bytes, DecodeOptions options) {
        boolean kept = false;
        try {
            Decoded decoded = helper.decode(bytes, options);
            kept = !(decoded instanceof Decoded.Reject reject && reject.code().endsDecoder());
            return decoded;
        } finally {
            if (kept) {
                helper.rest();
                idle.addFirst(helper);
            } else {
                helper.close();
            }
        }
    }

    private DecoderProcess taken() {
        DecoderProcess helper = idle.pollFirst();
        while (helper != null && !helper.isAlive()) {
            helper.close();
            helper = idle.pollFirst();
        }
        return helper == null ? new DecoderProcess(main, limits) : helper;
    }

    /** Ends helpers that nothing was asked of for some time, s. */
    void endIdle(double seconds) {
        for (DecoderProcess last = idle.peekLast();
                last != null && last.idleSeconds() >= seconds;
                last = idle.peekLast()) {
            if (idle.remove(last)) {
                last.close();
            }
        }
    }

    @Override
    public void close() {
        endIdle(0);
    }
}
