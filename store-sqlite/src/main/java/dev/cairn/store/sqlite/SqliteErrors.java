// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.error.CairnException;
import dev.cairn.error.CorruptException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.error.StoreUnavailableException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Translates what the driver and JDBI throw, by SQLite's exact result code. Knows the file, for the message. */
final class SqliteErrors {
    private static final int PRIMARY = 0xff;

    private final String file;

    SqliteErrors(String file) {
        this.file = file;
    }

    /** Of a request that has not committed: whatever it did is rolled back, so the store is unchanged. */
    CairnException beforeCommit(Exception e) {
        SQLiteErrorCode code = code(e);
        return switch (primary(code)) {
            case SQLITE_CORRUPT ->
                new CorruptException(
                        say(
                                code,
                                "the database is damaged; restore it from a backup, or look with PRAGMA integrity_check"),
                        e);
            case SQLITE_NOTADB ->
                new StorageUnusableException(say(code, "it is not an SQLite database; name another file"), e);
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH, SQLITE_CANTOPEN ->
                new StorageUnusableException(
                        say(code, "it cannot be written; let this process write to the file and to its folder"), e);
            case SQLITE_TOOBIG ->
                new PayloadTooLargeException(say(code, "a value is too large; nothing was written"), e);
            case SQLITE_ERROR, SQLITE_SCHEMA, SQLITE_CONSTRAINT, SQLITE_MISMATCH ->
                new StorageUnusableException(
                        say(code, "its tables are not those of this version; SchemaMode.VERIFY says what is missing"),
                        e);
            default -> new StoreUnavailableException(say(code, "nothing was done; try again"), e);
        };
    }

    /**
     * Of a commit. Where the write lock was not to be had nothing was done. A full disk is found while the frames before the
     * commit mark are written, and SQLite rolls back. After any other failure, such as one of fsync, the frames may be in
     * the file, and recovery after a crash may find them.
     */
    CairnException atCommit(Exception e) {
        SQLiteErrorCode code = code(e);
        return switch (primary(code)) {
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_TOOBIG ->
                beforeCommit(e);
            case SQLITE_ERROR, SQLITE_SCHEMA, SQLITE_CONSTRAINT, SQLITE_MISMATCH -> beforeCommit(e);
            default ->
                new OutcomeUnknownException(
                        say(code, "it is not known whether the write is kept; repeat the same call with the same id"),
                        e);
        };
    }

    static boolean isBusy(Exception e) {
        SQLiteErrorCode primary = primary(code(e));
        return primary == SQLiteErrorCode.SQLITE_BUSY || primary == SQLiteErrorCode.SQLITE_LOCKED;
    }

    StoreUnavailableException busy(Exception e) {
        return new StoreUnavailableException(
                "SQLite file " + file + " was being written by others for longer than the lock bound; nothing was done,"
                        + " try again or raise the lock bound",
                e);
    }

    /** JDBI wraps the driver's exception, which alone knows the code. */
    private static SQLiteErrorCode code(Exception e) {
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof SQLiteException sqlite) {
                return sqlite.getResultCode();
            }
            cause = cause.getCause();
        }
        return SQLiteErrorCode.UNKNOWN_ERROR;
    }

    private static SQLiteErrorCode primary(SQLiteErrorCode code) {
        return code.code < 0 ? code : SQLiteErrorCode.getErrorCode(code.code & PRIMARY);
    }

    private String say(SQLiteErrorCode code, String what) {
        return "SQLite file " + file + ": " + what + " (" + code.name() + ")";
    }
}
