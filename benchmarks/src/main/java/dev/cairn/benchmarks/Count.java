// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/** What is counted, not timed. */
enum Count {
    /** Times the client waits for the server: bytes from it after bytes to it, at the socket. */
    REQUESTS("requests"),
    /** Statements that the client asks the server to run. */
    STATEMENTS("statements"),
    /** Transactions that the server ended. */
    TRANSACTIONS("transactions"),
    /** Bytes of tables, indexes and all else in the database's files. */
    DISK("bytes on disk"),
    /** Bytes of write-ahead log. */
    LOG("bytes of write-ahead log");

    private final String title;

    Count(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
