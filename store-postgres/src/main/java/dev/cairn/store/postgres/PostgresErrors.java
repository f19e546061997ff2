// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.error.CairnException;
import dev.cairn.error.CorruptException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.error.StoreUnavailableException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import org.jspecify.annotations.Nullable;

/**
 * Translates what the driver, the pool and JDBI throw, by SQLSTATE; {@code docs/postgres.md} has the table. The driver's
 * own message stays in the cause: it may quote what a user wrote.
 */
final class PostgresErrors {
    /** How far a request had come when it failed. */
    enum Sent {
        /** No connection was had: nothing was sent. */
        NOTHING,
        /** It only reads. */
        READ,
        /** It writes, and whether it reached the server is not known. */
        WRITE
    }

    private static final int LONGEST_CHAIN = 10;

    private final String where;

    /**
     * @param where the server, for messages; without a password
     */
    PostgresErrors(String where) {
        this.where = where;
    }

    /** Serialization failures and deadlocks: the server rolled back, and the same request again may pass. */
    static boolean isToBeRepeated(Exception e) {
        String state = state(e);
        return state.equals("40001") || state.equals("40P01");
    }

    /** Whether the connection is gone. */
    static boolean isLost(Exception e) {
        String state = state(e);
        return state.startsWith("08") || state.startsWith("57P");
    }

    /** Another connection holds a lock for longer than the bound. */
    static boolean isLockTimeout(Exception e) {
        return state(e).equals("55P03");
    }

    /** Whether a pool gave no connection in time: it says so without a SQLSTATE, which a server that is away has. */
    static boolean isPoolTimeout(Exception e) {
        return state(e).equals(NO_STATE) && !Thread.currentThread().isInterrupted();
    }

    StoreUnavailableException poolTimeout(@Nullable Exception e) {
        String message = where + ": " + POOL_TIMEOUT;
        return e == null ? new StoreUnavailableException(message) : new StoreUnavailableException(message, e);
    }

    /** What an exception tells about a request. */
    CairnException translate(Exception e, Sent sent) {
        String state = state(e);
        if (isConnectionLost(state)) {
            return lost(state, e, sent);
        }
        if (state.equals("40003") && sent == Sent.WRITE) {
            return unknown(state, "the server cannot say whether the statement was done", e);
        }
        return switch (state.substring(0, 2)) {
            case "28" -> unusable(state, "the server refuses this user; check user and password", e);
            case "3D" -> unusable(state, "the server has no such database; create it, or name another", e);
            case "42" -> wrongObjects(state, e);
            case "0A", "22", "23" ->
                unusable(state, "its tables are not those of this version; SchemaMode.VERIFY says what is missing", e);
            case "26" -> unusable(state, POOLER, e);
            case "25" -> readOnly(state, e);
            case "40" -> unavailable(state, "it met others at the same rows again and again", e);
            case "55" ->
                unavailable(
                        state,
                        state.equals("55P03")
                                ? "another connection holds a lock for longer than the lock bound"
                                : "an object is not in the state that is needed",
                        e);
            case "53" -> unavailable(state, "the server lacks memory, disk or connections", e);
            case "XX" -> internal(state, e);
            default -> unavailable(state, "the server or the pool refused", e);
        };
    }

    private static final String POOLER = "a pooler between here and the server gives each transaction another"
            + " connection, and the driver was told to prepare statements; set prepareThreshold=0";

    private static final String POOL_TIMEOUT = "the pool gave no connection within its time-out. A thread that holds a"
            + " connection of the same pool while it calls Cairn waits for itself: finish its transaction before the call, give"
            + " Cairn a pool of its own, or let the pool have more connections than threads that do so. Nothing was sent";

    private static boolean isConnectionLost(String state) {
        return state.startsWith("08") || state.startsWith("57P") || state.equals(NO_STATE);
    }

    /** 08003 is said of a connection that was closed before: then nothing was sent on it. */
    private CairnException lost(String state, Exception e, Sent sent) {
        if (sent == Sent.NOTHING && state.equals(NO_STATE)) {
            boolean interrupted = Thread.currentThread().isInterrupted();
            return interrupted ? unavailable(state, "interrupted while waiting for a connection", e) : poolTimeout(e);
        }
        if (sent == Sent.WRITE && !state.equals("08003")) {
            return unknown(state, "the connection was lost", e);
        }
        return unavailable(state, "it cannot be reached", e);
    }

    private CairnException wrongObjects(String state, Exception e) {
        return switch (state) {
            case "42501" ->
                unusable(state, "this role may not use what it needs; docs/operations.md lists the rights", e);
            case "42P05" -> unusable(state, POOLER, e);
            default ->
                unusable(state, "its tables are not those of this version; SchemaMode.VERIFY says what is missing", e);
        };
    }

    private CairnException readOnly(String state, Exception e) {
        if (state.equals("25006")) {
            return unavailable(
                    state,
                    "the server takes no writes: a standby, or a primary that was demoted; name all hosts and"
                            + " targetServerType=primary in the URL, or set default_transaction_read_only=off",
                    e);
        }
        return unavailable(state, "the connection was left inside a transaction", e);
    }

    private CairnException internal(String state, Exception e) {
        if (state.equals("XX001") || state.equals("XX002")) {
            return new CorruptException(
                    say(
                            state,
                            "the database says that its files are damaged; restore it from a backup. Nothing was written"),
                    e);
        }
        return unavailable(state, "the server failed inside", e);
    }

    /**
     * Whether the server acknowledged a commit that no standby has confirmed: the wait was cancelled, and a warning, whose
     * text depends on the server's language, is all that tells (CRASH-10).
     */
    static boolean isUnconfirmed(@Nullable SQLWarning first) {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            String state = warning.getSQLState();
            if (state != null && (state.equals("01000") || state.startsWith("57"))) {
                return true;
            }
        }
        return false;
    }

    OutcomeUnknownException unconfirmed() {
        return new OutcomeUnknownException(where
                + ": the wait for the synchronous standby was cancelled; the write is kept here and perhaps nowhere else,"
                + " repeat the same call with the same id");
    }

    private static final String NO_STATE = "-----";

    private static String state(Exception e) {
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < LONGEST_CHAIN; depth++) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && sql.getSQLState().length() == NO_STATE.length()) {
                return sql.getSQLState();
            }
            cause = cause.getCause();
        }
        return NO_STATE;
    }

    private OutcomeUnknownException unknown(String state, String what, Exception e) {
        return new OutcomeUnknownException(
                say(state, what + "; it is not known whether the write is kept, repeat the same call with the same id"),
                e);
    }

    private StorageUnusableException unusable(String state, String what, Exception e) {
        return new StorageUnusableException(say(state, what), e);
    }

    private StoreUnavailableException unavailable(String state, String what, Exception e) {
        return new StoreUnavailableException(say(state, what + "; nothing was done, try again"), e);
    }

    private String say(String state, String what) {
        return where + ": " + what + (state.equals(NO_STATE) ? "" : " (SQLSTATE " + state + ")");
    }
}
