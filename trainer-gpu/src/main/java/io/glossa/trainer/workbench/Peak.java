package io.glossa.trainer.workbench;

import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.Roofline;
import java.util.List;
import java.util.Locale;

/**
 * What a device reaches at most.
 *
 * @param source where the figures are from
 */
public record Peak(String source, double bytesPerSecond, double flopPerSecond) {
    /** Data sheets: memory, dense BF16 products, and F32 without tensor cores. */
    private record Card(String name, double bytes, double bf16, double fp32) {}

    private static final List<Card> CARDS = List.of(
            new Card("H200", 4.8e12, 989e12, 67e12),
            new Card("H100", 3.35e12, 989e12, 67e12),
            new Card("A100", 2.0e12, 312e12, 19.5e12));

    /** Nominal for a card that is known, else measured here. */
    public static Peak of(Device device, Precision precision) {
        String hardware = device.hardware().toUpperCase(Locale.ROOT);
        return CARDS.stream()
                .filter(card -> hardware.contains(card.name()))
                .findFirst()
                .map(card -> new Peak(
                        "nominal of " + device.hardware(),
                        card.bytes(),
                        precision.isMixed() ? card.bf16() : card.fp32()))
                .orElseGet(() -> measured(device));
    }

    private static Peak measured(Device device) {
        Roofline roofline = Roofline.of(device);
        return new Peak("measured here", roofline.bytesPerSecond(), roofline.flopPerSecond());
    }

    /** Seconds that the bytes take at least. */
    double seconds(double bytes, double flop) {
        return Math.max(bytes / bytesPerSecond, flop / flopPerSecond);
    }
}
