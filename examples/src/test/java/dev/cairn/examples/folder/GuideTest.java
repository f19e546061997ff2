// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GuideTest {
    private static final String GUIDE = "docs/write-your-own-store.md";

    @Test
    @DisplayName("the guide shows the heart of the folder store as it is compiled")
    void heart() throws IOException {
        String source = read("examples/src/main/java/dev/cairn/examples/folder/FolderStorage.java");
        String marker = "// region update-head\n";
        int begin = source.indexOf(marker) + marker.length();
        String region = source.substring(begin, source.indexOf("// endregion", begin))
                .stripIndent()
                .strip();

        assertThat(read(GUIDE)).contains("```java\n" + region + "\n```");
    }

    @Test
    @DisplayName("the guide shows the adoption of the kit as it is compiled, in 15 lines at most")
    void adoption() throws IOException {
        String source = read("examples/src/test/java/dev/cairn/examples/folder/FolderStateStoreTckTest.java");
        String listing = source.substring(source.indexOf("package "));

        assertThat(read(GUIDE)).contains("```java\n" + listing + "```");
        assertThat(listing.substring(listing.indexOf("class ")).lines()).hasSizeLessThanOrEqualTo(15);
    }

    private static String read(String file) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("LICENSE"))) {
            root = root.getParent();
        }
        return Files.readString(root.resolve(file));
    }
}
