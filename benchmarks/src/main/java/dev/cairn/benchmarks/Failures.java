// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/** Which contestants failed, each told once, as it happens. One that failed is not asked again. Safe for use by several threads. */
final class Failures {
    /** What may fail. */
    interface Attempt {
        void run() throws Exception;
    }

    private final String store;
    private final PrintStream err;
    private final Map<String, String> byContestant = new ConcurrentSkipListMap<>();

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
            tell(contestant + " failed on " + store + ":", e);
        }
    }

    private void tell(String what, Exception e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text, true));
        err.println(what + System.lineSeparator() + text); // at once, for several may fail at a time
    }

    /** Does what all of these need. */
    void guardAll(Set<String> contestants, Attempt attempt) throws InterruptedException {
        try {
            attempt.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            contestants.forEach(contestant -> byContestant.put(contestant, e.toString()));
            tell("nothing can be measured on " + store + ":", e);
        }
    }

    /** What went wrong, by contestant. */
    Map<String, String> all() {
        return byContestant;
    }
}
