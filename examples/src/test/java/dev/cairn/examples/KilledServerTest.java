// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.servers.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same job on another database: nothing but the URL is different. */
@Timeout(120)
class KilledServerTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "the job runs on PostgreSQL by its URL alone; the server is killed in the middle, and every order is charged once")
    void serverIsKilled() throws Exception {
        SampleFiles files = SampleFiles.of(folder, 830);
        try (PostgresServer server = PostgresServer.start(Map.of())) {
            List<String> command = List.of(
                    "orders",
                    "--input",
                    files.orders().toString(),
                    "--store",
                    server.url(),
                    "--ledger",
                    files.ledger().toString(),
                    "--concurrency",
                    "4",
                    "--lease",
                    "2");
            try (Child job = Child.start(ChildJvm.of(Main.class, command))) {
                job.awaitLine("249 of 830 orders");
                server.kill();
                server.restart();

                assertThat(job.awaitExit()).isZero();
                assertThat(job.summary())
                        .startsWith("orders=830 completed=830 charged_once=830 charged_twice=0 steps_run=");
            }

            Ran again = Ran.command(command);
            assertThat(again.summary())
                    .isEqualTo("orders=830 completed=830 charged_once=830 charged_twice=0 steps_run=0 steps_replayed=0"
                            + " bank_repeats=0");
        }
    }
}
