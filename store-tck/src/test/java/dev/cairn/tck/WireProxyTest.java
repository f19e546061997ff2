// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WireProxyTest {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Wire wire = new Wire();
    private final ServerSocket echo = listening();
    private final WireProxy proxy = WireProxy.open(
            new InetSocketAddress(echo.getInetAddress(), echo.getLocalPort()), wire, bytes -> bytes[0] == '?');

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void startEcho() {
        WireProxy.daemon("echo", () -> {
            while (!echo.isClosed()) {
                try {
                    Socket client = echo.accept();
                    WireProxy.daemon("echo-client", () -> echo(client));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    /** Says each line back. */
    private void echo(Socket client) {
        try (client) {
            StringBuilder line = new StringBuilder();
            for (int c = client.getInputStream().read();
                    c >= 0;
                    c = client.getInputStream().read()) {
                line.append((char) c);
                if (c == '\n') {
                    heard.add(line.toString().trim());
                    client.getOutputStream().write(line.toString().getBytes(StandardCharsets.UTF_8));
                    line.setLength(0);
                }
            }
        } catch (IOException gone) {
            heard.add("gone");
        }
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        echo.close();
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(proxy.address());
        return socket;
    }

    private static String said(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        return reply(socket);
    }

    private static String reply(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder reply = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new SocketException("closed");
            }
            reply.append((char) c);
        }
        return reply.toString();
    }

    @Test
    void countsWhatAClientSaysAfterTheServer() throws IOException {
        try (Socket socket = connected()) {
            wire.arm(0, Fault.NONE);

            said(socket, "one");
            socket.getOutputStream().write("t".getBytes(StandardCharsets.UTF_8));
            said(socket, "wo");
            said(socket, "?");

            assertThat(wire.disarm()).isEqualTo(2);
            assertThat(wire.requests()).isEqualTo(2);
            assertThat(wire.sent()).isEqualTo(10);
            assertThat(wire.received()).isEqualTo(10);
            assertThat(wire.live()).isEqualTo(1);
            assertThat(wire.connections()).isEqualTo(1);
        }
    }

    @Test
    void countsFromWhenItWasArmedOverAllConnections() throws IOException {
        try (Socket one = connected();
                Socket two = connected()) {
            said(one, "before");
            wire.arm(2, Fault.CUT_BEFORE);

            said(one, "one");

            assertThatThrownBy(() -> said(two, "two")).isInstanceOf(IOException.class);
            assertThat(said(one, "three")).isEqualTo("three");
        }
    }

    @Test
    void holdsUntilLetGo() throws Exception {
        try (Socket socket = connected()) {
            wire.arm(1, Fault.HOLD);
            FutureTask<String> asked = new FutureTask<>(() -> said(socket, "held"));
            WireProxy.daemon("asks", asked);

            assertThat(wire.isReached(asked::isDone)).isTrue();
            assertThat(heard).isEmpty();
            assertThat(asked.isDone()).isFalse();
            wire.release();

            assertThat(asked.get()).isEqualTo("held");
        }
    }

    @Test
    void sayWhenThePointWasNotReached() throws Exception {
        try (Socket socket = connected()) {
            wire.arm(2, Fault.HOLD);
            FutureTask<String> asked = new FutureTask<>(() -> said(socket, "one"));
            WireProxy.daemon("asks", asked);

            assertThat(wire.isReached(asked::isDone)).isFalse();
        }
    }

    @Test
    void cutBeforeDoesNotArrive() throws IOException {
        try (Socket socket = connected()) {
            wire.arm(1, Fault.CUT_BEFORE);

            assertThatThrownBy(() -> said(socket, "lost")).isInstanceOf(IOException.class);

            assertThat(heard).doesNotContain("lost");
        }
    }

    @Test
    void cutAfterArrivesAndIsNotAnswered() throws IOException {
        try (Socket socket = connected()) {
            wire.arm(1, Fault.CUT_AFTER);

            assertThatThrownBy(() -> said(socket, "done")).isInstanceOf(IOException.class);

            assertThat(heard).contains("done");
            assertThat(wire.received()).isZero();
        }
    }

    @Test
    void blackHoleArrivesAndStaysSilent() throws IOException {
        try (Socket socket = connected()) {
            socket.setSoTimeout(200);
            wire.arm(1, Fault.BLACK_HOLE);

            assertThatThrownBy(() -> said(socket, "done")).isInstanceOf(SocketTimeoutException.class);

            assertThat(heard).containsExactly("done");
            assertThat(wire.live()).isEqualTo(1);
        }
    }

    @Test
    void halfOpenDoesNotArriveAndStaysSilent() throws IOException {
        try (Socket socket = connected()) {
            socket.setSoTimeout(200);
            wire.arm(1, Fault.HALF_OPEN);

            assertThatThrownBy(() -> said(socket, "lost")).isInstanceOf(SocketTimeoutException.class);

            assertThat(heard).isEmpty();
        }
    }

    @Test
    void refusesWhatThereIsAndWhatComesUntilMended() throws IOException {
        try (Socket before = connected()) {
            said(before, "one");

            wire.refuse();

            assertThatThrownBy(() -> said(before, "two")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> {
                        try (Socket refused = connected()) {
                            said(refused, "three");
                        }
                    })
                    .isInstanceOf(IOException.class);
            wire.mend();
            try (Socket after = connected()) {
                assertThat(said(after, "four")).isEqualTo("four");
            }
            assertThat(heard).doesNotContain("two", "three");
        }
    }

    @Test
    void slicesWithoutChangingAnything() throws IOException {
        try (Socket socket = connected()) {
            wire.slice(true);

            assertThat(said(socket, "byte by byte")).isEqualTo("byte by byte");
        }
    }

    @Test
    void delaysEveryRequest() throws IOException {
        try (Socket socket = connected()) {
            wire.delay(Duration.ofMillis(50));
            long begun = System.nanoTime();

            assertThat(said(socket, "one")).isEqualTo("one");
            assertThat(said(socket, "two")).isEqualTo("two");

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void holdsAReplyUntilLetGo() throws Exception {
        try (Socket socket = connected()) {
            wire.arm(1, Fault.HOLD_REPLY);
            FutureTask<String> asked = new FutureTask<>(() -> said(socket, "done"));
            WireProxy.daemon("asks", asked);

            assertThat(wire.isReached(asked::isDone)).isTrue();
            assertThat(heard).containsExactly("done");
            assertThat(asked.isDone()).isFalse();
            wire.release();

            assertThat(asked.get()).isEqualTo("done");
            assertThat(said(socket, "next")).isEqualTo("next");
        }
    }

    @Test
    void keepsTheWordsThatItListensFor() throws IOException {
        try (Socket socket = connected()) {
            said(socket, "create before");
            wire.listen(Pattern.compile("create \\w+"));

            said(socket, "create table, select");
            said(socket, "select");

            assertThat(wire.heard()).containsExactly("create table");
        }
    }

    @Test
    void laterRequestsOfTheDeadDoNotArrive() throws IOException {
        wire.armFrom(1, Fault.CUT_AFTER);
        try (Socket one = connected();
                Socket two = connected()) {
            assertThatThrownBy(() -> said(one, "done")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> said(two, "lost")).isInstanceOf(IOException.class);
        }
        assertThat(heard).contains("done").doesNotContain("lost");
    }

    @Test
    void closedItLetsGoWhatItHeld() throws Exception {
        try (Socket socket = connected()) {
            wire.arm(1, Fault.HOLD);
            FutureTask<String> asked = new FutureTask<>(() -> said(socket, "held"));
            WireProxy.daemon("asks", asked);
            assertThat(wire.isReached(asked::isDone)).isTrue();

            proxy.close();

            assertThatThrownBy(asked::get).hasCauseInstanceOf(IOException.class);
        }
    }
}
