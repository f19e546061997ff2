// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.StepFailure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final Order ORDER = new Order(501, "ALDER", 2, 100);
    private static final Order OTHER = new Order(502, "BIRCH", 1, 250);

    @TempDir
    private Path folder;

    private Path file;
    private Ledger ledger;

    @BeforeEach
    void open() throws SQLException {
        file = folder.resolve("ledger.db");
        ledger = Ledger.open(file);
    }

    @AfterEach
    void close() throws SQLException {
        ledger.close();
    }

    @Test
    @DisplayName("a charge under a known key gives the same receipt, takes nothing and is counted")
    void repeat() throws SQLException {
        Receipt first = ledger.charge(ORDER, "key-1");
        Receipt second = ledger.charge(ORDER, "key-1");

        assertThat(second).isEqualTo(first);
        assertThat(ledger.count(List.of(ORDER, OTHER))).isEqualTo(new Charges(1, 0, 1));
    }

    @Test
    @DisplayName("an order that is charged under two keys is charged twice")
    void twice() throws SQLException {
        ledger.charge(ORDER, "key-1");
        ledger.charge(ORDER, "key-2");
        ledger.charge(OTHER, "key-3");

        assertThat(ledger.count(List.of(ORDER, OTHER))).isEqualTo(new Charges(1, 1, 0));
    }

    @Test
    @DisplayName("an order that was charged another amount is not charged once")
    void wrongAmount() throws SQLException {
        ledger.charge(new Order(501, "ALDER", 2, 99), "key-1");

        assertThat(ledger.count(List.of(ORDER))).isEqualTo(new Charges(0, 0, 0));
    }

    @Test
    @DisplayName("a key that stands for another charge is refused, and nothing is charged or counted")
    void reusedKey() throws SQLException {
        ledger.charge(ORDER, "key-1");

        assertThatThrownBy(() -> ledger.charge(OTHER, "key-1"))
                .isInstanceOf(StepFailure.class)
                .hasMessage("the bank knows the idempotency key of order-502 by another charge");
        assertThat(ledger.count(List.of(ORDER, OTHER))).isEqualTo(new Charges(1, 0, 0));
    }

    @Test
    @DisplayName("charges of orders that are not asked for are passed over")
    void strangers() throws SQLException {
        ledger.charge(OTHER, "key-1");

        assertThat(ledger.count(List.of(ORDER))).isEqualTo(new Charges(0, 0, 0));
    }

    @Test
    @DisplayName("a ledger that is busy for longer than the driver waits is waited for")
    void busy() throws Exception {
        try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = writer.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            CompletableFuture<Receipt> charge = CompletableFuture.supplyAsync(() -> charged(ledger, ORDER, "key-1"));
            assertThatThrownBy(() -> charge.get(700, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

            statement.execute("COMMIT");

            assertThat(charge.get(60, TimeUnit.SECONDS).amountCents()).isEqualTo(100);
        }
    }

    @Test
    @DisplayName("two parties that ask for the same charges get each once, and every repeat is counted")
    void twoParties() throws Exception {
        try (Ledger second = Ledger.open(file)) {
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> chargeAll(ledger));
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> chargeAll(second));
            CompletableFuture.allOf(first, other).get(60, TimeUnit.SECONDS);
        }

        assertThat(ledger.count(orders())).isEqualTo(new Charges(50, 0, 50));
    }

    private static List<Order> orders() {
        return IntStream.rangeClosed(1, 50)
                .mapToObj(id -> new Order(id, "ALDER", 2, 100))
                .toList();
    }

    private static void chargeAll(Ledger ledger) {
        orders().forEach(order -> charged(ledger, order, "key of " + order.id()));
    }

    private static Receipt charged(Ledger ledger, Order order, String key) {
        try {
            return ledger.charge(order, key);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
