// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that this test plays itself, so that nothing depends on when bytes arrive. */
@Timeout(30)
class RelayTest {
    private ServerSocket listening;
    private Relay relay;
    private Socket client;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        relay = Relay.to(listening.getInetAddress().getHostAddress(), listening.getLocalPort());
        client = new Socket(InetAddress.getLoopbackAddress(), relay.port());
        server = listening.accept();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        relay.close();
        listening.close();
    }

    @Test
    @DisplayName("each time the client speaks after the server spoke is a request")
    void requests() throws IOException {
        ask(new Frontend().start().bytes());
        answer(20);
        for (int i = 0; i < 5; i++) {
            ask(new Frontend().message('E', 100).bytes());
            answer(30);
        }

        assertThat(relay.requests()).isEqualTo(6);
    }

    @Test
    @DisplayName("what is sent in several pieces without an answer between is one request")
    void pieces() throws IOException {
        ask(new Frontend().start().bytes());
        ask(new Frontend().message('P', 10).bytes());
        ask(new Frontend().message('E', 10).bytes());

        assertThat(relay.requests()).isEqualTo(1);
    }

    @Test
    @DisplayName("an answer in several pieces does not make the next request two")
    void answersInPieces() throws IOException {
        ask(new Frontend().start().bytes());
        answer(1);
        answer(70_000);
        ask(new Frontend().message('Q', 10).bytes());

        assertThat(relay.requests()).isEqualTo(2);
    }

    @Test
    @DisplayName("statements are counted over all connections, however many travel in one request")
    void statements() throws IOException {
        ask(new Frontend()
                .start()
                .message('E', 3)
                .message('E', 3)
                .message('S', 0)
                .bytes());
        try (Socket second = new Socket(InetAddress.getLoopbackAddress(), relay.port());
                Socket secondServer = listening.accept()) {
            byte[] bytes = new Frontend().start().message('Q', 3).bytes();
            second.getOutputStream().write(bytes);
            arrived(secondServer, bytes.length);
        }

        assertThat(relay.statements()).isEqualTo(3);
        assertThat(relay.requests()).isEqualTo(2);
    }

    @Test
    @DisplayName("when one side ends the other is told")
    void ends() throws IOException {
        server.close();

        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    /** Sends, and waits until the server has it: by then it was counted. */
    private void ask(byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
        arrived(server, bytes.length);
    }

    private void answer(int length) throws IOException {
        server.getOutputStream().write(new byte[length]);
        arrived(client, length);
    }

    private static void arrived(Socket at, int length) throws IOException {
        InputStream in = at.getInputStream();
        assertThat(in.readNBytes(length)).hasSize(length);
    }
}
