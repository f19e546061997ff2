// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Read;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a child process starts, opens the same storage and dies (META-05), and whether its clock is wrong where it
 * should be (META-06): what is tried with it proves nothing otherwise.
 */
final class ChildControl {
    private static final Duration SLACK = Duration.ofMinutes(10);

    private ChildControl() {}

    /** What is wrong with children, if anything is. */
    static Optional<String> problem(Storages storages) {
        String storage = Storages.freshName();
        StoreOptions options = options();
        try (StateStore here = storages.open(storage, options);
                Child child = storages.children().start(storage, options, ChildJvm.PLAIN)) {
            Acquire create = Requests.acquire("meta", new Acquire.Create(Requests.newRun()));
            if (!(child.store().acquire(create) instanceof Granted)) {
                return Optional.of("[META-05] a store in a child process does not create a run");
            }
            if (here.read(new Read("meta", new Cursor.Start(), 1024)).isEmpty()) {
                return Optional.of(
                        "[META-05] what a child process writes this one does not see: the class that is given"
                                + " with opensInChild(…) has to open the storage that the harness opens");
            }
            child.kill();
            return child.isAlive() ? Optional.of("[META-05] a child process outlives its end") : Optional.empty();
        }
    }

    private static StoreOptions options() {
        return StoreOptions.builder().namespace(Storages.freshName()).build();
    }

    /** What is wrong with a child whose clock should be wrong, if anything is. */
    static Optional<String> skewProblem(Storages storages) {
        try (Child child =
                storages.children().start(Storages.freshName(), options(), ChildJvm.skewed(ChildJvm.WRONG))) {
            return notWrong(child, ChildJvm.WRONG);
        }
    }

    /** Unless its clock is wrong by so much, for the store as well: what it says. */
    static Optional<String> notWrong(Child child, Duration by) {
        Instant before = Instant.now();
        ChildJvm.View view = child.view();
        boolean isWrong =
                isNear(view.now(), before.plus(by)) && isNear(Instant.ofEpochMilli(view.millis()), before.plus(by));
        if (isWrong && view.loader().startsWith(Skew.Loader.class.getName())) {
            return Optional.empty();
        }
        return Optional.of("[META-06] a child process whose clock should be wrong by " + by + " says, at " + before
                + ", that it is " + view.now() + "; the store's class was loaded by " + view.loader());
    }

    private static boolean isNear(Instant said, Instant expected) {
        return Duration.between(said, expected).abs().compareTo(SLACK) < 0;
    }
}
