// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Orders in a folder of a test, and the options of a job on them. */
record SampleFiles(Path folder) {
    static final String ORDERS_HEADER = "orderID,customerID,employeeID,shipVia,shipName,shipAddress";
    static final String LINES_HEADER = "orderID,productID,unitPrice,quantity,discount";

    /** Writes so many orders of 1.00 each, with the ids 1, 2, …. */
    static SampleFiles of(Path folder, int orders) {
        StringBuilder rows = new StringBuilder(ORDERS_HEADER + "\n");
        StringBuilder lines = new StringBuilder(LINES_HEADER + "\n");
        for (int id = 1; id <= orders; id++) {
            rows.append(id).append(",ALDER,1,2,Alder & Daughters,3 Mill Lane\n");
            lines.append(id).append(",7,0.50,2,0\n");
        }
        return of(folder, rows.toString(), lines.toString());
    }

    static SampleFiles of(Path folder, String orders, String lines) {
        SampleFiles files = new SampleFiles(folder);
        try {
            Files.writeString(files.orders(), orders);
            Files.writeString(files.lines(), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    Path orders() {
        return folder.resolve("orders.csv");
    }

    Path lines() {
        return folder.resolve("order-details.csv");
    }

    Path ledger() {
        return folder.resolve("ledger.db");
    }

    String store() {
        return "sqlite:" + folder.resolve("orders.db");
    }

    /** The command line of a job on these files. */
    List<String> command(String... more) {
        Stream<String> options = Stream.of(
                "orders", "--input", orders().toString(), "--store", store(), "--ledger", ledger().toString());
        return Stream.concat(options, Stream.of(more)).toList();
    }

    /** The names of all files in the folder. */
    List<String> names() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
