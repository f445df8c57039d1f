package io.glossa.trainer.ranks;

import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Rank;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

/** How a rank gets its links: it calls the ranks before it, and waits for those behind it. */
final class Meeting {
    private static final int GREETING_BYTES = Long.BYTES + Integer.BYTES;

    private final Rank rank;
    private final List<Door.Address> addresses;
    private final int mostBytes;
    private final int patienceMs;
    private final Link[] links;

    /**
     * Of one rank.
     *
     * @param addresses of all ranks, in their order
     * @param mostBytes of a message
     */
    Meeting(Rank rank, List<Door.Address> addresses, int mostBytes, int patienceMs) {
        this.rank = rank;
        this.addresses = addresses;
        this.mostBytes = mostBytes;
        this.patienceMs = patienceMs;
        links = new Link[rank.count()];
    }

    /**
     * By rank, null at this one's place.
     *
     * @throws GlossaException of type RESOURCE if one does not come in time
     */
    Link[] links() {
        try (Door door = Door.at(own())) {
            for (int other = 0; other < rank.index(); other++) {
                call(other);
            }
            for (int guests = rank.index() + 1; guests < rank.count(); guests++) {
                welcome(door);
            }
            return links;
        } catch (RuntimeException e) {
            for (Link link : links) {
                if (link != null) {
                    link.close();
                }
            }
            throw e;
        }
    }

    private Door.Address own() {
        return addresses.get(rank.index());
    }

    private void call(int other) {
        Door.Address address = addresses.get(other);
        try {
            SocketChannel channel = SocketChannel.open();
            channel.socket().connect(new InetSocketAddress(address.host(), address.port()), patienceMs);
            ByteBuffer greeting =
                    ByteBuffer.allocate(GREETING_BYTES).putLong(address.word()).putInt(rank.index());
            Link.write(channel, greeting.flip());
            links[other] = link(other, channel);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot reach rank " + other + " from rank " + rank.index() + ": "
                            + address.place() + " says '" + e.getMessage() + "', expected an open port (is there a"
                            + " firewall between the machines?)")
                    .causedBy(new LostRank(e.toString()));
        }
    }

    private void welcome(Door door) {
        try {
            Door.Guest guest = door.next(patienceMs);
            links[guest.rank()] = link(guest.rank(), guest.channel());
        } catch (SocketTimeoutException e) {
            throw GlossaException.resource("Cannot train on " + rank.count() + " ranks: after " + patienceMs / 1000
                            + " s rank " + missing() + " had not come to " + own().place()
                            + ", expected all (is there a firewall between the machines?)")
                    .causedBy(new LostRank(e.toString()));
        } catch (IOException e) {
            throw GlossaException.resource("Cannot meet other ranks at " + own().place() + ": " + e.getMessage())
                    .causedBy(e);
        }
    }

    private Link link(int other, SocketChannel channel) throws IOException {
        return Link.over(channel, mostBytes, addresses.get(other).host().equals(own().host()), patienceMs);
    }

    private int missing() {
        int other = rank.index() + 1;
        while (links[other] != null) {
            other++;
        }
        return other;
    }
}
