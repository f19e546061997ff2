// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Message;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Signalled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Mutants of LEAK. */
final class LeakMutants {
    private LeakMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.store("LEAK-01", "leaves a thread behind", store -> new Wrong(store) {
                    private final Thread thread = new Thread(LeakMutants::linger, "connection keeper");

                    {
                        thread.setDaemon(false); // whoever tries mutants may be a daemon
                        thread.start();
                    }
                }),
                Mutant.store("LEAK-01", "leaves a socket behind", store -> new Wrong(store) {
                    private final DatagramSocket socket = socket();

                    @Override
                    public String namespace() {
                        return socket.isClosed() ? "" : super.namespace();
                    }
                }),
                Mutant.store("LEAK-01", "leaves a temporary file behind", store -> new Wrong(store) {
                    {
                        temporaryFile();
                    }
                }),
                Mutant.sqlite(
                        "LEAK-01",
                        "leaves its lock file open",
                        "SqliteConnections.java",
                        "            turn.close();",
                        ""),
                Mutant.sqlite(
                        "LEAK-01",
                        "leaves the connection that writes open",
                        "SqliteConnections.java",
                        "                giveUp(session);\n            }\n        } finally {\n            turn.give();",
                        "                writer = null;\n            }\n        } finally {\n            turn.give();"),
                Mutant.store("LEAK-02", "keeps what it refused", store -> new Wrong(store) {
                    private final List<Message> refused = new ArrayList<>();

                    @Override
                    public Signalled signal(String runId, Message message) {
                        refused.add(message);
                        return super.signal(runId, message);
                    }
                }),
                Mutant.sqlite(
                        "LEAK-02",
                        "opens a connection for every read",
                        "SqliteConnections.java",
                        "idle.push(session);",
                        "idle.size();"),
                Mutant.store(
                        "LEAK-03", "holds a connection until a listing is read to its end", store -> new Wrong(store) {
                            private final Semaphore connections = new Semaphore(20);

                            @Override
                            public RunPage list(RunQuery query) {
                                if (!connections.tryAcquire()) {
                                    throw new StoreUnavailableException("all connections are in use");
                                }
                                RunPage page = super.list(query);
                                if (page.next().isEmpty()) {
                                    connections.release();
                                }
                                return page;
                            }
                        }));
    }

    private static DatagramSocket socket() {
        try {
            return new DatagramSocket();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void temporaryFile() {
        try {
            Files.createTempFile("store-", ".tmp").toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void linger() {
        try {
            boolean ended = new CountDownLatch(1).await(20, TimeUnit.SECONDS);
            assert !ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
