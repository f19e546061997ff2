// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.LeaseId;
import dev.cairn.state.RunStatus;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StepTest {
    private final InMemoryStateStore store = InMemoryStateStore.open();

    @Test
    @DisplayName("STEP-08 a place whose predecessor is not the holder's, or ended the run, is fenced")
    void predecessorDecides() {
        Granted holder = Sent.create(store, "r");
        Sent.end(store, holder, 1, RunStatus.COMPLETED);

        Appended behindTheEnd = Sent.append(store, Sent.entry(holder, 2, "late"));
        Appended behindNothing = Sent.append(store, Sent.entry(holder, 7, "gap"));

        assertThat(List.of(behindTheEnd, behindNothing)).containsOnly(new Appended.Fenced());
        assertThat(Sent.read(store, "r").entries()).hasSize(2);
    }

    @Test
    @DisplayName("STEP-08 place 0 is written only under the lease in a head that names the incarnation")
    void firstPlaceAsksTheHead() {
        Granted holder = Sent.create(store, "r");
        Entry unnamed =
                Entry.grant(holder.lease().over(dev.cairn.spi.Incarnation.random()), 0, EntryKind.GRANT, Sent.GRANT);
        Entry ofNobody = Entry.grant(
                new dev.cairn.spi.Lease("none", holder.lease().incarnation(), LeaseId.random(), 1),
                0,
                EntryKind.GRANT,
                Sent.GRANT);

        List<Appended> answers = List.of(Sent.append(store, unnamed), Sent.append(store, ofNobody));

        assertThat(answers).containsOnly(new Appended.Fenced());
        assertThat(Sent.read(store, "r").entries()).hasSize(1);
    }
}
