// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputTest {
    private static final String ORDERS = SampleFiles.ORDERS_HEADER + "\n";
    private static final String LINES = SampleFiles.LINES_HEADER + "\n";
    private static final String ORDER = "501,ALDER,1,2,Alder & Daughters,3 Mill Lane\n";
    private static final String LINE = "501,7,0.50,2,0\n";

    @TempDir
    private Path folder;

    static Stream<Arguments> badOrders() {
        return Stream.of(
                arguments(
                        "",
                        "line 1: the file is empty; its first line must name the columns orderID, customerID, shipVia"),
                arguments(
                        "\n\n",
                        "line 1: the file is empty; its first line must name the columns orderID, customerID, shipVia"),
                arguments(ORDERS, "line 2: missing; the file has a header and no rows"),
                arguments(
                        "orderID,shipVia\n1,2\n",
                        "line 1, column customerID: missing; the header was \"orderID,shipVia\""),
                arguments(
                        "orderID,customerID,shipVia,orderID\n1,ALDER,2,1\n",
                        "line 1, column orderID: stands twice in the header"),
                arguments(
                        "orderID,customerID,shipName,shipVia\n1,ALDER,Alder,2\n",
                        "line 1, column shipVia: stands behind shipName, whose text may hold commas; move it before"),
                arguments(
                        ORDERS + ORDER + "\n" + ORDER,
                        "line 3, column customerID: missing; fields in the row: 1, in the header: 6"),
                arguments(
                        ORDERS + "501,ALDER,1,2,Alder\n",
                        "line 2, column shipAddress: missing; fields in the row: 5, in the header: 6"),
                arguments(
                        ORDERS + "A501,ALDER,1,2,Alder,Lane\n",
                        "line 2, column orderID: must be a whole number from 1 to 999999999, was \"A501\""),
                arguments(
                        ORDERS + "0,ALDER,1,2,Alder,Lane\n",
                        "line 2, column orderID: must be a whole number from 1 to 999999999, was \"0\""),
                arguments(
                        ORDERS + "501,,1,2,Alder,Lane\n",
                        "line 2, column customerID: must be five capital letters, was \"\""),
                arguments(
                        ORDERS + ORDER + "502,ALDER,1,2.5,Alder,Lane\n",
                        "line 3, column shipVia: must be a whole number from 1 to 99, was \"2.5\""),
                arguments(ORDERS + ORDER + ORDER, "line 3, column orderID: stands in line 2 already, was \"501\""));
    }

    @ParameterizedTest(name = "orders.csv, {1}")
    @MethodSource("badOrders")
    @DisplayName("an order that cannot be used is named by file, line, column and value, and nothing is created")
    void badOrdersAreRefused(String orders, String message) throws InterruptedException {
        SampleFiles files = SampleFiles.of(folder, orders, LINES + LINE + "502,7,0.50,2,0\n");

        Ran ran = Ran.command(files.command());

        assertRefused(ran, files, files.orders() + ", " + message);
    }

    static Stream<Arguments> badLines() {
        return Stream.of(
                arguments(
                        "",
                        "line 1: the file is empty; its first line must name the columns orderID, productID, unitPrice, quantity, discount"),
                arguments(LINES, "line 2: missing; the file has a header and no rows"),
                arguments(
                        "orderID,productID,quantity\n1,2,3\n",
                        "line 1, column unitPrice: missing; the header was \"orderID,productID,quantity\""),
                arguments(
                        LINES + "501,7,0.50,2\n",
                        "line 2, column discount: missing; fields in the row: 4, in the header: 5"),
                arguments(
                        LINES + "501,7,1,50,2,0\n",
                        "line 2, column 6: one too many, \"0\"; fields in the row: 6, in the header: 5"),
                arguments(
                        LINES + "502,7,0.50,2,0\n", "line 2, column orderID: must be an order of ORDERS, was \"502\""),
                arguments(
                        LINES + LINE + LINE,
                        "line 3, column productID: stands in line 2 already, for the same order, was \"7\""),
                arguments(
                        LINES + "501,7,-0.50,2,0\n",
                        "line 2, column unitPrice: must be a number from 0 to 1000000 with at most 4 decimals, such as 0.25, was \"-0.50\""),
                arguments(
                        LINES + "501,7,1e3,2,0\n",
                        "line 2, column unitPrice: must be a number from 0 to 1000000 with at most 4 decimals, such as 0.25, was \"1e3\""),
                arguments(
                        LINES + "501,7,0.50,1.5,0\n",
                        "line 2, column quantity: must be a whole number from 1 to 100000, was \"1.5\""),
                arguments(
                        LINES + "501,7,0.50,0,0\n",
                        "line 2, column quantity: must be a whole number from 1 to 100000, was \"0\""),
                arguments(
                        LINES + "501,7,0.50,2,1.01\n",
                        "line 2, column discount: must be a number from 0 to 1 with at most 4 decimals, such as 0.25, was \"1.01\""),
                arguments(
                        LINES + "501,7,0.50,2,NULL\n",
                        "line 2, column discount: must be a number from 0 to 1 with at most 4 decimals, such as 0.25, was \"NULL\""));
    }

    @ParameterizedTest(name = "order-details.csv, {1}")
    @MethodSource("badLines")
    @DisplayName("an order's line that cannot be used is named by file, line, column and value, and nothing is created")
    void badLinesAreRefused(String lines, String message) throws InterruptedException {
        SampleFiles files = SampleFiles.of(folder, ORDERS + ORDER, lines);

        Ran ran = Ran.command(files.command());

        assertRefused(
                ran,
                files,
                files.lines() + ", " + message.replace("ORDERS", files.orders().toString()));
    }

    @Test
    @DisplayName("an order without lines is refused, and no order is charged")
    void orderWithoutLines() throws InterruptedException {
        SampleFiles files = SampleFiles.of(folder, ORDERS + ORDER + "502,ALDER,1,2,Alder,Lane\n", LINES + LINE);

        Ran ran = Ran.command(files.command());

        assertRefused(
                ran,
                files,
                files.orders() + ", line 3, column orderID: has no lines in " + files.lines() + ", was \"502\"");
    }

    @Test
    @DisplayName("text that is not UTF-8 is refused by its line")
    void notUtf8() throws IOException, InterruptedException {
        SampleFiles files = SampleFiles.of(folder, 1);
        String orders = ORDERS + "1,ALDER,1,2,Bäckerei,Lane\n";
        Files.write(files.orders(), orders.getBytes(StandardCharsets.ISO_8859_1));

        Ran ran = Ran.command(files.command());

        assertRefused(ran, files, files.orders() + ", line 2: not UTF-8; save the file as UTF-8");
    }

    @Test
    @DisplayName("a byte order mark, Windows line ends and a last line without an end are read")
    void otherEditors() {
        SampleFiles files = SampleFiles.of(
                folder,
                "\ufeff" + (ORDERS + ORDER).replace("\n", "\r\n"),
                "\ufeff" + (LINES + LINE).replace("\n", "\r\n").strip());

        List<Order> orders = OrderFiles.read(files.orders());

        assertThat(orders).containsExactly(new Order(501, "ALDER", 2, 100));
    }

    @Test
    @DisplayName("commas in the free text of an order do not move what stands before it")
    void commasInAddresses() {
        SampleFiles files =
                SampleFiles.of(folder, ORDERS + "501,ALDER,1,2,Alder, and Daughters,Rua, 67\n", LINES + LINE);

        List<Order> orders = OrderFiles.read(files.orders());

        assertThat(orders).containsExactly(new Order(501, "ALDER", 2, 100));
    }

    @Test
    @DisplayName("the sample that ships is in order")
    void sample() throws IOException {
        SampleFiles files = SampleFiles.of(folder, resource("/orders.csv"), resource("/order-details.csv"));

        List<Order> orders = OrderFiles.read(files.orders());

        assertThat(orders).hasSize(12);
        assertThat(orders.stream().mapToLong(Order::amountCents).sum()).isEqualTo(1_162_138);
    }

    private static String resource(String name) throws IOException {
        try (var in = Main.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertRefused(Ran ran, SampleFiles files, String message) {
        assertThat(ran.err()).isEqualTo(message + System.lineSeparator());
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(files.names()).containsExactly("order-details.csv", "orders.csv");
    }
}
