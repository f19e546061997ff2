// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP relay in front of a server that counts how often its clients wait: bytes from a client are a new request if the
 * server said something since the last ones.
 */
final class Relay implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final ServerSocket listening;
    private final String host;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong statements = new AtomicLong();

    private Relay(ServerSocket listening, String host, int port) {
        this.listening = listening;
        this.host = host;
        this.port = port;
    }

    /** Begins to relay from a free port of this machine. */
    static Relay to(String host, int port) throws IOException {
        Relay relay = new Relay(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), host, port);
        relay.start("accept", relay::accept);
        return relay;
    }

    /** Where clients connect. */
    int port() {
        return listening.getLocalPort();
    }

    long requests() {
        return requests.get();
    }

    /** Of clients that speak PostgreSQL's protocol without encryption. */
    long statements() {
        return statements.get();
    }

    /** Moves bytes until one side ends. */
    private interface Pump {
        void run() throws IOException;
    }

    private void start(String name, Pump pump) {
        Thread thread = new Thread(
                () -> {
                    try {
                        pump.run();
                    } catch (IOException e) {
                        // A side is gone; what was counted stands.
                    }
                },
                "relay-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (!listening.isClosed()) {
            Socket client = listening.accept();
            Socket server = new Socket(host, port);
            // Else the relay would hold small answers back, and the client would seem to wait.
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(client);
            open.add(server);
            AtomicBoolean answered = new AtomicBoolean(true);
            start("asks", () -> ask(client, server, answered));
            start("answers", () -> answer(server, client, answered));
        }
    }

    private void ask(Socket client, Socket server, AtomicBoolean answered) throws IOException {
        FrontendMessages messages = new FrontendMessages();
        byte[] buffer = new byte[BUFFER];
        try (client;
                server) {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (answered.compareAndSet(true, false)) {
                    requests.incrementAndGet();
                }
                statements.addAndGet(messages.feed(buffer, length));
                out.write(buffer, 0, length);
            }
        } finally {
            open.remove(client);
            open.remove(server);
        }
    }

    private static void answer(Socket server, Socket client, AtomicBoolean answered) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (client;
                server) {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                // Before the client sees it, so that what it sends next is counted as next.
                answered.set(true);
                out.write(buffer, 0, length);
            }
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("the relay could not be closed", e);
        }
    }
}
