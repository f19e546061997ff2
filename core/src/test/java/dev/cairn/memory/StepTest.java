// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.memory.StoreClauses.Pair;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.LeaseId;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StepTest {
    @OnBothForms
    @DisplayName("STEP-01 an acknowledged step is seen by the next read on every instance")
    void acknowledgedIsVisible(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        Entry step = Sent.entry(holder, 1, "pay");

        Appended answer = Sent.append(pair.store(), step);

        assertThat(answer).isEqualTo(new Appended.Written());
        assertThat(Sent.read(pair.store(), "r").entries()).last().isEqualTo(step);
        assertThat(Sent.read(pair.other(), "r").entries()).last().isEqualTo(step);
    }

    @OnBothForms
    @DisplayName("STEP-02 a repeated commit is answered with the equal entry and changes nothing")
    void repeatIsAcknowledged(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        Entry step = Sent.entry(holder, 1, "pay");
        Sent.append(pair.store(), step);

        Appended again = Sent.append(pair.other(), Sent.entry(holder, 1, "pay"));

        assertThat(again).isEqualTo(new Appended.Taken(step));
        assertThat(Sent.read(pair.store(), "r").entries()).hasSize(2);
    }

    @OnBothForms
    @DisplayName("STEP-03 a commit to a taken place leaves and returns what is there")
    void takenPlaceIsLeft(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        Entry first = Sent.entry(holder, 1, "pay");
        Sent.append(pair.store(), first);
        CommitId otherId = CommitId.of(holder.lease().id(), 77);
        Entry otherCommit = Entry.of(holder.lease(), 1, EntryKind.PLAIN, otherId, Bytes.utf8("pay"));

        Appended byId = Sent.append(pair.other(), otherCommit);
        Appended byBytes = Sent.append(pair.other(), Sent.entry(holder, 1, "other bytes"));

        assertThat(List.of(byId, byBytes)).containsOnly(new Appended.Taken(first));
        assertThat(Sent.read(pair.store(), "r").entries()).hasSize(2).last().isEqualTo(first);
    }

    @OnBothForms
    @DisplayName("STEP-05 STEP-06 steps come back in order of place, the earlier ones as they were")
    void orderIsKept(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        List<Entry> steps = IntStream.rangeClosed(1, 50)
                .mapToObj(i -> Sent.entry(holder, i, "z" + (100 - i)))
                .toList();

        steps.forEach(step -> Sent.append(pair.store(), step));

        List<Entry> read = Sent.read(pair.other(), "r").entries();
        assertThat(read.subList(1, 51)).isEqualTo(steps);
    }

    @OnBothForms
    @DisplayName("STEP-07 of many commits to one place exactly one is written and the others are told which")
    void onePlaceHasOneWinner(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");

        List<Appended> answers = IntStream.range(0, 32)
                .parallel()
                .mapToObj(i -> Sent.append(i % 2 == 0 ? pair.store() : pair.other(), Sent.entry(holder, 1, "v" + i)))
                .toList();

        Entry stands = Sent.read(pair.store(), "r").entries().get(1);
        assertThat(answers).filteredOn(Appended.Written.class::isInstance).hasSize(1);
        assertThat(answers).filteredOn(new Appended.Taken(stands)::equals).hasSize(31);
    }

    @OnBothForms
    @DisplayName("STEP-08 a commit that arrives after the end lands nowhere")
    void lateCommitDoesNotCount(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        Sent.append(pair.store(), Sent.entry(holder, 1, "pay"));
        Sent.end(pair.store(), holder, 2, RunStatus.COMPLETED);

        Appended late = Sent.append(pair.store(), Sent.entry(holder, 2, "late"));

        assertThat(late).isInstanceOf(Appended.Taken.class);
        assertThat(Sent.read(pair.store(), "r").entries()).hasSize(3);
        assertThat(Sent.revision(pair.store(), "r").count()).isEqualTo(2);
    }

    @Test
    @DisplayName("STEP-08 a place whose predecessor is not the holder's, or ended the run, is fenced")
    void predecessorDecides() {
        Pair pair = StoreClauses.whole();
        Granted holder = Sent.create(pair.store(), "r");
        Sent.end(pair.store(), holder, 1, RunStatus.COMPLETED);

        Appended behindTheEnd = Sent.append(pair.store(), Sent.entry(holder, 2, "late"));
        Appended behindNothing = Sent.append(pair.store(), Sent.entry(holder, 7, "gap"));

        assertThat(List.of(behindTheEnd, behindNothing)).containsOnly(new Appended.Fenced());
        assertThat(Sent.read(pair.store(), "r").entries()).hasSize(2);
    }

    @Test
    @DisplayName("STEP-08 place 0 is written only under the lease in a head that names the incarnation")
    void firstPlaceAsksTheHead() {
        Pair pair = StoreClauses.whole();
        Granted holder = Sent.create(pair.store(), "r");
        Entry unnamed =
                Entry.grant(holder.lease().over(dev.cairn.spi.Incarnation.random()), 0, EntryKind.GRANT, Sent.GRANT);
        Entry ofNobody = Entry.grant(
                new dev.cairn.spi.Lease("none", holder.lease().incarnation(), LeaseId.random(), 1),
                0,
                EntryKind.GRANT,
                Sent.GRANT);

        List<Appended> answers = List.of(Sent.append(pair.store(), unnamed), Sent.append(pair.store(), ofNobody));

        assertThat(answers).containsOnly(new Appended.Fenced());
        assertThat(Sent.read(pair.store(), "r").entries()).hasSize(1);
    }

    @OnBothForms
    @DisplayName("BATCH-01 each entry of a list is written or refused by itself")
    void eachForItself(Pair pair) {
        Granted a = Sent.create(pair.store(), "a");
        Granted b = Sent.create(pair.store(), "b");
        Sent.append(pair.store(), Sent.entry(a, 1, "first"));

        List<Appended> answers = pair.store().append(List.of(Sent.entry(a, 1, "second"), Sent.entry(b, 1, "first")));

        assertThat(answers.get(0)).isEqualTo(new Appended.Taken(Sent.entry(a, 1, "first")));
        assertThat(answers.get(1)).isEqualTo(new Appended.Written());
    }

    @OnBothForms
    @DisplayName("BATCH-02 two commits of one run in one list are refused before anything is written")
    void oneOfEachRun(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        List<Entry> two = List.of(Sent.entry(holder, 1, "a"), Sent.entry(holder, 2, "b"));

        assertThatThrownBy(() -> pair.store().append(two)).isInstanceOf(IllegalArgumentException.class);

        assertThat(Sent.read(pair.store(), "r").entries()).hasSize(1);
    }

    @Test
    @DisplayName("BIG-02 CAP-03 an entry at the limit is written, one above it fails by itself")
    void entryLimit() {
        Pair pair = StoreClauses.whole();
        int limit = pair.store().facts().limits().entryBytes();
        Granted fits = Sent.create(pair.store(), "fits");
        Granted over = Sent.create(pair.store(), "over");

        List<Appended> answers = pair.store()
                .append(List.of(Sent.entry(over, 1, "x".repeat(limit + 1)), Sent.entry(fits, 1, "x".repeat(limit))));

        assertThat(((Appended.Failed) answers.get(0)).cause()).isInstanceOf(PayloadTooLargeException.class);
        assertThat(answers.get(1)).isEqualTo(new Appended.Written());
        assertThat(Sent.read(pair.store(), "over").entries()).hasSize(1);
    }

    @OnBothForms
    @DisplayName("BIG-03 a run of 10,000 steps is read completely, page by page")
    void manySteps(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        int steps = pair.form().equals("whole") ? 10_000 : 500; // the split form copies its world at every request
        for (int i = 1; i <= steps; i++) {
            Sent.append(pair.store(), Sent.entry(holder, i, "step " + i));
        }

        List<Entry> read = new ArrayList<>();
        ListTest.pages(pair.store(), "r", 4_096).forEach(page -> read.addAll(page.entries()));

        assertThat(read).hasSize(steps + 1);
        assertThat(read).extracting(Entry::place).isSorted().doesNotHaveDuplicates();
    }

    @OnBothForms
    @DisplayName("RT-01 RT-02 RT-08 bodies come back byte for byte, also after the caller's array has changed")
    void bytesAreKept(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        byte[] bytes = new byte[65_537];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Bytes body = Bytes.copyOf(bytes);
        CommitId id = CommitId.of(holder.lease().id(), 1);
        Sent.append(pair.store(), Entry.of(holder.lease(), 1, EntryKind.PLAIN, id, body));
        bytes[0] = 42;

        Entry read = Sent.read(pair.other(), "r").entries().get(1);

        assertThat(read.body()).isEqualTo(body);
        assertThat(read.body().toArray()[0]).isZero();
    }
}
