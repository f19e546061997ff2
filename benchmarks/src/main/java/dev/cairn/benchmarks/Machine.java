// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What the figures were measured on, in general words. */
final class Machine {
    private Machine() {}

    /**
     * Names and values.
     *
     * @param work where the files of embedded stores are, an existing folder
     */
    static Map<String, String> facts(Path work) throws IOException {
        Map<String, String> facts = new TreeMap<>();
        facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put("heap", (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        // A file system in memory would make every write look durable for nothing.
        facts.put("fileSystem", Files.getFileStore(work).type());
        return facts;
    }
}
