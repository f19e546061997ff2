// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GuideTest {
    @Test
    @DisplayName("the guide shows the heart of the folder store as it is compiled")
    void listing() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("LICENSE"))) {
            root = root.getParent();
        }
        String source =
                Files.readString(root.resolve("examples/src/main/java/dev/cairn/examples/folder/FolderStorage.java"));
        String marker = "// region update-head\n";
        int begin = source.indexOf(marker) + marker.length();
        String region = source.substring(begin, source.indexOf("// endregion", begin))
                .stripIndent()
                .strip();

        assertThat(root.resolve("docs/write-your-own-store.md")).content().contains("```java\n" + region + "\n```");
    }
}
