// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command {@code steps} is asked to do.
 *
 * @param stores to measure, in this order
 * @param contestants that take part: Cairn and its rivals
 */
record Options(List<String> stores, Set<String> contestants, Extent extent, Outputs outputs) {
    static final String USAGE = "steps [--stores memory,sqlite,postgres] [--rivals raw,dbos] [--rounds N] [--steps N]"
            + " [--json FILE] [--svg FILE] [--docs FOLDER]";

    private static final String DEFAULT_JSON = "benchmarks/target/benchmark.json";
    private static final int DEFAULT_ROUNDS = 5;
    private static final int MOST_ROUNDS = 100;
    private static final int DEFAULT_STEPS = 10_000;
    private static final int LEAST_STEPS = 100;
    // A run with more does not fit the payloads and the heap of a benchmark beside its rivals.
    private static final int MOST_STEPS = 100_000;
    private static final List<String> RIVALS = List.of(RawContestant.NAME, DbosContestant.NAME);
    private static final List<String> KNOWN =
            List.of("--stores", "--rivals", "--rounds", "--steps", "--json", "--svg", "--docs");

    /**
     * Where the results go.
     *
     * @param json all of them
     * @param svg the chart
     * @param docs a folder for a file of each store; null for none
     */
    record Outputs(Path json, Path svg, @Nullable Path docs) {}

    /**
     * Reads the options.
     *
     * @param base what relative paths are relative to
     * @throws BadInputException if one is unknown, or has a value that it cannot have
     */
    static Options parse(List<String> args, Path base) {
        Map<String, String> values = values(args);
        Extent extent = new Extent(
                whole(values, "--rounds", 1, MOST_ROUNDS, DEFAULT_ROUNDS),
                whole(values, "--steps", LEAST_STEPS, MOST_STEPS, DEFAULT_STEPS));
        Path json = path(values, "--json", base).orElse(base.resolve(DEFAULT_JSON));
        Path svg = path(values, "--svg", base).orElseGet(() -> besides(json));
        Set<String> contestants = new LinkedHashSet<>(names(values, "--rivals", RIVALS));
        contestants.add(CairnContestant.NAME);
        return new Options(
                names(values, "--stores", Backends.NAMES),
                contestants,
                extent,
                new Outputs(json, svg, path(values, "--docs", base).orElse(null)));
    }

    private static Map<String, String> values(List<String> args) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < args.size(); i += 2) {
            String option = args.get(i);
            if (!KNOWN.contains(option)) {
                throw new BadInputException("unknown option \"" + option + "\"; known are " + String.join(", ", KNOWN));
            }
            if (i + 1 == args.size() || args.get(i + 1).startsWith("--")) {
                throw new BadInputException("option " + option + " has no value; write " + USAGE);
            }
            if (values.put(option, args.get(i + 1)) != null) {
                throw new BadInputException("option " + option + " is given twice; give it once");
            }
        }
        return values;
    }

    private static List<String> names(Map<String, String> values, String option, List<String> known) {
        List<String> names = Arrays.asList(
                values.getOrDefault(option, String.join(",", known)).split(",", -1));
        for (String name : names) {
            if (!known.contains(name)) {
                throw new BadInputException("option " + option + " names \"" + name + "\"; known are "
                        + String.join(",", known) + ", one or more, with commas and no spaces");
            }
        }
        if (new LinkedHashSet<>(names).size() < names.size()) {
            throw new BadInputException(
                    "option " + option + " names one twice in \"" + String.join(",", names) + "\"; name each once");
        }
        return names;
    }

    private static int whole(Map<String, String> values, String option, int least, int most, int otherwise) {
        String value = values.getOrDefault(option, String.valueOf(otherwise));
        if (value.matches("\\d{1,9}") && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most) {
            return Integer.parseInt(value);
        }
        throw new BadInputException("option " + option + " must be a whole number from " + least + " to " + most
                + ", was \"" + value + "\"");
    }

    private static Optional<Path> path(Map<String, String> values, String option, Path base) {
        try {
            return Optional.ofNullable(values.get(option)).map(base::resolve);
        } catch (InvalidPathException e) {
            throw new BadInputException("option " + option + " is no path: " + e.getMessage(), e);
        }
    }

    private static Path besides(Path json) {
        String name = String.valueOf(json.getFileName());
        String stem = name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
        return json.resolveSibling(stem + ".svg");
    }
}
