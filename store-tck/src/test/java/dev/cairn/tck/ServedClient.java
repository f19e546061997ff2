// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.RunPage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/** The connections of one store to a {@link Served}. */
final class ServedClient {
    private static final int PATIENCE_MILLIS = 3_000;
    private static final int MOST_PINNED = 30;

    /** What a client does with connections that it should not. */
    enum Habit {
        NONE,
        /** For each that broke it opens one to spare. */
        SPARES,
        /** That of a page behind which there are more it keeps for the next one. */
        PINS
    }

    private final Served served;
    private final InetSocketAddress address;
    private final Habit habit;
    private final Deque<Socket> idle = new ConcurrentLinkedDeque<>();
    private final Deque<Socket> kept = new ConcurrentLinkedDeque<>();

    ServedClient(Served served, InetSocketAddress address) {
        this(served, address, Habit.NONE);
    }

    ServedClient(Served served, InetSocketAddress address, Habit habit) {
        this.served = served;
        this.address = address;
        this.habit = habit;
    }

    /**
     * Does a call in the server.
     *
     * @param unknown whether it is not known, if no answer comes, what the store holds
     */
    Object call(Supplier<Object> call, int bytes, boolean unknown) {
        Socket socket = connected();
        try {
            Ended answer = served.ask(socket, call, bytes);
            boolean isPinned = habit == Habit.PINS
                    && kept.size() < MOST_PINNED
                    && answer.how() instanceof RunPage page
                    && page.next().isPresent();
            (isPinned ? kept : idle).push(socket);
            if (answer.how() instanceof Throwable thrown) {
                throw Thrown.unchecked(thrown);
            }
            return answer.how();
        } catch (IOException e) {
            close(socket);
            closeIdle(); // what cut this one cut the others too, as far as anybody knows
            if (habit == Habit.SPARES) {
                kept.push(connection());
            }
            throw unknown
                    ? new OutcomeUnknownException("no answer came", e)
                    : new StoreUnavailableException("no answer came; nothing was changed", e);
        }
    }

    private Socket connected() {
        Socket socket = idle.poll();
        return socket != null ? socket : connection();
    }

    private Socket connection() {
        try {
            Socket made = new Socket();
            made.setTcpNoDelay(true);
            made.setSoTimeout(PATIENCE_MILLIS);
            made.connect(new InetSocketAddress(address.getHostString(), address.getPort()), PATIENCE_MILLIS);
            return made;
        } catch (IOException e) {
            throw new StoreUnavailableException("the server cannot be reached", e);
        }
    }

    void close() {
        closeIdle();
        kept.forEach(ServedClient::close);
    }

    private void closeIdle() {
        for (Socket socket = idle.poll(); socket != null; socket = idle.poll()) {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // Then it is closed already.
        }
    }
}
