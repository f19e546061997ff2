// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.complete;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.end;
import static dev.cairn.store.sqlite.StoreFile.head;
import static dev.cairn.store.sqlite.StoreFile.takeOver;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeleteTest {
    private StoreFile file;
    private SqliteStateStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        file = new StoreFile(folder);
        store = file.open();
    }

    @AfterEach
    void close() {
        file.close();
    }

    @Test
    @DisplayName("CANCEL-01 of a cancel and an end exactly one counts, and the other is told which")
    void cancelAndEndRaceForOnePlace() {
        Lease holder = createRun(store, "a");
        Lease canceller = takeOver(store, "a");

        Settled cancelled = store.settle(Settle.of(
                end(canceller, 2), HeadChange.ended(RunStatus.CANCELLED).build()));
        Settled ended = complete(store, holder, 1);
        Settled later = complete(store, holder, 2);

        assertThat(cancelled).isInstanceOf(Settled.Done.class);
        assertThat(List.of(ended, later)).allMatch(Settled.Taken.class::isInstance);
        assertThat(head(store, "a").status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    @DisplayName("CANCEL-02 a settle that is repeated after its reply was lost says done and changes nothing")
    void repeatedSettleIsDone() {
        Lease lease = createRun(store, "a");
        Settled first = complete(store, lease, 1);
        String before = file.everything();

        Settled again = complete(file.open(), lease, 1);

        assertThat(again).isEqualTo(first).isInstanceOf(Settled.Done.class);
        assertThat(file.everything()).isEqualTo(before);
    }
}
