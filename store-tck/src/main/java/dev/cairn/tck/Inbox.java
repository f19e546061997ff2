// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Message;
import dev.cairn.spi.Received;
import dev.cairn.spi.Signalled;
import java.util.List;

/** What a sender is told, and what stands in the inbox. */
final class Inbox {
    private Inbox() {}

    static void stored(Trial trial, Signalled answer) {
        trial.equal("the signal is", Signalled.STORED, answer);
    }

    static List<Message> messages(List<Received> received) {
        return received.stream().map(Received::message).toList();
    }
}
