// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Predicate;

/**
 * Stands between one opened store and a server: listens on a port of its own and hands on what comes, as its {@link Wire}
 * says. A request is what a client sends first after bytes of the server; what is only there to keep connections is none.
 */
final class WireProxy implements AutoCloseable {
    private final InetSocketAddress server;
    private final Wire wire;
    private final Predicate<byte[]> housekeeping;
    private final ServerSocket listener;

    private WireProxy(InetSocketAddress server, Wire wire, Predicate<byte[]> housekeeping) throws IOException {
        this.server = server;
        this.wire = wire;
        this.housekeeping = housekeeping;
        this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    }

    /**
     * Opens one.
     *
     * @param housekeeping tells by its first bytes what is no request: log-ins, pings
     */
    static WireProxy open(InetSocketAddress server, Wire wire, Predicate<byte[]> housekeeping) {
        try {
            WireProxy proxy = new WireProxy(server, wire, housekeeping);
            daemon("cairn-tck-wire", proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("the kit cannot listen on a port", e);
        }
    }

    static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Where to connect to. */
    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                accepted(listener.accept());
            } catch (IOException closed) {
                // The listener was closed, or a client was gone before it was served: nobody waits for an answer.
            }
        }
    }

    private void accepted(Socket client) throws IOException {
        if (wire.isRefusing()) {
            WireLine.reset(client);
            return;
        }
        Socket upstream = new Socket();
        try {
            upstream.connect(new InetSocketAddress(server.getHostString(), server.getPort()), 10_000);
        } catch (IOException e) {
            WireLine.reset(client);
            WireLine.reset(upstream);
            return;
        }
        WireLine.start(client, upstream, wire, housekeeping);
    }

    /** Ends it, with every connection. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the kit cannot close its port", e);
        } finally {
            wire.release();
            wire.cutAll();
        }
    }
}
