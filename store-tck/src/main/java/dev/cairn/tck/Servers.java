// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Read;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server of one run of the kit that may be ended, started when it is first asked for, and whether it can be trusted. */
final class Servers implements AutoCloseable {
    private static final Read RUN = new Read("meta", new Cursor.Start(), 1024);

    private final Storages storages;
    private @Nullable StoreServer server;
    private Optional<String> problem = Optional.empty();
    private boolean isKnown;

    Servers(Storages storages) {
        this.storages = storages;
    }

    /** Whether a kill is one (META-04): what outlives it proves nothing otherwise. What is wrong with it, if anything is. */
    synchronized Optional<String> problem() {
        if (!isKnown) {
            problem = looked();
            isKnown = true;
        }
        return problem;
    }

    // Whatever a hook throws, the clauses that need it are inconclusive, and say so.
    private Optional<String> looked() {
        try {
            return look(server());
        } catch (RuntimeException e) {
            return Optional.of("[META-04] it threw " + Thrown.name(e) + ": " + e.getMessage());
        }
    }

    private Optional<String> look(StoreServer ended) {
        StoreOptions options =
                StoreOptions.builder().namespace(Storages.freshName()).build();
        String before = ended.identity();
        try (StateStore store = storages.open(ended::open, Storages.freshName(), options)) {
            Acquire create = Requests.acquire("meta", new Acquire.Create(Requests.newRun()));
            if (!(store.acquire(create) instanceof Granted)) {
                return Optional.of("[META-04] a store that server(…) opens does not create a run");
            }
            ended.kill();
            if (!(Told.of(() -> store.read(RUN)).how() instanceof Throwable)) {
                return Optional.of("[META-04] a store was answered while its server was killed: kill() has to end the"
                        + " server that open(…) leads to, with all its processes");
            }
            ended.start();
        }
        return ended.identity().equals(before)
                ? Optional.of("[META-04] after kill() and start() the server is the one from before, " + before
                        + ": kill() has to end it with all its processes")
                : Optional.empty();
    }

    /** The server; only where the harness gives one. */
    synchronized StoreServer server() {
        StoreServer started = server;
        if (started == null) {
            started = storages.harness().server().orElseThrow().get();
            server = started;
        }
        return started;
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.close();
        }
    }
}
