// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.Cairn;
import dev.cairn.NoSuchRunException;
import dev.cairn.error.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class StoppedJobTest {
    private static final int ORDERS = 6;
    private static final int LEASE_SECONDS = 2;

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "a process that was stopped for three leases and taken over changes nothing, starts no body and says why")
    void stoppedAndTakenOver() throws Exception {
        SampleFiles files = SampleFiles.of(folder, ORDERS);
        List<String> command = files.command("--lease", String.valueOf(LEASE_SECONDS));
        try (Child child = Child.start(ChildJvm.of(PausingJob.class, command))) {
            child.awaitLine("charged order-1");
            stopOutsideAWrite(child, files);
            long stopped = System.nanoTime();

            Ran other = Ran.command(command);
            List<String> before = everything(files);
            long passed = (System.nanoTime() - stopped) / 1_000_000;
            assertThat(child.isAliveAfter(Math.max(1, 3_000L * LEASE_SECONDS - passed)))
                    .isTrue();
            child.signal("CONT");
            child.sendLine();

            assertThat(child.awaitExit()).isZero();
            assertThat(other.summary()).isEqualTo(summary(4 * ORDERS));
            assertThat(child.summary()).isEqualTo(summary(1));
            assertThat(everything(files)).isEqualTo(before);
            assertThat(child.lines())
                    .anyMatch(line -> line.contains("WARN") && line.contains("order-1 ") && line.contains("is lost"));
        }
    }

    /** Stopped in the middle of a heartbeat's write, SQLite's lock would hold everybody up, and nobody could take over. */
    private static void stopOutsideAWrite(Child child, SampleFiles files) throws IOException, InterruptedException {
        for (int tries = 0; tries < 20; tries++) {
            child.signal("STOP");
            if (canBeWritten(files)) {
                return;
            }
            child.signal("CONT");
        }
        throw new AssertionError("the child holds the write lock whenever it is stopped");
    }

    private static boolean canBeWritten(SampleFiles files) {
        try (Cairn cairn = Cairn.open(files.store())) {
            cairn.runs().cancel("nobody");
            throw new AssertionError("there is no run to cancel");
        } catch (NoSuchRunException written) {
            return true;
        } catch (StoreUnavailableException locked) {
            return false;
        }
    }

    private static String summary(int stepsRun) {
        return "orders=6 completed=6 charged_once=6 charged_twice=0 steps_run=" + stepsRun
                + " steps_replayed=0 bank_repeats=1";
    }

    /** Every run as JSON, and every row of the ledger. */
    private static List<String> everything(SampleFiles files) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Cairn cairn = Cairn.open(files.store())) {
            for (int id = 1; id <= ORDERS; id++) {
                all.add(cairn.runs().read("order-" + id).orElseThrow().toJson());
            }
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + files.ledger());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM charge ORDER BY idempotency_key")) {
            while (row.next()) {
                all.add(row.getString(1) + " " + row.getString(2) + " " + row.getString(4) + " " + row.getString(5));
            }
        }
        return all;
    }
}
