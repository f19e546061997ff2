// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class KilledJobTest {
    private static final int SIGKILL_STATUS = 137;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("a job that nobody kills runs every step once, and once more runs none")
    void undisturbed() throws Exception {
        SampleFiles files = SampleFiles.of(folder, 20);

        Ran first = Ran.command(files.command("--concurrency", "4"));
        Ran second = Ran.command(files.command());

        assertThat(first.summary())
                .isEqualTo("orders=20 completed=20 charged_once=20 charged_twice=0 steps_run=80 steps_replayed=0"
                        + " bank_repeats=0");
        assertThat(second.summary())
                .isEqualTo("orders=20 completed=20 charged_once=20 charged_twice=0 steps_run=0 steps_replayed=0"
                        + " bank_repeats=0");
        assertThat(List.of(first.status(), second.status())).containsExactly(0, 0);
        assertThat(first.out().lines().limit(10))
                .startsWith("2 of 20 orders", "4 of 20 orders")
                .endsWith("20 of 20 orders");
    }

    @Test
    @DisplayName("killed between a charge and its record, the job resumes: the bank is asked again and charges once")
    void killedAtTheWorstMoment() throws Exception {
        SampleFiles files = SampleFiles.of(folder, 12);
        int status;
        try (Child child = Child.start(ChildJvm.of(Main.class, files.command("--kill-after", "5", "--lease", "1")))) {
            status = child.awaitExit();
        }

        Ran resumed = Ran.command(files.command("--lease", "1"));

        assertThat(status).isEqualTo(SIGKILL_STATUS);
        assertThat(resumed.summary())
                .isEqualTo("orders=12 completed=12 charged_once=12 charged_twice=0 steps_run=32 steps_replayed=0"
                        + " bank_repeats=1");
        assertThat(resumed.status()).isZero();
    }

    @Test
    @DisplayName(
            "of two processes on the same orders one is killed: the other completes all, and no order is charged twice")
    void oneOfTwoIsKilled() throws Exception {
        SampleFiles files = SampleFiles.of(folder, 100);
        List<String> killed = files.command("--kill-after", "20", "--lease", "2", "--concurrency", "2");
        List<String> other = files.command("--lease", "2", "--concurrency", "2");
        try (Child first = Child.start(ChildJvm.of(Main.class, killed))) {
            first.awaitLine("10 of 100 orders");

            try (Child second = Child.start(ChildJvm.of(Main.class, other))) {
                assertThat(first.awaitExit()).isEqualTo(SIGKILL_STATUS);
                assertThat(second.awaitExit()).isZero();
                assertThat(second.summary()).startsWith("orders=100 completed=100 charged_once=100 charged_twice=0 ");
            }
        }
    }
}
