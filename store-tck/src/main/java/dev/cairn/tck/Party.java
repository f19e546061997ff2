// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.Erase;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * One process among several that all want the same few runs, and does with them what chance says: holders, takers, senders,
 * cancellers and deleters in one. It goes on with leases that it lost, and repeats what it was not told. One thread's.
 */
final class Party {
    /** The names that runs wait for. */
    private static final List<String> NAMES = List.of("go", "stop");

    private final String name;
    private final Random random;
    private final List<String> runs;
    private final Duration ttl;
    private final Weather weather;
    private final List<Hold> holds = new ArrayList<>();
    private final PartyCalls calls;
    private int drawn;

    Party(String name, StateStore store, Random random, List<String> runs, Duration ttl, Weather weather) {
        this.name = name;
        this.random = random;
        this.runs = runs;
        this.ttl = ttl;
        this.weather = weather;
        this.calls = new PartyCalls(store, random, ttl, weather);
    }

    /** Dies, perhaps in the middle of something, and forgets all that it has: another process is in its place. */
    void die() {
        weather.death(this::act);
        holds.clear();
        calls.forgetAll();
    }

    /** Does whatever chance says. */
    void act() {
        act(PartyDeed.drawn(random));
    }

    /** Does one thing. What it is not told of it forgets. */
    void act(PartyDeed deed) {
        String runId = runs.get(random.nextInt(runs.size()));
        try {
            switch (deed) {
                case CREATE ->
                    held(calls.acquire(
                            runId, new Acquire.Create(Requests.newRun(workflow(runs), Labels.NONE, RunStatus.READY))));
                case TAKE -> held(calls.acquire(runId, new Acquire.Take(taken(runId))));
                case CLAIM -> claim();
                case SIGNAL -> signal(runId);
                case READ -> calls.read(runId);
                case CANCEL -> cancel(runId);
                case DELETE -> delete(runId);
                case RESTORE -> restore(runId);
                case STEP, RENEW, SUSPEND, END, RELEASE, EXPIRE -> withHold(deed);
            }
        } catch (PartyCalls.GaveUp | CorruptException ended) {
            // Of the one it is not told; the other is in the history, where the invariants find it.
            calls.forget(runId);
        }
    }

    // --- leases

    private Condition taken(String runId) {
        Condition.Builder condition = Condition.open();
        Revision revision = calls.known(runId).orElse(null);
        int chance = random.nextInt(4);
        if (chance == 0) {
            condition.over(Condition.Over.LIVE);
        } else if (chance == 1 && revision != null) {
            condition.at(revision); // nobody asks for both: a delete at a revision waits for the holder
        }
        return condition.build();
    }

    private Optional<Hold> held(Acquired answer) {
        Optional<Hold> hold = calls.granted(answer);
        hold.ifPresent(holds::add);
        return hold;
    }

    /** Of these runs alone: those of other histories are other parties' business. */
    static Claim claim(List<String> runs, int limit, Duration ttl) {
        WorkflowVersions asked = new WorkflowVersions(workflow(runs), 1, Set.of(1));
        return new Claim(LeaseId.random(), List.of(asked), limit, ttl, Requests.grant());
    }

    private static String workflow(List<String> runs) {
        return "of " + runs.get(0);
    }

    private void claim() {
        Claim request = claim(runs, 1 + random.nextInt(2), ttl);
        calls.told(store -> store.claim(request)).forEach(this::held);
    }

    // --- commits

    private void withHold(PartyDeed deed) {
        if (holds.isEmpty()) {
            claim();
            return;
        }
        Hold hold = holds.get(random.nextInt(holds.size()));
        try {
            withHold(deed, hold);
        } catch (PartyCalls.GaveUp notTold) {
            holds.remove(hold);
        }
    }

    private void withHold(PartyDeed deed, Hold hold) {
        if (hold.isReleased) {
            step(hold);
            return;
        }
        switch (deed) {
            case RENEW ->
                calls.told(store ->
                        store.renew(List.of(new Renewal(hold.lease, ttl, ""))).get(0));
            case SUSPEND -> suspend(hold);
            case END -> settle(hold, Requests.end(hold.lease, hold.next, RunStatus.COMPLETED), RunStatus.COMPLETED);
            case RELEASE -> release(hold);
            case EXPIRE ->
                calls.settle(Settle.of(hold.lease, HeadChange.expired().build()));
            default -> step(hold);
        }
    }

    /** One that finds somebody else's entry tries it there again some time, or gives up. */
    private void step(Hold hold) {
        String text = hold.unread.isEmpty() ? "step" : Consumed.BY + hold.unread.get(0);
        Entry entry = Requests.step(hold.lease, hold.next, text);
        Appended answer = calls.append(entry);
        while (answer instanceof Appended.Taken taken && RunOp.isStray(taken.entry(), entry)) {
            entry = entry.at(entry.place() + 1);
            answer = calls.append(entry);
        }
        boolean written = answer instanceof Appended.Written
                || (answer instanceof Appended.Taken taken && taken.entry().equals(entry));
        if (written) {
            hold.next = entry.place() + 1;
            hold.unread.stream().findFirst().ifPresent(hold.unread::remove);
        } else if (random.nextBoolean()) {
            holds.remove(hold);
        }
    }

    private void suspend(Hold hold) {
        if (!hold.unread.isEmpty()) {
            step(hold); // what it waits for may be among them
            return;
        }
        Set<String> awaits = Set.of(NAMES.get(random.nextInt(NAMES.size())));
        Entry entry =
                Requests.entry(hold.lease, hold.next, EntryBody.Suspension.of(awaits, Optional.empty(), hold.signals));
        settle(hold, entry, HeadChange.suspended(awaits, Due.never(), hold.signals));
    }

    /** It mostly knows of it, and goes on with the next. */
    private void release(Hold hold) {
        calls.settle(Settle.of(hold.lease, HeadChange.ready(Due.now()).build()));
        hold.isReleased = true;
        if (random.nextInt(4) > 0) {
            holds.remove(hold);
        }
    }

    private void settle(Hold hold, Entry entry, RunStatus status) {
        settle(hold, entry, HeadChange.ended(status));
    }

    private void settle(Hold hold, Entry entry, HeadChange.Builder change) {
        calls.settle(Settle.of(entry, change.build()));
        holds.remove(hold);
    }

    private Settled settle(Hold hold, HeadChange change) {
        Settled answer = calls.settle(Settle.of(hold.lease, change));
        holds.remove(hold);
        return answer;
    }

    // --- others

    private void signal(String runId) {
        String id = name + "-" + drawn++;
        Message message = new Message(id, NAMES.get(random.nextInt(NAMES.size())), Bytes.utf8("\"" + id + "\""));
        calls.told(store -> store.signal(runId, message));
    }

    private void cancel(String runId) {
        Condition any = Condition.open().over(Condition.Over.LIVE).build();
        held(calls.acquire(runId, new Acquire.Take(any)))
                .ifPresent(hold ->
                        settle(hold, Requests.end(hold.lease, hold.next, RunStatus.CANCELLED), RunStatus.CANCELLED));
    }

    private Optional<Hold> openOrEnded(String runId) {
        calls.read(runId);
        Revision revision = calls.known(runId).orElse(null);
        Condition.Builder condition = Condition.openOrEnded();
        return revision == null
                ? Optional.empty()
                : calls.granted(calls.acquire(
                        runId, new Acquire.Take(condition.at(revision).build())));
    }

    private void delete(String runId) {
        openOrEnded(runId).ifPresent(hold -> {
            Settled gone = settle(hold, HeadChange.gone(hold.signals).build());
            removed(hold, gone);
        });
    }

    private void removed(Hold hold, Settled answer) {
        if (answer instanceof Settled.Signalled) {
            settle(hold, HeadChange.freed().build());
        } else if (answer instanceof Settled.Done) {
            calls.erase(new Erase.Leftover(hold.lease.runId(), hold.lease.incarnation()));
        }
    }

    /** The run as it was, with one step in place of all of them. */
    private void restore(String runId) {
        openOrEnded(runId).filter(hold -> hold.unread.isEmpty()).ifPresent(hold -> replaced(hold, List.of("restored")));
    }

    /** Whether it was told that these steps are the run now. */
    private boolean replaced(Hold hold, List<String> texts) {
        Incarnation next = Incarnation.random();
        Lease beside = hold.lease.over(next);
        HeadChange naming = HeadChange.naming(next).build();
        if (!(calls.settle(Settle.of(hold.lease, naming)) instanceof Settled.Done)) {
            return false;
        }
        calls.append(Requests.firstEntry(beside));
        for (int i = 0; i < texts.size(); i++) {
            calls.append(Requests.step(beside, i + 1L, texts.get(i)));
        }
        Settled switched = settle(
                hold,
                HeadChange.ready(Due.now()).switchingTo(next, hold.signals).build());
        removed(hold, switched);
        return switched instanceof Settled.Done;
    }

    /**
     * Takes a run at the revision at which it sees it, and adds a step, or replaces it by what it was and a step more.
     *
     * @return whether it was told that this is done
     */
    boolean change(String runId, String text, boolean replaces) {
        Page page = calls.read(runId).orElseThrow();
        Seen seen = Seen.of(page);
        Condition same = Condition.openOrEnded().at(seen.revision()).build();
        Hold hold = calls.granted(calls.acquire(runId, new Acquire.Take(same))).orElse(null);
        if (hold == null) {
            return false;
        }
        if (replaces) {
            List<String> texts = new ArrayList<>(seen.texts());
            texts.add(text);
            return replaced(hold, texts);
        }
        boolean written = calls.append(Requests.step(hold.lease, hold.next, text)) instanceof Appended.Written;
        settle(hold, HeadChange.ready(Due.now()).build());
        return written;
    }
}
