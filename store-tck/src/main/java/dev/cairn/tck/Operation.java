// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Something that a process does to a run, which is prepared for it, and which can be repeated as often as one likes. */
record Operation(String name, Preparation preparation) {
    /** Makes a run, and draws the ids of the operation. */
    @FunctionalInterface
    interface Preparation {
        Prepared on(Instance by, String runId);
    }

    /**
     * An operation with its ids.
     *
     * @param call does it, or does it again
     * @param done whether an answer says that it is done, now or before
     * @param view what a reader sees of what it changes; equal for equal effects, whatever ids were drawn
     */
    record Prepared(Function<Instance, Object> call, Predicate<Object> done, Function<Instance, List<?>> view) {}

    Prepared on(Instance by, String runId) {
        return preparation.on(by, runId);
    }

    /** What failed in a list throws as it would alone. */
    static Appended orThrown(Appended answer) {
        if (answer instanceof Appended.Failed failed) {
            throw failed.cause();
        }
        return answer;
    }

    @Override
    public String toString() {
        return name;
    }
}
