// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who takes part in one round, each on new storage of its own. */
final class Entrants implements AutoCloseable {
    /** The names of all that can take part, in the order of the first round. */
    static final List<String> NAMES = List.of(RawContestant.NAME, CairnContestant.NAME, DbosContestant.NAME);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<Contestant> all = new ArrayList<>();

    /** Opens what can be opened; what cannot has failed, and the others go on. */
    static Entrants enter(Backend backend, Set<String> names, Failures failures) throws InterruptedException {
        Entrants entrants = new Entrants();
        for (String name : NAMES) {
            if (names.contains(name)) {
                failures.guard(name, () -> entrants.add(name, backend));
            }
        }
        return entrants;
    }

    private void add(String name, Backend backend) throws Exception {
        Storage storage = backend.create();
        opened.push(storage);
        Optional<Contestant> contestant = on(storage, name);
        if (contestant.isPresent()) {
            all.add(contestant.get());
            opened.push(contestant.get());
        }
    }

    /** A contestant by its name; empty if it cannot use such storage. */
    static Optional<Contestant> on(Storage storage, String name) {
        return switch (name) {
            case RawContestant.NAME -> storage.raw().map(RawContestant::new);
            case CairnContestant.NAME -> Optional.of(new CairnContestant(storage::open));
            case DbosContestant.NAME -> storage.dbos().map(dbos -> dbos);
            default ->
                throw new IllegalArgumentException("no contestant is called \"" + name + "\"; there are " + NAMES);
        };
    }

    /** All of them, begun with the first, the second, the third, as rounds go by. */
    List<Contestant> inTurn(int round) {
        List<Contestant> turned = new ArrayList<>(all);
        if (!turned.isEmpty()) {
            Collections.rotate(turned, -(round % turned.size()));
        }
        return turned;
    }

    /** Those of this class that take part. */
    <C extends Contestant> List<C> all(Class<C> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Closes the last one first, and goes on where one cannot be closed. */
    @Override
    public void close() {
        IllegalStateException failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException("a contestant could not be closed");
                }
                failure.addSuppressed(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
