// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.memory.StoreClauses.Pair;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Received;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SignalTest {
    private static Granted waiting(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        Sent.suspend(pair.store(), holder, 1, Optional.empty(), "approved");
        return holder;
    }

    @OnBothForms
    @DisplayName("SIG-01 a signal sent before the run waits is handed over with the next grant")
    void earlySignalIsKept(Pair pair) {
        Sent.release(pair.store(), Sent.create(pair.store(), "r"));

        Signalled answer = pair.other().signal("r", Sent.message("m"));

        assertThat(answer).isEqualTo(Signalled.STORED);
        assertThat(Sent.taken(pair.store(), "r").page().messages()).containsExactly(new Received(Sent.message("m"), 0));
    }

    @OnBothForms
    @DisplayName("SIG-02 a signal makes the waiting run due, and one that came before it waited does so too")
    void signalWakes(Pair pair) {
        waiting(pair);
        assertThat(pair.store().claim(Sent.claim(1))).isEmpty();
        pair.other().signal("r", Sent.message("m"));
        Granted woken = pair.store().claim(Sent.claim(1)).get(0);
        pair.other().signal("r", Sent.message("n"));

        Sent.suspend(pair.store(), woken, 3, Optional.empty(), "approved");

        assertThat(pair.store().claim(Sent.claim(1))).hasSize(1);
    }

    @OnBothForms
    @DisplayName("SIG-02 a signal of another name is kept and wakes nobody")
    void otherNameDoesNotWake(Pair pair) {
        waiting(pair);

        pair.other().signal("r", new Message("m", "rejected", Bytes.empty()));

        assertThat(Sent.read(pair.store(), "r").messages()).hasSize(1);
        assertThat(pair.store().claim(Sent.claim(1))).isEmpty();
    }

    @OnBothForms
    @DisplayName("SIG-04 a signal id is delivered once, and signals stand in order of acknowledgement")
    void idsAreDeliveredOnce(Pair pair) {
        waiting(pair);
        pair.store().signal("r", Sent.message("z"));
        pair.store().signal("r", Sent.message("a"));

        Signalled again = pair.other().signal("r", new Message("z", "approved", Bytes.utf8("\"other\"")));

        assertThat(again).isEqualTo(Signalled.STORED);
        assertThat(Sent.read(pair.store(), "r").messages())
                .extracting(Received::message)
                .containsExactly(Sent.message("z"), Sent.message("a"));
    }

    @OnBothForms
    @DisplayName("SIG-05 a signal to an absent, arriving or ended run says so and creates nothing")
    void nobodyToReceive(Pair pair) {
        Sent.end(pair.store(), Sent.create(pair.store(), "ended"), 1, RunStatus.COMPLETED);
        NewRun arriving =
                new NewRun(Sent.WORKFLOW, 1, Incarnation.random(), Labels.NONE, RunStatus.ARRIVING, Sent.GRANT, 0);
        pair.store().acquire(Sent.acquire("arriving", new Acquire.Create(arriving)));

        List<Signalled> answers = List.of(
                pair.store().signal("absent", Sent.message("m")),
                pair.store().signal("arriving", Sent.message("m")),
                pair.store().signal("ended", Sent.message("m")));

        assertThat(answers).containsExactly(Signalled.ABSENT, Signalled.ARRIVING, Signalled.ENDED);
        assertThat(Sent.read(pair.store(), "ended").messages()).isEmpty();
        assertThat(Sent.create(pair.store(), "absent").page().messages()).isEmpty();
    }

    @OnBothForms
    @DisplayName("SIG-06 a timer is claimable once, at its due time and not before")
    void timerIsExact(Pair pair) {
        Instant due = pair.clock().instant().plus(Duration.ofHours(1));
        Sent.suspend(pair.store(), Sent.create(pair.store(), "r"), 1, Optional.of(due));
        pair.clock().set(due.minusMillis(1));
        List<Granted> early = pair.store().claim(Sent.claim(1));
        pair.clock().set(due);

        List<Granted> claimed = pair.store().claim(Sent.claim(1));

        assertThat(early).isEmpty();
        assertThat(claimed).hasSize(1);
        assertThat(pair.other().claim(Sent.claim(1))).isEmpty();
    }

    @OnBothForms
    @DisplayName("SIG-07 delete and restore are refused if a signal came that their expectation did not see")
    void unseenSignalRefuses(Pair pair) {
        waiting(pair);
        Granted deleter = (Granted) pair.store().acquire(Sent.acquire("r", Sent.at(Sent.revision(pair.store(), "r"))));
        pair.other().signal("r", Sent.message("m"));
        Head before = Sent.head(pair.store(), "r");

        Settled answer = pair.store()
                .settle(Settle.of(deleter.lease(), HeadChange.gone(0).build()));

        assertThat(answer).isEqualTo(new Settled.Signalled(before));
        assertThat(Sent.head(pair.store(), "r")).isEqualTo(before);
        assertThat(Sent.read(pair.store(), "r").messages()).hasSize(1);
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

    @OnBothForms
    @DisplayName("CLAIM-05 a run that waits sleeps on where a canceller died over it, and wakes for its signal")
    void deadCancellerDoesNotWake(Pair pair) {
        waiting(pair);
        Sent.taken(pair.other(), "r");
        pair.clock().advance(Sent.TTL);

        assertThat(pair.store().claim(Sent.claim(10))).isEmpty();
        assertThat(Sent.head(pair.store(), "r").status()).isEqualTo(RunStatus.SUSPENDED);
        pair.other().signal("r", Sent.message("m"));
        assertThat(pair.store().claim(Sent.claim(10))).hasSize(1);
    }
}
