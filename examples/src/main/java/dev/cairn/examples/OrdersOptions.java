// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import dev.cairn.spi.StoreUrl;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the command {@code orders} is asked to do.
 *
 * @param killAfter after which charge of this process it kills itself; 0 for never
 * @param lease how long a process that died keeps its orders
 * @param concurrency how many orders at a time
 */
record OrdersOptions(Places places, int killAfter, Duration lease, int concurrency) {
    static final String USAGE =
            "orders --input FILE --store URL --ledger FILE" + " [--kill-after N] [--lease SECONDS] [--concurrency N]";

    private static final int DEFAULT_LEASE_SECONDS = 10;
    // The store's fence time is an hour, and a lease at most half of it.
    private static final int MOST_LEASE_SECONDS = 1_800;
    private static final int MOST_CONCURRENCY = 64;
    private static final int MOST_KILL_AFTER = 999_999_999;

    /**
     * Where things are.
     *
     * @param input the orders; their lines stand beside it
     * @param store a store's URL
     * @param ledger the bank's file
     */
    record Places(Path input, String store, Path ledger) {}

    /**
     * Reads the options.
     *
     * @throws BadInputException if one is unknown, missing, or has a value that it cannot have
     */
    static OrdersOptions parse(List<String> args) {
        Arguments arguments = Arguments.parse(args, known());
        Places places = new Places(arguments.path("--input"), arguments.text("--store"), arguments.path("--ledger"));
        checkApart(places);
        return new OrdersOptions(
                places,
                arguments.whole("--kill-after", 1, MOST_KILL_AFTER, 0),
                Duration.ofSeconds(arguments.whole("--lease", 1, MOST_LEASE_SECONDS, DEFAULT_LEASE_SECONDS)),
                arguments.whole("--concurrency", 1, MOST_CONCURRENCY, 1));
    }

    private static Map<String, String> known() {
        Map<String, String> known = new LinkedHashMap<>();
        known.put("--input", "FILE");
        known.put("--store", "URL, such as sqlite:orders.db");
        known.put("--ledger", "FILE");
        known.put("--kill-after", "N");
        known.put("--lease", "SECONDS");
        known.put("--concurrency", "N");
        return Collections.unmodifiableMap(known);
    }

    /** The bank stands outside: in one file with the store, the two would be told apart no more. */
    private static void checkApart(Places places) {
        try {
            StoreUrl url = StoreUrl.parse(places.store());
            if (url.scheme().equals("sqlite") && absolute(Path.of(url.rest())).equals(absolute(places.ledger()))) {
                throw new BadInputException(
                        "--ledger " + places.ledger() + " is the file of --store; give the bank a file of its own");
            }
        } catch (InvalidPathException e) {
            throw new BadInputException("option --store is no path: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new BadInputException("option --store: " + e.getMessage(), e);
        }
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
