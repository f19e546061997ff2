// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The settings without which an answered commit may be lost; no test and no benchmark runs on less. */
final class Durability {
    static final List<String> SETTINGS = List.of("fsync", "synchronous_commit", "full_page_writes");

    // remote_apply is on and more.
    private static final Set<String> DURABLE = Set.of("on", "remote_apply");

    private Durability() {}

    /**
     * Asks the server.
     *
     * @param chosen settings that the caller chose, which may say anything
     * @throws IllegalStateException if one of the others is weaker; the message names it
     */
    static void check(PostgresAddress address, Set<String> chosen) {
        List<String> weak = new ArrayList<>();
        for (String setting : SETTINGS) {
            String value = address.ask("SHOW " + setting);
            if (!chosen.contains(setting) && !DURABLE.contains(value)) {
                weak.add(setting + " is " + value + ", must be on");
            }
        }
        if (!weak.isEmpty()) {
            throw new IllegalStateException("PostgreSQL at " + address + ": " + String.join("; ", weak));
        }
    }
}
