// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OrdersOptionsTest {
    private static final String ALL =
            "orders --input FILE --store URL --ledger FILE [--kill-after N] [--lease SECONDS] [--concurrency N]";

    @TempDir
    private Path folder;

    static Stream<Arguments> badArguments() {
        String places = "--input orders.csv --store sqlite:orders.db --ledger ledger.db";
        return Stream.of(
                arguments("order", "unknown command \"order\"; write " + ALL + ", or nothing for the demonstration"),
                arguments(
                        "--input x",
                        "unknown command \"--input\"; write " + ALL + ", or nothing for the demonstration"),
                arguments(
                        "orders --stor x",
                        "unknown option \"--stor\"; known are --input, --store, --ledger, --kill-after, --lease, --concurrency"),
                arguments("orders --input", "option --input has no value; write --input FILE"),
                arguments(
                        "orders --store --ledger x",
                        "option --store has no value; write --store URL, such as sqlite:orders.db"),
                arguments("orders --lease 5 --lease 6", "option --lease is given twice; give it once"),
                arguments("orders", "option --input is missing; write --input FILE"),
                arguments(
                        "orders --input a --ledger b",
                        "option --store is missing; write --store URL, such as sqlite:orders.db"),
                arguments("orders --input a --store sqlite:b", "option --ledger is missing; write --ledger FILE"),
                arguments(
                        "orders --lease ten " + places,
                        "option --lease must be a whole number from 1 to 1800, was \"ten\""),
                arguments(
                        "orders --lease 1801 " + places,
                        "option --lease must be a whole number from 1 to 1800, was \"1801\""),
                arguments(
                        "orders --kill-after 0 " + places,
                        "option --kill-after must be a whole number from 1 to 999999999, was \"0\""),
                arguments(
                        "orders --concurrency -4 " + places,
                        "option --concurrency must be a whole number from 1 to 64, was \"-4\""),
                arguments(
                        "orders --concurrency 99999999999 " + places,
                        "option --concurrency must be a whole number from 1 to 64, was \"99999999999\""),
                arguments(
                        "orders --input a --store orders.db --ledger b",
                        "option --store: a store's URL begins with a scheme, such as sqlite:orders.db; this one does not"),
                arguments(
                        "orders --input a --store sqlite:b.db --ledger ./b.db",
                        "--ledger ./b.db is the file of --store; give the bank a file of its own"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badArguments")
    @DisplayName("an argument that cannot be used is refused with the way out")
    void badArgumentsAreRefused(String line, String message) throws InterruptedException {
        Ran ran = Ran.command(List.of(line.split(" ")));

        assertThat(ran).isEqualTo(new Ran(2, "", message + System.lineSeparator()));
    }

    @Test
    @DisplayName("what is not given has its default")
    void defaults() {
        OrdersOptions options =
                OrdersOptions.parse(List.of("--input", "a.csv", "--store", "sqlite:b", "--ledger", "c"));

        assertThat(options)
                .isEqualTo(new OrdersOptions(
                        new OrdersOptions.Places(Path.of("a.csv"), "sqlite:b", Path.of("c")),
                        0,
                        Duration.ofSeconds(10),
                        1));
    }

    @Test
    @DisplayName("a missing input file is named, and nothing is created")
    void missingInput() throws IOException, InterruptedException {
        SampleFiles files = SampleFiles.of(folder, 1);
        Files.delete(files.lines());

        Ran ran = Ran.command(files.command());

        assertThat(ran.err()).startsWith(files.lines() + " does not exist; give the path of a CSV file");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(files.names()).containsExactly("orders.csv");
    }

    @Test
    @DisplayName("a store that no module opens is refused, and no ledger is created")
    void unknownStore() throws InterruptedException {
        SampleFiles files = SampleFiles.of(folder, 1);
        List<String> command = files.command().stream()
                .map(word -> word.equals(files.store()) ? "paper:orders" : word)
                .toList();

        Ran ran = Ran.command(command);

        assertThat(ran.err()).startsWith("option --store: ").contains("paper");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(files.names()).containsExactly("order-details.csv", "orders.csv");
    }

    @Test
    @DisplayName("a ledger in a missing folder is refused, and no store is created")
    void ledgerInMissingFolder() throws InterruptedException {
        SampleFiles files = SampleFiles.of(folder, 1);

        Ran ran = Ran.command(withLedger(files, folder.resolve("no/ledger.db")));

        assertLedgerRefused(ran, files, "its folder does not exist; create it, or give another path");
    }

    @Test
    @DisplayName("a ledger that is no database is refused and stays as it is, and no store is created")
    void ledgerIsNoDatabase() throws IOException, InterruptedException {
        SampleFiles files = SampleFiles.of(folder, 1);
        byte[] before = Files.readAllBytes(files.orders());

        Ran ran = Ran.command(withLedger(files, files.orders()));

        assertLedgerRefused(ran, files, "cannot be read as an SQLite database");
        assertThat(files.orders()).hasBinaryContent(before);
    }

    @Test
    @DisplayName("a ledger that is somebody else's database is refused and stays as it is")
    void ledgerIsAnotherDatabase() throws IOException, SQLException, InterruptedException {
        SampleFiles files = SampleFiles.of(folder, 1);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + files.ledger());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE charge (id INTEGER)");
        }
        byte[] before = Files.readAllBytes(files.ledger());

        Ran ran = Ran.command(files.command());

        assertThat(ran.err()).contains(files.ledger() + ": is another SQLite database");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(files.ledger()).hasBinaryContent(before);
        assertThat(files.names()).containsExactly("ledger.db", "order-details.csv", "orders.csv");
    }

    private static List<String> withLedger(SampleFiles files, Path ledger) {
        return files.command().stream()
                .map(word -> word.equals(files.ledger().toString()) ? ledger.toString() : word)
                .toList();
    }

    private static void assertLedgerRefused(Ran ran, SampleFiles files, String why) {
        assertThat(ran.err()).startsWith("--ledger ").contains(why);
        assertThat(ran.status()).isEqualTo(2);
        assertThat(files.names()).containsExactly("order-details.csv", "orders.csv");
    }
}
