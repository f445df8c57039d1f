package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Memory;
import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.runtime.Agreement;
import io.glossa.trainer.runtime.host.CacheFolder;
import io.glossa.trainer.runtime.host.Digest;
import io.glossa.trainer.runtime.host.Seal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Products by cuBLASLt. Which algorithm is the fastest is found out once and written down in the cache folder: all runs on
 * this kind of GPU use the same, and so give the same bits. Ranks, which may have folders of their own, agree on one.
 */
final class Products implements AutoCloseable {
    private static final int CANDIDATES = 16;
    private static final int MOST_ALIGNED = 16;

    /** What a product's algorithm depends on. */
    private record Key(ProductPlan plan, int alignment, boolean fast) {}

    /** A product ready to be multiplied. */
    private record Chosen(ProductPlan plan, CublasLt.Description description, Memory algorithm)
            implements Gpu.Product {}

    private final CublasLt library;
    private final Path cache;
    private final Agreement agreement;
    private final String identity;
    private final Scratch scratch;
    private final ProductRace.Clock clock;
    private final boolean fastF8;
    private final Map<Key, Chosen> chosen = new HashMap<>();

    /** Memory that one product at a time may use, and the stream that it runs on. */
    record Scratch(long address, long bytes, long stream) {}

    /**
     * @param gpu its name: another kind of GPU has other algorithms
     * @param fastF8 whether products of F8 numbers add up fast rather than well
     */
    Products(
            CublasLt library,
            Path cache,
            Agreement agreement,
            String gpu,
            Scratch scratch,
            ProductRace.Clock clock,
            boolean fastF8) {
        this.library = library;
        this.cache = cache;
        this.agreement = agreement;
        this.identity = library.identity() + gpu + scratch.bytes();
        this.scratch = scratch;
        this.clock = clock;
        this.fastF8 = fastF8;
    }

    /** The library and its version. */
    String library() {
        return library.identity();
    }

    Gpu.Product product(ProductPlan plan, Gpu.Factors at) {
        Key key = new Key(plan, alignment(plan, at), fastF8 && plan.operands() == DType.F8);
        Chosen known = chosen.get(key);
        if (known == null) {
            known = choose(key, at);
            chosen.put(key, known);
        }
        return known;
    }

    void multiply(Gpu.Product product, Gpu.Factors at) {
        library.check("cublasLtMatmul", multiplied((Chosen) product, at));
    }

    private int multiplied(Chosen product, Gpu.Factors at) {
        ProductPlan plan = product.plan();
        if (plan.biased()) {
            library.bias(product.description(), at.bias());
        }
        long size = plan.operands().bytes();
        for (ProductPlan.Start start : plan.calls()) {
            int status = library.multiply(
                    product.description(),
                    product.algorithm(),
                    at.b() + size * start.first(),
                    at.a() + size * start.second(),
                    at.result() + plan.type().bytes() * start.result(),
                    scratch.address(),
                    scratch.bytes(),
                    scratch.stream());
            if (status != 0) {
                return status;
            }
        }
        return 0;
    }

    private Chosen choose(Key key, Gpu.Factors at) {
        CublasLt.Description description = library.describe(key.plan(), key.fast());
        if (key.plan().biased()) {
            library.bias(description, at.bias());
        }
        String name = "product-" + Digest.ofFile(key.toString(), identity) + ".bin";
        byte[] algorithm = agreement.on(
                name,
                () -> read(cache.resolve(name))
                        .filter(kept -> works(key, description, kept, at))
                        .orElseGet(() -> fastest(key, description, at, cache.resolve(name))));
        return new Chosen(key.plan(), description, memory(algorithm));
    }

    private byte[] fastest(Key key, CublasLt.Description description, Gpu.Factors at, Path file) {
        ProductRace race = race(key, description, at);
        byte[] fastest = race.winner()
                .orElseThrow(() -> GlossaException.resource("Cannot multiply " + key + ": found no algorithm in "
                        + library.identity() + " that works, expected one"))
                .algorithm();
        write(file, fastest, key + "\n" + race.table());
        return fastest;
    }

    /** Whether one call succeeds. */
    private boolean works(Key key, CublasLt.Description description, byte[] candidate, Gpu.Factors at) {
        try (Memory algorithm = memory(candidate)) {
            return multiplied(new Chosen(key.plan(), description, algorithm), at) == 0;
        }
    }

    private ProductRace race(Key key, CublasLt.Description description, Gpu.Factors at) {
        ProductRace race = new ProductRace(clock);
        for (byte[] candidate : library.algorithms(description, scratch.bytes(), key.alignment(), CANDIDATES)) {
            if (works(key, description, candidate, at)) {
                try (Memory algorithm = memory(candidate)) {
                    Chosen tried = new Chosen(key.plan(), description, algorithm);
                    race.run(candidate, () -> multiply(tried, at));
                }
            }
        }
        return race;
    }

    private static Memory memory(byte[] algorithm) {
        Memory memory = new Memory(algorithm.length);
        memory.write(0, algorithm, 0, algorithm.length);
        return memory;
    }

    /** The largest power of two up to 16 bytes that divides where all matrices begin. */
    private static int alignment(ProductPlan plan, Gpu.Factors at) {
        long size = plan.operands().bytes();
        long all = at.result()
                | at.a()
                | at.b()
                | at.bias()
                | size * (plan.first().batch() | plan.second().batch());
        all |= plan.type().bytes() * plan.result().batch();
        for (ProductPlan.Start start : plan.calls()) {
            all |= size * (start.first() | start.second()) | plan.type().bytes() * start.result();
        }
        return (int) Math.min(MOST_ALIGNED, Long.lowestOneBit(all | MOST_ALIGNED));
    }

    private static Optional<byte[]> read(Path file) {
        return Seal.isWhole(file) ? Optional.of(Cubins.image(file)) : Optional.empty();
    }

    /** @param times what people may read of the race */
    private static void write(Path file, byte[] algorithm, String times) {
        try {
            Seal.publish(file.resolveSibling(file.getFileName() + ".log"), times.getBytes(StandardCharsets.UTF_8));
            Seal.publishSealed(file, algorithm);
        } catch (IOException e) {
            throw CacheFolder.unwritable("Cannot write " + file, e);
        }
    }

    @Override
    public void close() {
        chosen.values().forEach(product -> {
            library.destroy(product.description());
            product.algorithm().close();
        });
        chosen.clear();
        library.close();
    }
}
