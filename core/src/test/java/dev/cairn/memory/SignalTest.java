// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.memory.StoreClauses.Pair;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Message;
import dev.cairn.state.Bytes;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SignalTest {
    private static Granted waiting(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        Sent.suspend(pair.store(), holder, 1, Optional.empty(), "approved");
        return holder;
    }

    @Test
    @DisplayName("BIG-02 a signal over the limit is refused and nothing is written")
    void tooLarge() {
        Pair pair = StoreClauses.whole();
        waiting(pair);
        int limit = pair.store().facts().limits().payloadBytes();
        Message large = new Message("m", "approved", Bytes.utf8("x".repeat(limit + 1)));

        assertThatThrownBy(() -> pair.store().signal("r", large)).isInstanceOf(PayloadTooLargeException.class);

        assertThat(Sent.read(pair.store(), "r").messages()).isEmpty();
        assertThat(Sent.head(pair.store(), "r").signals()).isZero();
    }
}
