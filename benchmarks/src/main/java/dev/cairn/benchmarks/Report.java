// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.benchmarks.Rounds.Of;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is printed of one store, above the closing lines. */
final class Report {
    private final StoreResult result;
    private final List<String> contestants;

    Report(StoreResult result) {
        this.result = result;
        this.contestants = result.contestants();
    }

    String text() {
        String setting = result.setting().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
        Table table = new Table();
        List<String> titles = new ArrayList<>(List.of("", ""));
        titles.addAll(contestants);
        table.row(titles);
        for (Figure figure : Figure.values()) {
            row(table, figure.title(), figure.unit(), name -> result.rounds().median(new Of(name, figure)));
        }
        for (Count count : Count.values()) {
            row(table, count.title(), "per new step", name -> result.newStep(name, count));
        }
        for (Count count : Count.values()) {
            row(table, count.title(), "per replayed step", name -> result.replayedStep(name, count));
        }
        return "\n" + (result.store() + "  " + setting).strip() + "\n" + table.text();
    }

    private void row(Table table, String title, String unit, Function<String, Reading> reading) {
        List<Reading> readings = contestants.stream().map(reading).toList();
        if (readings.stream().noneMatch(Reading.Measured.class::isInstance)) {
            return;
        }
        List<String> cells = new ArrayList<>(List.of(title, unit));
        readings.forEach(one -> cells.add(one.text()));
        table.row(cells);
    }
}
