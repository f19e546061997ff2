// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.RunPage;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A server in this process: a client names a call by its number, the server does it and names it back. What is called
 * stays in memory; that it is called, and that its answer is known, takes bytes over a socket.
 */
final class Served {
    private static final int BYTES_OF_A_RUN = 100;

    private volatile ServerSocket listener;
    private volatile Thread listening = Thread.currentThread();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Supplier<Object>> calls = new ConcurrentHashMap<>();
    private final Map<Long, Ended> answers = new ConcurrentHashMap<>();

    private Served(ServerSocket listener) {
        this.listener = listener;
    }

    static Served start() {
        try {
            Served served = new Served(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
            served.listening = daemon(served::accept);
            return served;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens no more, and cuts every connection. */
    void kill() {
        close(listener);
        try {
            listening.join(); // until then the port is taken
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clients.forEach(Served::close);
    }

    /** Listens at the same address again. */
    void restart() {
        int port = listener.getLocalPort();
        try {
            ServerSocket next = new ServerSocket();
            next.setReuseAddress(true);
            next.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
            listener = next;
            listening = daemon(this::accept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(Closeable open) {
        try {
            open.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "served");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    private void accept() {
        ServerSocket own = listener;
        while (!own.isClosed()) {
            try {
                Socket client = own.accept();
                clients.add(client);
                daemon(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream(), 1 << 16));
            while (true) {
                long number = in.readLong();
                in.readFully(new byte[in.readInt()]);
                Supplier<Object> call = calls.remove(number);
                int bytes = 0;
                if (call != null) {
                    Ended answer = Ended.of(call::get);
                    answers.put(number, answer);
                    bytes = answer.how() instanceof RunPage page
                            ? BYTES_OF_A_RUN * page.runs().size()
                            : 0;
                }
                out.writeLong(number);
                out.writeInt(bytes);
                out.write(new byte[bytes]);
                out.flush();
            }
        } catch (IOException gone) {
            // The client is gone.
        } finally {
            clients.remove(client);
        }
    }

    /** Sends a call over this connection, with so many bytes, and waits for its answer. */
    Ended ask(Socket socket, Supplier<Object> call, int bytes) throws IOException {
        long number = numbers.incrementAndGet();
        calls.put(number, call);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
        out.writeLong(number);
        out.writeInt(bytes);
        out.write(new byte[bytes]);
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        long answered = in.readLong();
        in.readFully(new byte[in.readInt()]);
        Ended answer = answers.remove(answered);
        if (answered != number || answer == null) {
            throw new IOException("the answer of another call");
        }
        return answer;
    }
}
