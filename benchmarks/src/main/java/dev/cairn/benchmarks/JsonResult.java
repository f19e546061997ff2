// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Results as JSON, every round included. A number that there is none of is null; of one that failed, the text says so. */
final class JsonResult {
    private final JsonMapper json =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private final Map<String, Object> about = new LinkedHashMap<>();

    JsonResult(Map<String, String> machine, Extent extent) {
        about.put("machine", machine);
        about.put("rounds", extent.rounds());
        about.put("steps", extent.steps());
        about.put("stepsOfManyRuns", extent.stepsOfMany());
    }

    /** Of several stores. */
    byte[] of(List<StoreResult> results) {
        Map<String, Object> all = new LinkedHashMap<>(about);
        all.put("stores", results.stream().map(JsonResult::store).toList());
        return bytes(all);
    }

    /** Of one store. */
    byte[] of(StoreResult result) {
        Map<String, Object> all = new LinkedHashMap<>(about);
        all.putAll(store(result));
        return bytes(all);
    }

    private byte[] bytes(Map<String, Object> all) {
        return (json.writeValueAsString(all) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> store(StoreResult result) {
        ClosingLine closing = ClosingLine.of(result);
        Map<String, Object> store = new LinkedHashMap<>();
        store.put("store", result.store());
        store.put("setting", result.setting());
        store.put("closingLine", closing.text());
        store.put("failures", result.rounds().failures());
        store.put("closing", readings(closing.figures()));
        Map<String, Object> medians = new LinkedHashMap<>();
        for (String contestant : result.contestants()) {
            medians.put(contestant, contestant(result, contestant));
        }
        store.put("contestants", medians);
        store.put("everyRound", rounds(result.rounds()));
        return store;
    }

    private static Map<String, Object> contestant(StoreResult result, String name) {
        Map<String, Reading> medians = new LinkedHashMap<>();
        for (Figure figure : Figure.values()) {
            medians.put(word(figure), result.rounds().median(new Rounds.Of(name, figure)));
        }
        Map<String, Reading> newStep = new LinkedHashMap<>();
        Map<String, Reading> replayed = new LinkedHashMap<>();
        for (Count count : Count.values()) {
            newStep.put(word(count), result.newStep(name, count));
            replayed.put(word(count), result.replayedStep(name, count));
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("medians", readings(medians));
        all.put("perNewStep", readings(newStep));
        all.put("perReplayedStep", readings(replayed));
        return all;
    }

    private static List<Object> rounds(Rounds rounds) {
        List<Object> all = new ArrayList<>();
        for (Round round : rounds.rounds()) {
            Map<String, Object> contestants = new LinkedHashMap<>();
            round.all().forEach((name, figures) -> {
                Map<String, Object> numbers = new LinkedHashMap<>();
                figures.forEach((figure, value) -> numbers.put(word(figure), rounded(value)));
                contestants.put(name, numbers);
            });
            all.add(contestants);
        }
        return all;
    }

    private static Map<String, Object> readings(Map<String, Reading> readings) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        readings.forEach((name, reading) -> {
            if (reading.number().isPresent()) {
                numbers.put(name, rounded(reading.number().getAsDouble()));
            } else {
                numbers.put(name, reading instanceof Reading.Failed ? reading.text() : null);
            }
        });
        return numbers;
    }

    /** Digits beyond these are noise. */
    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }

    private static String word(Enum<?> constant) {
        return Objects.requireNonNull(constant.name()).toLowerCase(Locale.ROOT);
    }
}
