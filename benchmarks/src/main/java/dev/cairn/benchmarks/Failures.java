// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which contestants failed, each told once, as it happens. One that failed is not asked again. Used by one thread. */
final class Failures {
    /** What may fail. */
    interface Attempt {
        void run() throws Exception;
    }

    private final String store;
    private final PrintStream err;
    private final Map<String, String> byContestant = new LinkedHashMap<>();

    Failures(String store, PrintStream err) {
        this.store = store;
        this.err = err;
    }

    /** Does it for a contestant that has not failed yet; the others go on whatever happens to this one. */
    void guard(String contestant, Attempt attempt) throws InterruptedException {
        if (byContestant.containsKey(contestant)) {
            return;
        }
        try {
            attempt.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            byContestant.put(contestant, e.toString());
            err.println(contestant + " failed on " + store + ":");
            e.printStackTrace(err);
        }
    }

    /** Does what all of these need. */
    void guardAll(Set<String> contestants, Attempt attempt) throws InterruptedException {
        try {
            attempt.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            contestants.forEach(contestant -> byContestant.put(contestant, e.toString()));
            err.println("nothing can be measured on " + store + ":");
            e.printStackTrace(err);
        }
    }

    /** What went wrong, by contestant. */
    Map<String, String> all() {
        return byContestant;
    }
}
