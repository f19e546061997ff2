// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.benchmarks.Rounds.Of;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws the medians as bars: one panel for each store and figure, its longest bar as wide as the panel. */
final class BarChart {
    private static final List<Figure> SHOWN =
            List.of(Figure.ONE_RUN, Figure.ONE_RUN_LARGE, Figure.RUNS_32, Figure.RUNS_128, Figure.RESUME);
    private static final Map<String, String> COLOURS = Map.of(
            RawContestant.NAME, "#8a8f98",
            CairnContestant.NAME, "#1f77b4",
            DbosContestant.NAME, "#d98324");

    private static final int WIDTH = 720;
    private static final int LEFT = 80;
    private static final int LONGEST = 520;
    private static final int BAR = 16;
    private static final int LINE = 22;
    private static final int TITLE = 30;
    private static final int MARGIN = 16;

    private final StringBuilder body = new StringBuilder();
    private int y = MARGIN;

    private BarChart() {}

    /** The chart as SVG. */
    static String of(List<StoreResult> results) {
        BarChart chart = new BarChart();
        for (StoreResult result : results) {
            for (Figure figure : SHOWN) {
                chart.panel(result, figure);
            }
        }
        int height = chart.y + MARGIN;
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
                font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                %s</svg>
                """.formatted(WIDTH, height, WIDTH, height, chart.body);
    }

    private void panel(StoreResult result, Figure figure) {
        List<String> shown = result.contestants().stream()
                .filter(name -> reading(result, name, figure).number().isPresent())
                .toList();
        if (shown.isEmpty()) {
            return;
        }
        double longest = shown.stream()
                .mapToDouble(name -> reading(result, name, figure).number().orElse(0))
                .max()
                .orElse(1);
        y += TITLE;
        String better = figure.unit().endsWith("/s") ? "more is better" : "less is better";
        text(MARGIN, "font-weight=\"bold\"", result.store() + ": " + figure.title() + ", " + figure.unit());
        text(WIDTH - 8 * MARGIN, "fill=\"#666666\"", better);
        for (String name : shown) {
            y += LINE;
            bar(name, reading(result, name, figure).number().orElse(0), longest);
        }
    }

    private static Reading reading(StoreResult result, String contestant, Figure figure) {
        return result.rounds().median(new Of(contestant, figure));
    }

    private void bar(String contestant, double value, double longest) {
        int width = Math.max(1, (int) Math.round(value / longest * LONGEST));
        text(MARGIN, "", contestant);
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n",
                LEFT,
                y - BAR + 3,
                width,
                BAR,
                COLOURS.getOrDefault(contestant, "#555555")));
        String shown = value < 1_000 ? "%.1f" : "%,.0f";
        text(LEFT + width + 6, "", String.format(Locale.ROOT, shown, value));
    }

    private void text(int x, String style, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        body.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" %s>%s</text>%n", x, y, style, escaped));
    }
}
