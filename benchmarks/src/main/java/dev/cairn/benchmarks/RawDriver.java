// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.spi.Entry;

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

        /** Writes a row as Cairn's own table has it, every column. */
        void insertWhole(Run run, Entry entry) throws Exception;

        /** Reads the rows of a run as Cairn's own table has them, every column, in order of their places, in one request. */
        void selectWhole(Run run, Row row) throws Exception;

        @Override
        void close();
    }

    /** Takes the bodies of rows. */
    interface Row {
        void body(byte[] body) throws Exception;
    }
}
