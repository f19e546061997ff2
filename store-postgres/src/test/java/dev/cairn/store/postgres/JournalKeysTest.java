// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The keys of journals, as Java and as the server make them. */
final class JournalKeysTest {
    private static final List<String> NAMES = List.of(
            "a",
            "ab",
            "b",
            "c",
            "bc",
            " ",
            "'",
            "\\",
            "\\x41",
            "%s",
            "$1",
            "\u00e9",
            "e\u0301",
            "\ud83d\ude00",
            "\u0001",
            "order-10248",
            "x".repeat(255));

    @Test
    @DisplayName("both make the same of any name, and another one of any other namespace, run or incarnation")
    void sameOnBothSides() throws SQLException {
        Incarnation one = Incarnation.random();
        Set<UUID> keys = new HashSet<>();
        try (TestSchema schema = new TestSchema();
                Connection connection = schema.connect();
                PreparedStatement statement = connection.prepareStatement("select " + TestSchema.JOURNAL
                        + " from (select ?::text as namespace, ?::text as run_id, ?::uuid as incarnation) as h")) {
            schema.open();
            for (String namespace : NAMES) {
                JournalKeys journals = new JournalKeys(namespace);
                for (String run : NAMES) {
                    for (Incarnation incarnation : List.of(one, Incarnation.random())) {
                        statement.setString(1, namespace);
                        statement.setString(2, run);
                        statement.setObject(3, incarnation.id());
                        try (ResultSet row = statement.executeQuery()) {
                            assertThat(row.next()).isTrue();
                            assertThat(journals.key(run, incarnation)).isEqualTo(row.getObject(1, UUID.class));
                        }
                        assertThat(keys.add(journals.key(run, incarnation))).isTrue();
                    }
                }
            }
        }
        assertThat(keys).hasSize(2 * NAMES.size() * NAMES.size());
    }

    @Test
    @DisplayName("the key that is kept is that of the lease that is asked for, also when two take turns")
    void keptForOneLease() {
        JournalKeys journals = new JournalKeys("default");
        Lease a = new Lease("a", Incarnation.random(), LeaseId.random(), 1);
        Lease b = new Lease("b", a.incarnation(), a.id(), 1);
        for (int i = 0; i < 3; i++) {
            for (Lease lease : List.of(a, a.over(Incarnation.random()), b)) {
                assertThat(journals.key(lease)).isEqualTo(journals.key(lease.runId(), lease.incarnation()));
            }
        }
    }
}
