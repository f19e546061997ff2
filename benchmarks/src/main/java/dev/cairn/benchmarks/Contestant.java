// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/** One way to make steps durable. Runs may be asked for by several threads, each its own. */
interface Contestant extends AutoCloseable {
    /** What it is called in every output. */
    String name();

    /**
     * Opens what so many runs at a time need, so that no measurement pays for it.
     *
     * @return how many runs at a time it takes on, at most as many
     */
    int ready(int runs) throws Exception;

    /** Does a new run, each step durable before the next one begins, and passes the turn on between some of them. */
    Laps run(String runId, Load load, Turn turn) throws Exception;

    /**
     * Reads all that is recorded of a run, as a process does that goes on with it after a crash.
     *
     * @return nanoseconds
     */
    long resume(String runId, Load load) throws Exception;

    /** Ends what it opened; its storage stays. */
    @Override
    void close();

    /** A contestant that resumes runs. */
    interface Resuming extends Contestant {
        /** Does a new run up to its last step and leaves it there, as a crash would. */
        void record(String runId, Load load) throws Exception;
    }
}
