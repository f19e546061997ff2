// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** In lock-step: what a holder writes, also one that lost its lease. */
final class LockStepHolders {
    private final Instance store;
    private final LockStepKnown known;

    LockStepHolders(Instance store, LockStepKnown known) {
        this.store = store;
        this.known = known;
    }

    String step(String runId, Random random) {
        return known.active(runId).map(held -> step(held, random)).orElse(LockStepWords.NOTHING);
    }

    private String step(LockStepHeld held, Random random) {
        Bytes body = EntryCodec.encode(new EntryBody.Forgotten(List.of("k" + random.nextInt(1000))));
        for (int tries = 0; ; tries++) {
            Entry entry = held.commit(EntryKind.PLAIN, body);
            Appended answer = store.append(entry);
            if (answer instanceof Appended.Taken taken && held.isAbove(taken.entry()) && tries < 10) {
                held.stepOver();
            } else {
                return held.appended(entry, answer);
            }
        }
    }

    String stepAgain(String runId, Random random) {
        Optional<LockStepHeld> held = random.nextBoolean() ? known.holder(runId) : known.stale(runId);
        return held.flatMap(LockStepHeld::last)
                .map(last -> LockStepHeld.there(last, store.append(last)))
                .orElse(LockStepWords.NOTHING);
    }

    String renew(String runId, Random random) {
        return known.active(runId).map(held -> renew(held, random)).orElse(LockStepWords.NOTHING);
    }

    private String renew(LockStepHeld held, Random random) {
        Renewal renewal = new Renewal(held.lease(), Requests.LASTING, "p" + random.nextInt(3));
        return store.store().renew(List.of(renewal)).get(0).toString();
    }

    String settle(String runId, Random random) {
        return known.active(runId).map(held -> settle(held, random)).orElse(LockStepWords.NOTHING);
    }

    private String settle(LockStepHeld held, Random random) {
        String runId = held.lease().runId();
        HeadChange.Builder change = HeadChange.ready(LockStepDraws.due(random));
        int kind = random.nextInt(10);
        if (kind == 0) {
            change = HeadChange.expired();
        } else if (!held.isArriving() && kind < 3) {
            change = HeadChange.blocked("why " + random.nextInt(3), LockStepDraws.due(random));
        } else if (!held.isArriving() && kind < 4) {
            change = HeadChange.freed();
        }
        if (kind > 0 && sleeps(runId)) {
            change = HeadChange.freed(); // nothing else follows from the journal
        } else {
            LockStepDraws.decorate(change, random);
        }
        String answer = LockStepWords.of(store.store().settle(Settle.of(held.lease(), change.build())));
        if (kind == 0) {
            held.expire();
        } else if (answer.startsWith("done")) {
            known.retire(runId);
        }
        return answer;
    }

    /** Whether the last word of the run is that it waits, for what did not come. */
    private boolean sleeps(String runId) {
        Seen seen = store.read(runId);
        return seen.fold()
                .suspension()
                .map(EntryCodec::suspension)
                .filter(waits -> waits.due().filter(LockStepDraws.PAST::equals).isEmpty())
                .isPresent();
    }

    String suspend(String runId, Random random) {
        Set<String> awaits = new TreeSet<>(LockStepDraws.NAMES.subList(0, 1 + random.nextInt(2)));
        Optional<Instant> at = switch (random.nextInt(4)) {
            case 0 -> Optional.of(LockStepDraws.LATER);
            case 1 -> Optional.of(LockStepDraws.PAST);
            default -> Optional.empty();
        };
        Due due = at.map(Due::at).orElse(Due.never());
        long signals = store.find(runId).map(seen -> seen.head().signals()).orElse(0L);
        long seen = Math.max(0, signals - random.nextInt(2));
        EntryBody.Suspension body = EntryBody.Suspension.of(awaits, at, seen);
        return settleEntry(runId, body, HeadChange.suspended(awaits, due, seen).build());
    }

    String end(String runId, Random random) {
        RunStatus status = List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.FAILED, RunStatus.CANCELLED)
                .get(random.nextInt(4));
        HeadChange.Builder change = HeadChange.ended(status);
        LockStepDraws.decorate(change, random);
        return settleEntry(runId, new EntryBody.End(status, new StepOutcome.Nothing(), ""), change.build());
    }

    private String settleEntry(String runId, EntryBody body, HeadChange change) {
        return known.active(runId).map(held -> settleEntry(held, body, change)).orElse(LockStepWords.NOTHING);
    }

    private String settleEntry(LockStepHeld held, EntryBody body, HeadChange change) {
        for (int tries = 0; ; tries++) {
            Entry entry = held.commit(EntryCodec.kindOf(body), EntryCodec.encode(body));
            Settled answer = store.store().settle(Settle.of(entry, change));
            if (answer instanceof Settled.Taken taken && held.isAbove(taken.entry()) && tries < 10) {
                held.stepOver();
            } else if (answer instanceof Settled.Done) {
                held.ended(entry);
                known.retire(held.lease().runId());
                return LockStepWords.of(answer);
            } else {
                return "refused";
            }
        }
    }

    /** What a holder that lost its lease still sends. */
    String stale(String runId, Random random) {
        return known.stale(runId).map(held -> stale(held, random)).orElse(LockStepWords.NOTHING);
    }

    private String stale(LockStepHeld held, Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> held.isExpired() ? LockStepWords.NOTHING : renew(held, random);
            case 1 ->
                LockStepWords.of(store.store()
                        .settle(Settle.of(
                                held.lease(), HeadChange.ready(Due.now()).build())));
            default -> staleStep(held);
        };
    }

    /** At its next place, where another one has its grant by now; else the store has nothing to compare it with. */
    private String staleStep(LockStepHeld held) {
        boolean superseded = known.holder(held.lease().runId())
                .filter(newer -> newer.lease().incarnation().equals(held.lease().incarnation()))
                .isPresent();
        Entry entry = held.commit(EntryKind.PLAIN, Bytes.utf8("late"));
        return superseded ? LockStepHeld.there(entry, store.append(entry)) : LockStepWords.NOTHING;
    }
}
