// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class DemoTest {
    private static final Pattern FOLDER = Pattern.compile("two SQLite files in (\\S+)\\.\\R");

    @Test
    @DisplayName("without arguments the sample is killed once, resumed, and what to look at is said")
    void demo() throws Exception {
        Ran ran = Ran.command(List.of());
        removeFolder(ran);

        assertThat(ran.status()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.summary())
                .isEqualTo("orders=12 completed=12 charged_once=12 charged_twice=0 steps_run=32 steps_replayed=0"
                        + " bank_repeats=1");
        assertThat(ran.out())
                .contains("It ended with 137, which is SIGKILL.")
                .contains("sqlite3 ", "cairn_steps", "exec:java -Dexec.args=\"orders --input FILE");
    }

    private static void removeFolder(Ran ran) throws IOException {
        Matcher matcher = FOLDER.matcher(ran.out());
        assertThat(matcher.find()).as(ran.out()).isTrue();
        try (Stream<Path> files = Files.walk(Path.of(matcher.group(1)))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
