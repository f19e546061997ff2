// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.spi.Facts;
import dev.cairn.spi.StateStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Measures what steps cost on each store, and prints and writes what came out. */
final class StepsCommand {
    private final Options options;
    private final Path work;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * Prepares.
     *
     * @param work a folder on a disk, for what lasts as long as the benchmark
     */
    StepsCommand(Options options, Path work, PrintStream out, PrintStream err) {
        this.options = options;
        this.work = work;
        this.out = out;
        this.err = err;
    }

    /** Answers whether no contestant failed. */
    boolean run() throws IOException, InterruptedException {
        Files.createDirectories(work);
        List<StoreResult> results = new ArrayList<>();
        for (String store : options.stores()) {
            StoreResult result = measured(store);
            out.print(new Report(result).text());
            out.flush();
            results.add(result);
            // Each time, so that a benchmark that is ended half-way leaves what it has.
            write(results);
        }
        out.println();
        results.forEach(result -> out.println(ClosingLine.of(result).text()));
        out.flush();
        return results.stream().noneMatch(StoreResult::failed);
    }

    private StoreResult measured(String store) throws InterruptedException {
        Failures failures = new Failures(store, err);
        Map<String, String> setting = new LinkedHashMap<>();
        Map<String, Costs> costs = new LinkedHashMap<>();
        List<Round> rounds = new ArrayList<>();
        failures.guardAll(options.contestants(), () -> {
            try (Backend backend = Backends.start(store, work)) {
                failures.guard(CairnContestant.NAME, () -> setting.putAll(setting(backend)));
                rounds.addAll(new Contest(backend, options.extent(), options.contestants(), failures).run());
                costs.putAll(costs(backend, options.contestants(), failures));
            }
        });
        return new StoreResult(store, setting, new Rounds(rounds, failures.all()), costs);
    }

    private static Map<String, String> setting(Backend backend) throws Exception {
        try (Storage storage = backend.create();
                StateStore store = storage.open()) {
            Facts facts = store.facts();
            Map<String, String> setting = new LinkedHashMap<>();
            setting.put("product", facts.product());
            setting.put("tier", facts.tier().name());
            setting.putAll(facts.settings());
            return setting;
        }
    }

    private Map<String, Costs> costs(Backend backend, Set<String> contestants, Failures failures)
            throws InterruptedException {
        Map<String, Costs> costs = new LinkedHashMap<>();
        for (String contestant : contestants) {
            failures.guard(contestant, () -> {
                StepCosts counting = new StepCosts(backend, contestant);
                int steps = options.extent().steps();
                if (counting.isPossible()) {
                    costs.put(contestant, new Costs(counting.newStep(steps), counting.replayedStep(steps)));
                }
            });
        }
        return costs;
    }

    private void write(List<StoreResult> results) throws IOException {
        JsonResult json = new JsonResult(Machine.facts(work), options.extent());
        String chart = BarChart.of(results);
        Options.Outputs outputs = options.outputs();
        write(outputs.json(), json.of(results));
        write(outputs.svg(), chart.getBytes(StandardCharsets.UTF_8));
        Path docs = outputs.docs();
        if (docs != null) {
            for (StoreResult result : results) {
                write(docs.resolve(result.store() + ".json"), json.of(result));
                write(
                        docs.resolve(result.store() + ".svg"),
                        BarChart.of(List.of(result)).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.write(file, bytes);
    }
}
