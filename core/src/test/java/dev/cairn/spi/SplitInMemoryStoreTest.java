// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.MovableClock;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SplitInMemoryStoreTest {
    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final MovableClock clock = MovableClock.at(SplitScripts.START);
    private final SplitInMemoryStore store = SplitInMemoryStore.open(StoreOptions.defaults(), clock);

    /** A process that dies at the n-th point, of two at each request; how many points it passed. */
    private static SplitInMemoryStore.Gate dyingAt(int point, AtomicInteger passed) {
        return (request, when) -> {
            if (passed.getAndIncrement() == point) {
                throw new Died();
            }
        };
    }

    /** Creates a run and ends it, from whatever an earlier try left. */
    private static void createAndEnd(SplitInMemoryStore process, String name, String runId) {
        NewRun run = SplitScripts.newRun("of " + name, RunStatus.READY);
        Acquire.Target either = new Acquire.CreateOrTake(
                run, Condition.open().of(SplitScripts.workflow()).build());
        Acquire request =
                new Acquire(runId, SplitScripts.lease(name), SplitScripts.TTL, either, SplitScripts.grant(name));
        if (process.acquire(request) instanceof Granted granted) {
            process.settle(end(granted));
        }
    }

    private static Settle end(Granted granted) {
        Bytes body = EntryCodec.encode(new EntryBody.End(RunStatus.COMPLETED, new StepOutcome.Nothing(), ""));
        long place = granted.page().entries().size();
        CommitId id = CommitId.of(granted.lease().id(), 1);
        Entry end = Entry.of(granted.lease(), place, EntryKind.END, id, body);
        return Settle.of(end, HeadChange.ended(RunStatus.COMPLETED).build());
    }

    @Test
    @DisplayName("LEASE-05 a settle whose entry is fenced is lost, and its head stays as it was")
    void fencedSettle() {
        SplitMemory memory = new SplitMemory(clock);
        SplitStorage free = new SplitRequests(memory::send);
        SplitStorage fenced =
                new SplitRequests(request -> request instanceof SplitRequest.Insert ? false : memory.send(request));
        Acquire.Target create = new Acquire.Create(SplitScripts.newRun("r", RunStatus.READY));
        Acquire request = new Acquire("r", SplitScripts.lease("A"), SplitScripts.TTL, create, SplitScripts.grant("A"));
        Granted granted = (Granted) new SplitProtocol(free, StoreOptions.defaults()).acquire(request);
        Optional<Head> before = free.readHead("r").head();

        Settled answer = new SplitProtocol(fenced, StoreOptions.defaults()).settle(end(granted));

        assertThat(answer).isEqualTo(new Settled.Lost(before));
        assertThat(free.readHead("r").head()).isEqualTo(before).isPresent();
    }

    @Test
    @DisplayName(
            "CRASH-01 CRASH-03 RUN-17 who dies before or after any request is followed by one who ends the run once")
    void diesAnywhere() {
        int points = Integer.MAX_VALUE;
        int died = 0;
        for (int point = 0; point < points; point++) {
            String runId = "run " + point;
            AtomicInteger passed = new AtomicInteger();
            try {
                createAndEnd(store.reopened(dyingAt(point, passed)), "A", runId);
                points = 0;
            } catch (Died expected) {
                died++;
            }
            clock.advance(SplitScripts.TTL);

            createAndEnd(store, "B", runId);

            Page page = store.read(new Read(runId, new Cursor.Start(), 1 << 20)).orElseThrow();
            Fold fold = new Fold(runId, page.head().incarnation());
            page.entries().forEach(fold::add);
            assertThat(fold.end()).isPresent();
            assertThat(fold.revision().count()).isEqualTo(1);
            assertThat(page.head().status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(page.head().lease()).isEmpty();
        }
        assertThat(died).isEqualTo(12);
    }

    @Test
    @DisplayName("DEL-01 a deleted run leaves its places, stripped, until the fence time is over")
    void keepsPlaces() {
        createAndEnd(store, "A", "r");
        Head head = store.list(RunQuery.all().build()).runs().get(0);

        store.erase(List.of(new Erase.Ended("r", head.incarnation(), head.token(), head.changed())));
        long kept = store.places("r");
        Head gone = store.list(RunQuery.all().among(RunQuery.Among.SWEEPABLE).build())
                .runs()
                .get(0);
        clock.set(SplitScripts.PAST_FENCES);
        store.erase(List.of(new Erase.Fences("r", gone.incarnation(), gone.token(), gone.changed())));

        assertThat(kept).isEqualTo(2);
        assertThat(store.places("r")).isZero();
    }
}
