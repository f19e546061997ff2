// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Tries every interleaving of the parties' requests, with a death of any of them anywhere (a party that is never scheduled
 * again), leases and timers that run out at any moment, and late copies of requests. What was reached on two ways is gone on
 * from once: a party is its answers, the storage is a value.
 */
final class SplitExplorer {
    /**
     * Two parties on a start state.
     *
     * @param lateCopies how many requests may be sent a second time, the copy landing at any later moment
     * @param moments to which the clock may jump, beside the end of a lease
     */
    record Universe(
            String name, SplitKnown start, List<SplitScripts.Script> parties, int lateCopies, List<Instant> moments) {
        static Universe of(String name, SplitKnown start, SplitScripts.Script first, SplitScripts.Script second) {
            return new Universe(name, start, List.of(first, second), 1, List.of());
        }

        Universe with(int copies, List<Instant> jumps) {
            return new Universe(name, start, parties, copies, jumps);
        }
    }

    /** What an exploration came to. */
    record Result(String name, long states, long requests, double interleavings, Optional<String> violation) {}

    /** A copy of a request under way, of a party at a node; none if the party is -1; and how many may still be made. */
    private record Mail(int party, int node, int copies) {}

    private static final class Violation extends Error {
        private static final long serialVersionUID = 1L;

        private Violation(String what) {
            super(what, null, false, false);
        }
    }

    private final Universe universe;
    private final BiFunction<SplitRequest, SplitWorld, SplitRequest.Outcome> storage;
    private final SplitInvariants invariants;
    private final List<SplitParty> parties = new ArrayList<>();
    private final List<SplitKnown> knowns = new ArrayList<>();
    private final Map<SplitKnown, Integer> ids = new HashMap<>();
    private final List<Mail> mails = new ArrayList<>();
    private final Map<Mail, Integer> mailIds = new HashMap<>();
    private final BitSet checked = new BitSet();
    private final LongMap sent = new LongMap();
    private final LongMap counts = new LongMap();
    private final Deque<Supplier<String>> trace = new ArrayDeque<>();
    private long requests;

    SplitExplorer(
            Universe universe, SplitSteps steps, BiFunction<SplitRequest, SplitWorld, SplitRequest.Outcome> storage) {
        if (universe.parties().size() != 2) {
            throw new IllegalArgumentException(
                    "two parties, were " + universe.parties().size());
        }
        this.universe = universe;
        this.storage = storage;
        this.invariants = new SplitInvariants(steps);
        universe.parties().forEach(script -> parties.add(new SplitParty(script, steps)));
    }

    static Result explore(Universe universe) {
        return new SplitExplorer(universe, new SplitSteps(), SplitRequest::on).explore();
    }

    Result explore() {
        Optional<String> violation = Optional.empty();
        double interleavings = 0;
        try {
            int mail = mail(new Mail(-1, 0, universe.lateCopies()));
            interleavings = count(
                    id(universe.start()), parties.get(0).start(), parties.get(1).start(), mail);
        } catch (Violation found) {
            violation = Optional.of(found.getMessage());
        }
        return new Result(universe.name(), counts.size(), requests, interleavings, violation);
    }

    /** The number of interleavings from here on: to end here, as everybody dies, or to go on in each way there is. */
    private double count(int known, int first, int second, int mail) {
        long state = packed(known, 24) << 40 | packed(first, 14) << 26 | packed(second, 14) << 12 | packed(mail, 12);
        long before = counts.get(state);
        if (before != LongMap.NONE) {
            return Double.longBitsToDouble(before);
        }
        check(known);
        double count = 1;
        SplitKnown here = knowns.get(known);
        for (Instant time : moments(here.world())) {
            trace.addLast(() -> "the clock goes to " + time);
            count += count(id(new SplitKnown(here.world().at(time), here.facts())), first, second, mail);
            trace.removeLast();
        }
        count += countOf(known, 0, first, second, mail);
        count += countOf(known, 1, second, first, mail);
        count += countOfLate(known, first, second, mail);
        counts.put(state, Double.doubleToLongBits(count));
        return count;
    }

    private double countOfLate(int known, int first, int second, int mailId) {
        Mail mail = mails.get(mailId);
        if (mail.party() < 0) {
            return 0;
        }
        SplitRequest request = parties.get(mail.party()).request(mail.node());
        SplitKnown here = knowns.get(known);
        trace.addLast(() -> "late copy of party " + mail.party() + ": " + request);
        SplitWorld world = storage.apply(request, here.world()).world();
        double count = count(id(here.after(world)), first, second, mail(new Mail(-1, 0, mail.copies())));
        trace.removeLast();
        return count;
    }

    private double countOf(int known, int party, int node, int other, int mailId) {
        if (node == SplitParty.DONE) {
            return 0;
        }
        SplitRequest request = parties.get(party).request(node);
        trace.addLast(() -> "party " + party + ": " + request);
        long reached = send(known, party, node);
        int next = (int) (reached & 0x3fff);
        int made = (int) (reached >> 14);
        double count = party == 0 ? count(made, next, other, mailId) : count(made, other, next, mailId);
        trace.removeLast();
        Mail mail = mails.get(mailId);
        if (mail.copies() > 0 && mail.party() < 0 && request.writes()) {
            int copied = mail(new Mail(party, node, mail.copies() - 1));
            trace.addLast(() -> "party " + party + " sends again: " + request);
            count += party == 0 ? count(known, node, other, copied) : count(known, other, node, copied);
            trace.removeLast();
        }
        return count;
    }

    /** What a request comes to, as the known state it makes and the node that its party goes on to. */
    private long send(int known, int party, int node) {
        long key = (long) known << 15 | (long) party << 14 | node;
        long before = sent.get(key);
        if (before != LongMap.NONE) {
            return before;
        }
        requests++;
        SplitKnown here = knowns.get(known);
        SplitRequest.Outcome outcome = storage.apply(parties.get(party).request(node), here.world());
        SplitParty.Step step = parties.get(party).answer(node, outcome.answer());
        long made = packed(id(here.after(outcome.world()).told(step.told())), 24) << 14 | packed(step.node(), 14);
        sent.put(key, made);
        return made;
    }

    private void check(int known) {
        if (checked.get(known)) {
            return;
        }
        checked.set(known);
        Optional<String> violation = invariants.violated(knowns.get(known));
        if (violation.isPresent()) {
            List<String> steps = trace.stream().map(Supplier::get).toList();
            throw new Violation(universe.name() + ": " + violation.get() + "\n  " + String.join("\n  ", steps) + "\n"
                    + knowns.get(known).world() + "\n  " + knowns.get(known).facts());
        }
    }

    private static long packed(int value, int bits) {
        if (value >>> bits != 0) {
            throw new IllegalStateException(
                    "the universe is too large: " + value + " needs more than " + bits + " bits");
        }
        return value;
    }

    private int id(SplitKnown known) {
        return id(known, knowns, ids);
    }

    private int mail(Mail mail) {
        return id(mail, mails, mailIds);
    }

    private static <T> int id(T value, List<T> all, Map<T, Integer> ids) {
        Integer id = ids.putIfAbsent(value, all.size());
        if (id == null) {
            all.add(value);
            return all.size() - 1;
        }
        return id;
    }

    private List<Instant> moments(SplitWorld world) {
        List<Instant> moments = new ArrayList<>();
        expired(world).ifPresent(later -> moments.add(later.now()));
        universe.moments().stream().filter(world.now()::isBefore).forEach(moments::add);
        return moments;
    }

    /** The world when the lease in its head has run out; empty if none stands. */
    static Optional<SplitWorld> expired(SplitWorld world) {
        return world.head()
                .filter(head -> head.isLeased(world.now()))
                .flatMap(Head::lease)
                .map(lease -> world.at(lease.deadline()));
    }
}
