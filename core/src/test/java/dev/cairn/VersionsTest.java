// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which versions of a workflow may go on with a run. */
class VersionsTest {
    private final LocalRuns runs = new LocalRuns();

    @AfterEach
    void close() {
        runs.close();
    }

    private Workflow<Void, String> version(int version, int... resumed) {
        return Workflow.named("wf")
                .version(version)
                .resumes(resumed)
                .output(String.class)
                .define((run, none) -> {
                    run.step("a", step -> runs.ran.add("a"));
                    if (version == 1) {
                        throw new IOException("not done");
                    }
                    return "by version " + version;
                });
    }

    @Test
    @DisplayName("RUN-11 a run of an accepted older version resumes, and belongs to the newer one from then on")
    void acceptedVersionResumes() {
        runs.cairn.execute(version(1), "r", null);

        assertThat(runs.cairn.run(version(2, 1), "r", null)).isEqualTo("by version 2");

        assertThat(runs.ran).containsExactly("a");
        assertThat(runs.state("r").version()).isEqualTo(2);
    }

    @Test
    @DisplayName("RUN-11 any other version is refused before any write, older or newer, naming both")
    void otherVersionIsRefused() {
        runs.cairn.execute(version(3, 1), "new", null);
        runs.cairn.execute(version(1), "old", null);
        LocalRuns.Stored before = runs.stored("old");

        assertThatThrownBy(() -> runs.cairn.execute(version(3, 2), "old", null))
                .isInstanceOf(VersionNotAcceptedException.class)
                .hasMessageContainingAll("run old", "version 1", "version 3", "resumes(1)");
        assertThatThrownBy(() -> runs.cairn.resume(version(3), "old")).isInstanceOf(VersionNotAcceptedException.class);

        assertThat(runs.stored("old")).isEqualTo(before);
        assertThat(runs.cairn.recover(version(3, 2))).isZero();
        assertThat(runs.stored("old")).isEqualTo(before);
    }

    @Test
    @DisplayName("RUN-11 a saved state of another version is refused before any write")
    void savedStateOfOtherVersionIsRefused() {
        runs.cairn.execute(version(1), "r", null);
        ResumeState state = runs.state("r");
        try (LocalRuns other = new LocalRuns()) {
            assertThatThrownBy(() -> other.cairn.run(version(2), state))
                    .isInstanceOf(VersionNotAcceptedException.class)
                    .hasMessageContainingAll("run r", "version 1", "version 2");

            assertThat(other.exists("r")).isFalse();
            assertThat(other.cairn.run(version(2, 1), state)).isEqualTo("by version 2");
        }
    }

    @Test
    @DisplayName("RUN-11 versions below 1 are refused when the workflow is defined")
    void versionsBelowOneAreRefused() {
        assertThatThrownBy(() -> Workflow.named("wf").version(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("wf", "at least 1", "0");
        assertThatThrownBy(() -> Workflow.named("wf").resumes(1, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("at least 1", "-1");
    }

    @Test
    @DisplayName("RUN-11 workflows that begin with one builder do not share what they resume")
    void buildersDoNotShareVersions() {
        Workflow.Builder<Void, Void> common = Workflow.named("wf").version(5);

        Workflow<String, Void> one = common.input(String.class).resumes(4).define((run, text) -> null);
        Workflow<Integer, Void> two = common.input(Integer.class).define((run, number) -> null);

        assertThat(one.versions().accepted()).containsExactlyInAnyOrder(4, 5);
        assertThat(two.versions().accepted()).containsExactly(5);
    }

    @Test
    @DisplayName("RUN-11 a newer version that is refused by the record leaves the run to the older one")
    void refusedVersionTakesNothing() {
        runs.cairn.execute(version(1), "r", null);
        Workflow<Void, String> other = Workflow.named("wf")
                .version(2)
                .resumes(1)
                .output(String.class)
                .define((run, none) -> run.step("other", String.class, runs.returns("x")));

        assertThatThrownBy(() -> runs.cairn.run(other, "r", null)).isInstanceOf(DivergedException.class);

        assertThat(runs.state("r").version()).isEqualTo(1);
        assertThat(runs.cairn.execute(version(1), "r", null)).isInstanceOf(RunResult.Interrupted.class);
        assertThat(runs.ran).containsExactly("a");
    }
}
