package io.glossa.jobs.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ranks.LostRank;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Device;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.LoggerFactory;

/**
 * How the ranks of a training meet, anew for each attempt: each tells all others where it is, opens its device, and tells what
 * it found. What does not fit is refused by all of them before the first step. No Spark in here.
 */
final class Rendezvous {
    /** Before devices are open. A failure's message stands in place of the rest. */
    private record Card(String host, String code, String told, String probe, ErrorType failed, String failure) {}

    /** Behind that. */
    private record Opened(String identity, boolean seesFolder, ErrorType failed, String failure) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rank rank;
    private final String host;
    private final String code;
    private final Folder folder;
    private final Function<String, String[]> gather;

    /**
     * For one rank.
     *
     * @param host this machine, as the others call it
     * @param code version that runs here
     * @param folder of the run, which all must see
     * @param gather gives each what all have given, in the order of the ranks; waits for all. Each gives less than a kilobyte
     */
    Rendezvous(Rank rank, String host, String code, Folder folder, Function<String, String[]> gather) {
        this.rank = rank;
        this.host = host;
        this.code = code;
        this.folder = folder;
        this.gather = gather;
    }

    /**
     * This rank's device, connected with the others. The caller closes it.
     *
     * @param share from the device that was asked for to what one of so many ranks on this machine takes of it
     * @throws GlossaException if any rank fails, or one does not fit the others; by {@link LostRank} where it was another one
     */
    Device open(DeviceRequest request, Function<Integer, UnaryOperator<DeviceRequest>> share) {
        List<Card> cards = gathered(card(request), Card.class);
        for (int other = 0; other < cards.size(); other++) {
            requireWell(
                    other, cards, cards.get(other).failed(), cards.get(other).failure());
        }
        requireEqual("code", cards.stream().map(Card::code).toList(), cards);
        int neighbours =
                (int) cards.stream().filter(card -> card.host().equals(host)).count();
        String probe = cards.get(0).probe();
        Device device = null;
        GlossaException failure = null;
        try {
            device = share.apply(neighbours)
                    .apply(request)
                    .open(Communicator.of(rank, cards.stream().map(Card::told).toList())
                            .with(this::agreed));
        } catch (GlossaException e) {
            failure = e;
        }
        try {
            requireFitting(failure, opened(device, failure, probe), cards);
            return device;
        } catch (RuntimeException e) {
            if (device != null) {
                device.close();
            }
            throw e;
        } finally {
            if (rank.index() == 0) {
                delete(probe);
            }
        }
    }

    /** Chosen by the first of all ranks that asks, in the run's folder. */
    private byte[] agreed(String name, Supplier<byte[]> proposal) {
        Folder agreements = folder.resolve("agreements");
        try {
            return agreements.version(name).isPresent()
                    ? agreements.read(name)
                    : agreements.first(name, proposal.get());
        } catch (IOException e) {
            throw GlossaException.resource("Cannot agree with other ranks on " + agreements.file(name) + ": " + e
                            + ", expected a file that all may read and write")
                    .causedBy(e);
        }
    }

    private Card card(DeviceRequest request) {
        try {
            String probe = rank.index() == 0 ? writtenProbe() : "";
            return new Card(host, code, request.tell(rank, host), probe, null, "");
        } catch (GlossaException e) {
            return new Card(host, "", "", "", e.type(), told(e));
        }
    }

    private String writtenProbe() {
        String name = ".ranks-" + UUID.randomUUID();
        try {
            folder.create(name).close();
            return name;
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write into " + folder + " on " + host + ": " + e
                            + ", expected a folder that all ranks may write to (name another by --out)")
                    .causedBy(e);
        }
    }

    private boolean sees(String probe) {
        try {
            return folder.version(probe).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private void delete(String probe) {
        try {
            folder.delete(probe);
        } catch (IOException e) {
            LoggerFactory.getLogger(Rendezvous.class).warn("Cannot delete {}", folder.file(probe), e);
        }
    }

    private List<Opened> opened(Device device, GlossaException failure, String probe) {
        Opened own = device == null
                ? new Opened("", true, failure.type(), told(failure))
                : new Opened(device.identity(), sees(probe), null, "");
        return gathered(own, Opened.class);
    }

    private void requireFitting(GlossaException own, List<Opened> all, List<Card> cards) {
        if (own != null) {
            throw own;
        }
        for (int other = 0; other < all.size(); other++) {
            requireWell(other, cards, all.get(other).failed(), all.get(other).failure());
            if (!all.get(other).seesFolder()) {
                throw GlossaException.user("Cannot train on " + rank.count() + " ranks: " + place(other, cards)
                        + " does not see what " + place(0, cards) + " wrote into " + folder
                        + ", expected a folder that all share (name one by --out)");
            }
        }
        requireEqual("device", all.stream().map(Opened::identity).toList(), cards);
    }

    private void requireWell(int other, List<Card> cards, ErrorType failed, String failure) {
        if (failed == null) {
            return;
        }
        if (other == rank.index()) {
            throw GlossaException.of(failed, failure);
        }
        throw GlossaException.resource("Cannot train on " + rank.count() + " ranks: " + place(other, cards)
                        + " is not ready (" + failure + "), expected all")
                .causedBy(new LostRank(failure));
    }

    private void requireEqual(String what, List<String> found, List<Card> cards) {
        for (int other = 1; other < found.size(); other++) {
            if (!found.get(other).equals(found.get(0))) {
                throw GlossaException.user("Cannot train on " + rank.count() + " ranks: the " + what + " of "
                        + place(0, cards) + " is " + found.get(0) + ", that of " + place(other, cards) + " is "
                        + found.get(other) + ", expected the same on all, so that they make the same bits");
            }
        }
    }

    /** As much of a failure as fits when it is written: JSON takes up to six bytes for a character. */
    private static String told(GlossaException failure) {
        String text = RankOutcome.shortened(failure.getMessage(), RankOutcome.TOLD);
        while (JsonStringEncoder.getInstance().quoteAsUTF8(text).length > RankOutcome.TOLD) {
            text = text.substring(0, text.offsetByCodePoints(text.length(), -1));
        }
        return text;
    }

    private static String place(int rank, List<Card> cards) {
        return "rank " + rank + " on " + cards.get(rank).host();
    }

    private <T> List<T> gathered(T own, Class<T> type) {
        try {
            List<T> all = new ArrayList<>();
            for (String text : gather.apply(JSON.writeValueAsString(own))) {
                all.add(JSON.readValue(text, type));
            }
            return all;
        } catch (JsonProcessingException e) {
            throw GlossaException.internal("Cannot read what ranks told each other: " + e.getMessage())
                    .causedBy(e);
        }
    }
}
