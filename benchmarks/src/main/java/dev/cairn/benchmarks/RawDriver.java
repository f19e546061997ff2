// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/** The plain driver of a database and one plain table: what no store can be faster than. */
interface RawDriver {
    /** How many connections it makes sense to write on at a time. */
    int writers(int asked);

    /** A new connection. */
    Session open() throws Exception;

    /**
     * A run, as rows name it.
     *
     * @param id the same that the other contestants use
     * @param number from 1, for a table whose key is a number
     */
    record Run(String id, int number) {}

    /** A connection. Used by one thread at a time. */
    interface Session extends AutoCloseable {
        /** Writes one row, durable when this returns. */
        void insert(Run run, int place, byte[] body) throws Exception;

        /** Reads the rows of a run in order of their places, in one request. */
        void select(Run run, Row row) throws Exception;

        @Override
        void close();
    }

    /** Takes rows. */
    interface Row {
        void body(byte[] body) throws Exception;
    }
}
