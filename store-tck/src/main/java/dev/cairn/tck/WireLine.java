// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** One connection through a {@link WireProxy}: a thread for each direction. */
final class WireLine implements Wire.Line {
    private static final int CHUNK = 64 << 10;
    /** How long a server may take to end what it was sent before its reply was dropped. */
    private static final int DRAIN_MILLIS = 30_000;

    private final Socket client;
    private final Socket server;
    private final Wire wire;
    private final Predicate<byte[]> housekeeping;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean serverSpoke = true;
    private volatile Fault fault = Fault.NONE;

    private WireLine(Socket client, Socket server, Wire wire, Predicate<byte[]> housekeeping) {
        this.client = client;
        this.server = server;
        this.wire = wire;
        this.housekeeping = housekeeping;
    }

    static void start(Socket client, Socket server, Wire wire, Predicate<byte[]> housekeeping) throws IOException {
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        WireLine line = new WireLine(client, server, wire, housekeeping);
        wire.opened(line);
        WireProxy.daemon("cairn-tck-wire-up", () -> line.pump(line::up));
        WireProxy.daemon("cairn-tck-wire-down", () -> line.pump(line::down));
    }

    /** Ends a connection at once, so that whoever waits on it is told so. */
    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException gone) {
            // Then it is closed already.
        }
        try {
            socket.close();
        } catch (IOException gone) {
            // Then it is closed already.
        }
    }

    private interface Direction {
        void run() throws IOException;
    }

    private void pump(Direction direction) {
        try {
            direction.run();
        } catch (IOException gone) {
            // One of the two is gone: the other is told so below.
        } finally {
            cut();
        }
    }

    private void up() throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            byte[] bytes = Arrays.copyOf(chunk, n);
            wire.sent(n);
            if (wire.isListening()) {
                wire.spoken(new String(bytes, StandardCharsets.ISO_8859_1));
            }
            if (serverSpoke && !housekeeping.test(bytes)) {
                serverSpoke = false;
                fault = wire.next();
                pause();
            }
            if (fault == Fault.CUT_BEFORE) {
                return;
            }
            if (fault != Fault.HALF_OPEN) {
                write(out, bytes, n);
            }
        }
    }

    private void down() throws IOException {
        InputStream in = server.getInputStream();
        OutputStream out = client.getOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            if (fault == Fault.CUT_AFTER) {
                drain(in, chunk);
                return;
            }
            if (fault == Fault.HOLD_REPLY) {
                wire.replied();
                fault = Fault.NONE;
            }
            if (fault == Fault.NONE) {
                wire.received(n);
                serverSpoke = true;
                write(out, chunk, n);
            }
        }
    }

    /** The reply has begun and is not handed on. The server is told that nobody sends any more, and ends what it was sent. */
    private void drain(InputStream in, byte[] chunk) throws IOException {
        server.shutdownOutput();
        server.setSoTimeout(DRAIN_MILLIS);
        int n = in.read(chunk);
        while (n >= 0) {
            n = in.read(chunk);
        }
    }

    private void write(OutputStream out, byte[] bytes, int length) throws IOException {
        int slice = wire.isSlicing() ? 1 : length;
        for (int i = 0; i < length; i += slice) {
            out.write(bytes, i, slice);
            out.flush();
        }
    }

    private void pause() {
        long millis = wire.latency().toMillis();
        if (millis > 0) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void cut() {
        if (ended.compareAndSet(false, true)) {
            wire.closed(this);
            reset(client);
            reset(server);
        }
    }
}
