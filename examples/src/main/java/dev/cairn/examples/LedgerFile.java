// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Tells whether a file can be a ledger, before anything is created or changed. */
final class LedgerFile {
    private static final List<String> COLUMNS =
            List.of("order_id", "idempotency_key", "amount_cents", "charged_at", "repeats");
    private static final String WAY_OUT = "; give the path of a ledger, or of a file that does not exist yet";

    private LedgerFile() {}

    /** Throws a {@link BadInputException} unless the file is a ledger, is empty, or can be created. */
    static void check(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw bad(file, "is a folder" + WAY_OUT);
        }
        if (!Files.isDirectory(folder)) {
            throw bad(file, "its folder does not exist; create it, or give another path");
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw bad(file, "cannot be written" + WAY_OUT);
        }
        if (!isEmpty(file)) {
            checkTables(file);
        }
    }

    private static boolean isEmpty(Path file) {
        try {
            return !Files.exists(file) || Files.size(file) == 0;
        } catch (IOException e) {
            throw new BadInputException("--ledger " + file + " cannot be read (" + e + ")" + WAY_OUT, e);
        }
    }

    private static void checkTables(Path file) {
        Map<String, List<String>> tables;
        try {
            tables = Ledger.columns(file);
        } catch (SQLException e) {
            throw new BadInputException("--ledger " + file + " cannot be read as an SQLite database" + WAY_OUT, e);
        }
        // A process that was killed while it created the ledger leaves a database without tables.
        if (!tables.isEmpty() && !COLUMNS.equals(tables.get("charge"))) {
            throw bad(file, "is another SQLite database: a ledger has a table charge" + COLUMNS + WAY_OUT);
        }
    }

    private static BadInputException bad(Path file, String what) {
        return new BadInputException("--ledger " + file + ": " + what);
    }
}
