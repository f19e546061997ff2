// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FrontendMessagesTest {
    private final FrontendMessages messages = new FrontendMessages();

    @Test
    @DisplayName("an Execute and a Query are statements; Parse, Bind, Sync, a password and the start are none")
    void kinds() {
        byte[] bytes = new Frontend()
                .encryption()
                .start()
                .message('p', 12)
                .message('P', 40)
                .message('B', 130)
                .message('E', 5)
                .message('S', 0)
                .message('Q', 9)
                .bytes();

        assertThat(messages.feed(bytes, bytes.length)).isEqualTo(2);
    }

    @Test
    @DisplayName("bytes may be cut anywhere")
    void cut() {
        byte[] bytes = new Frontend()
                .start()
                .message('E', 300)
                .message('E', 0)
                .message('Q', 1)
                .bytes();

        int statements = 0;
        for (byte one : bytes) {
            statements += messages.feed(new byte[] {one}, 1);
        }

        assertThat(statements).isEqualTo(3);
    }

    @Test
    @DisplayName("only the given length of a buffer counts")
    void length() {
        byte[] bytes = new Frontend().start().message('E', 0).message('E', 0).bytes();

        assertThat(messages.feed(bytes, bytes.length - 5)).isEqualTo(1);
    }
}
