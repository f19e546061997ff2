// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A restore in its parts, so that it can be cut behind any of them. */
final class Restore {
    /** The steps of a run before it is restored, and after it. */
    static final List<String> OLD = List.of("step-1", "step-2", "step-3");

    static final List<String> NEW = List.of("other-1", "other-2");

    private final Instance on;
    private final String runId;
    private final Revision expected;
    private final List<String> texts;
    private final Incarnation next = Incarnation.random();
    private @Nullable Granted mover;

    /** Puts steps with these texts in the place of a run. */
    Restore(Instance on, String runId, Revision expected, List<String> texts) {
        this.on = on;
        this.runId = runId;
        this.expected = expected;
        this.texts = texts;
    }

    /** How many parts it has: take, name, first entry, steps, switch, erase what is left. */
    int parts() {
        return texts.size() + 5;
    }

    /** The part that makes the new incarnation the run. */
    int switching() {
        return texts.size() + 3;
    }

    /** Does the first so many parts. */
    Restore first(int count) {
        for (int i = 0; i < count; i++) {
            part(i);
        }
        return this;
    }

    void all() {
        rest(0);
    }

    /** Does the parts from this one on. */
    void rest(int from) {
        for (int i = from; i < parts(); i++) {
            part(i);
        }
    }

    void part(int i) {
        if (i == 0) {
            mover = Instance.granted(
                    on.acquire(runId, Condition.openOrEnded().at(expected).build()));
        } else if (i == 1) {
            Instance.done(
                    on.store().settle(Settle.of(lease(), HeadChange.naming(next).build())));
        } else if (i < switching()) {
            Appended answer =
                    i == 2 ? on.append(Requests.firstEntry(beside())) : on.step(beside(), i - 2L, texts.get(i - 3));
            if (!(answer instanceof Appended.Written)) {
                throw new IllegalStateException(
                        "the clause needs an entry beside the run, and the store answered " + Words.of(answer));
            }
        } else if (i == switching()) {
            Instance.done(switched());
        } else {
            on.leave(runId, lease().incarnation());
        }
    }

    /** The settle that makes the new incarnation the run; nothing of the old one stays. */
    Settled switched() {
        return on.store()
                .settle(Settle.of(
                        lease(),
                        HeadChange.ready(Due.now())
                                .switchingTo(next, granted().page().head().signals())
                                .labels(Labels.NONE)
                                .progress("")
                                .build()));
    }

    /** Lets the lease of who restores have run out, as if he had died long ago. */
    void die() {
        on.expire(lease());
    }

    Lease lease() {
        return granted().lease();
    }

    Lease beside() {
        return lease().over(next);
    }

    private Granted granted() {
        if (mover == null) {
            throw new IllegalStateException("the restore was not begun");
        }
        return mover;
    }
}
