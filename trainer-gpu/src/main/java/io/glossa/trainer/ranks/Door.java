package io.glossa.trainer.ranks;

import io.glossa.error.GlossaException;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where other ranks find this one: an open port and a word that only they know. It waits in this process, by its address, from
 * when the address is told until all have met.
 */
final class Door implements AutoCloseable {
    private static final Map<Address, Door> OPEN = new ConcurrentHashMap<>();
    private static final int GREETING_MS = 2000;

    /** As text {@code host:port/word}. */
    record Address(String host, int port, long word) {
        static Address of(String text) {
            int slash = text.lastIndexOf('/');
            int colon = text.lastIndexOf(':', slash);
            return new Address(
                    text.substring(0, colon),
                    Integer.parseInt(text.substring(colon + 1, slash)),
                    HexFormat.fromHexDigitsToLong(text.substring(slash + 1)));
        }

        @Override
        public String toString() {
            return place() + '/' + HexFormat.of().toHexDigits(word);
        }

        String place() {
            return host + ':' + port;
        }
    }

    /** A rank that came in. */
    record Guest(int rank, SocketChannel channel) {}

    private final ServerSocketChannel server;
    private final Address address;

    private Door(ServerSocketChannel server, Address address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Opens a port that is free.
     *
     * @param host this machine, as the others call it
     */
    static Address open(String host) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open().bind(null);
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            Address address = new Address(host, port, new SecureRandom().nextLong());
            OPEN.put(address, new Door(server, address));
            return address;
        } catch (IOException e) {
            throw GlossaException.resource("Cannot open a port for other ranks on " + host + ": " + e.getMessage()
                            + ", expected one that is free")
                    .causedBy(e);
        }
    }

    /** The one that was opened in this process. */
    static Door at(Address address) {
        Door door = OPEN.remove(address);
        if (door == null) {
            throw GlossaException.internal(
                    "Cannot meet other ranks at " + address.place() + ": expected a port that this process opened");
        }
        return door;
    }

    /** The next that knows the word; whoever else knocks is sent away. */
    Guest next(int patienceMs) throws IOException {
        long until = System.nanoTime() + patienceMs * 1_000_000L;
        while (true) {
            int left = (int) ((until - System.nanoTime()) / 1_000_000);
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            server.socket().setSoTimeout(left);
            Socket socket = server.socket().accept();
            try {
                socket.setSoTimeout(GREETING_MS);
                DataInputStream greeting = new DataInputStream(socket.getInputStream());
                if (greeting.readLong() == address.word()) {
                    int rank = greeting.readInt();
                    socket.setSoTimeout(0);
                    return new Guest(rank, socket.getChannel());
                }
            } catch (IOException e) {
                // A stranger who said nothing, or too little: a rank that is waited for would be missed below.
            }
            socket.close();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw GlossaException.resource("Cannot close port " + address.place() + ": " + e.getMessage())
                    .causedBy(e);
        }
    }
}
