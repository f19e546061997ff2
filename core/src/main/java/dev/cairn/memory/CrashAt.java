// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.state.Names;

/**
 * Lets a process die at a chosen commit, in tests of workflows: {@code Cairn.using(CrashAt.beforeCommit("pay").on(store))}.
 * At that point the store it makes throws {@link SimulatedCrash}, and at every call from then on, since a dead process sends
 * nothing; the store underneath lives on and shows what the next process finds. Immutable; what it makes is safe for use by
 * several threads.
 */
public final class CrashAt {
    /** On which side of the commit the process dies. */
    enum Side {
        BEFORE,
        AFTER
    }

    private static final String THE_END = "";

    private final Side side;
    private final String step;

    private CrashAt(Side side, String step) {
        this.side = side;
        this.step = step;
    }

    /** Dies when the body of this step has run, and before its outcome reaches the store. */
    public static CrashAt beforeCommit(String stepKey) {
        return new CrashAt(Side.BEFORE, Names.check("step key", stepKey));
    }

    /** Dies when the outcome of this step is in the store, and before the workflow goes on. */
    public static CrashAt afterCommit(String stepKey) {
        return new CrashAt(Side.AFTER, Names.check("step key", stepKey));
    }

    /** Dies when the workflow has returned or failed, and before its end reaches the store. */
    public static CrashAt beforeEnd() {
        return new CrashAt(Side.BEFORE, THE_END);
    }

    /** Dies when the end of the run is in the store, and before the caller is told. */
    public static CrashAt afterEnd() {
        return new CrashAt(Side.AFTER, THE_END);
    }

    /**
     * The store that dies, in front of one that does not. It keeps a step cache if that one does. Its {@code close} closes
     * the store underneath while it lives, and does nothing once it is dead.
     */
    public StateStore on(StateStore store) {
        return store instanceof StepCacheStore cache
                ? new MortalStore.WithStepCache(store, cache, this)
                : new MortalStore(store, this);
    }

    Side side() {
        return side;
    }

    boolean isAt(Entry entry) {
        if (step.equals(THE_END)) {
            return entry.kind() == EntryKind.END;
        }
        return entry.kind() == EntryKind.PLAIN
                && EntryCodec.decode(entry) instanceof EntryBody.Steps steps
                && steps.steps().stream().anyMatch(recorded -> recorded.key().equals(step));
    }

    @Override
    public String toString() {
        return side.name().toLowerCase(java.util.Locale.ROOT) + " "
                + (step.equals(THE_END) ? "the end of the run" : "the commit of step " + step);
    }
}
