// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads orders and their lines from two CSV files that stand beside each other, and checks every row of both. */
final class OrderFiles {
    static final String LINES_FILE = "order-details.csv";

    private static final CsvFile.Format ORDERS =
            new CsvFile.Format(List.of("orderID", "customerID", "shipVia"), "shipName");
    private static final CsvFile.Format LINES =
            new CsvFile.Format(List.of("orderID", "productID", "unitPrice", "quantity", "discount"), "");
    private static final Pattern CUSTOMER = Pattern.compile("[A-Z]{5}");
    private static final int MOST_ID = 999_999_999;
    private static final int MOST_SHIPPER = 99;
    private static final int MOST_PRICE = 1_000_000;
    private static final int MOST_QUANTITY = 100_000;

    private final Map<Integer, Ordered> orders = new LinkedHashMap<>();

    /** An order as it is read: its row, and its lines by product. */
    private record Ordered(CsvRow row, String customer, int shipper, Map<Integer, Line> lines) {}

    private record Line(CsvRow row, OrderLine line) {}

    private OrderFiles() {}

    /**
     * Reads the orders, in the order of the file.
     *
     * @throws BadInputException at the first row that cannot be used, and for an order without lines
     */
    static List<Order> read(Path ordersFile) {
        OrderFiles files = new OrderFiles();
        CsvFile.read(ordersFile, ORDERS).rows().forEach(files::addOrder);
        Path linesFile = ordersFile.resolveSibling(LINES_FILE);
        CsvFile.read(linesFile, LINES).rows().forEach(row -> files.addLine(row, ordersFile));
        List<Order> orders = new ArrayList<>();
        files.orders.forEach((id, ordered) -> orders.add(order(id, ordered, linesFile)));
        return orders;
    }

    private void addOrder(CsvRow row) {
        int id = row.whole("orderID", 1, MOST_ID);
        String customer = row.text("customerID", CUSTOMER, "five capital letters");
        int shipper = row.whole("shipVia", 1, MOST_SHIPPER);
        Ordered first = orders.putIfAbsent(id, new Ordered(row, customer, shipper, new LinkedHashMap<>()));
        if (first != null) {
            throw row.bad("orderID", "stands in line " + first.row().line() + " already");
        }
    }

    private void addLine(CsvRow row, Path ordersFile) {
        Ordered ordered = orders.get(row.whole("orderID", 1, MOST_ID));
        if (ordered == null) {
            throw row.bad("orderID", "must be an order of " + ordersFile);
        }
        int product = row.whole("productID", 1, MOST_ID);
        OrderLine line = new OrderLine(
                row.decimal("unitPrice", MOST_PRICE),
                row.whole("quantity", 1, MOST_QUANTITY),
                row.decimal("discount", 1));
        Line first = ordered.lines().putIfAbsent(product, new Line(row, line));
        if (first != null) {
            throw row.bad("productID", "stands in line " + first.row().line() + " already, for the same order");
        }
    }

    private static Order order(int id, Ordered ordered, Path linesFile) {
        if (ordered.lines().isEmpty()) {
            throw ordered.row().bad("orderID", "has no lines in " + linesFile);
        }
        List<OrderLine> lines =
                ordered.lines().values().stream().map(Line::line).toList();
        return new Order(id, ordered.customer(), ordered.shipper(), OrderLine.cents(lines));
    }
}
