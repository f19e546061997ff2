// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.read;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.takeOver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.CairnException;
import dev.cairn.error.CorruptException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Lease;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

final class ErrorsTest {
    private final SqliteErrors errors = new SqliteErrors("runs.db");

    private static SQLiteException failed(SQLiteErrorCode code) {
        return new SQLiteException("driver text", code);
    }

    @Test
    @DisplayName("CRASH-02 a commit whose sync failed is unknown, never a definite failure")
    void failedSyncIsUnknown() {
        SQLiteException cause = failed(SQLiteErrorCode.SQLITE_IOERR_FSYNC);

        CairnException error = errors.atCommit(cause);

        assertThat(error).isInstanceOf(OutcomeUnknownException.class).hasCause(cause);
        assertThat(errors.beforeCommit(cause)).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    @DisplayName("CRASH-02 what SQLite rolled back, or never began, is definite")
    void rolledBackIsDefinite() {
        List<SQLiteErrorCode> codes =
                List.of(SQLiteErrorCode.SQLITE_BUSY, SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT, SQLiteErrorCode.SQLITE_FULL);

        assertThat(codes)
                .extracting(code -> (Object) errors.atCommit(failed(code)).getClass())
                .containsOnly(StoreUnavailableException.class);
    }

    @Test
    @DisplayName("BAD-02 each code becomes its own type, with the driver's exception as cause")
    void codesBecomeTypes() {
        Map<SQLiteErrorCode, Class<?>> types = Map.of(
                SQLiteErrorCode.SQLITE_CORRUPT_INDEX, CorruptException.class,
                SQLiteErrorCode.SQLITE_NOTADB, StorageUnusableException.class,
                SQLiteErrorCode.SQLITE_READONLY_DIRECTORY, StorageUnusableException.class,
                SQLiteErrorCode.SQLITE_TOOBIG, PayloadTooLargeException.class,
                SQLiteErrorCode.SQLITE_ERROR, StorageUnusableException.class);

        types.forEach((code, type) -> assertThat(errors.beforeCommit(failed(code)))
                .isInstanceOf(type)
                .hasMessageContainingAll("runs.db", code.name())
                .hasCauseInstanceOf(SQLiteException.class));
    }

    @Test
    @DisplayName("BAD-02 a table that is missing is a typed error of every call, and the store goes on when it is back")
    void missingTableIsTyped(@TempDir Path folder) {
        try (StoreFile file = new StoreFile(folder)) {
            SqliteStateStore store = file.open();
            Lease lease = createRun(store, "a");
            file.sql("ALTER TABLE cairn_entry RENAME TO hidden");

            assertThatThrownBy(() -> append(store, step(lease, 1))).isInstanceOf(StorageUnusableException.class);
            assertThatThrownBy(() -> read(store, "a")).isInstanceOf(StorageUnusableException.class);
            assertThatThrownBy(() -> takeOver(store, "a")).isInstanceOf(StorageUnusableException.class);

            file.sql("ALTER TABLE hidden RENAME TO cairn_entry");
            assertThat(append(store, step(lease, 1))).isEqualTo(new Appended.Written());
        }
    }
}
