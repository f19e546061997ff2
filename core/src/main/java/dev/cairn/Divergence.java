// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.state.StepRecord;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the code asks for other steps than are recorded (contract RUN-06): found here, reported with both sides. */
final class Divergence {
    private static final int AROUND = 3;
    private static final int MOST_KEYS = 20;

    private Divergence() {}

    /** Why a question does not fit; empty if it does. */
    static String ofQuestion(RunRecord record, StepCall.Spot asked, @Nullable StepRecord recorded) {
        if (recorded != null) {
            if (recorded.position() != asked.position()) {
                return "step " + asked.key() + " is recorded at position " + recorded.position();
            }
            return recorded.grouping() == asked.grouping()
                    ? ""
                    : "step " + asked.key() + " is recorded " + grouping(recorded.grouping()) + " and asked for "
                            + grouping(asked.grouping());
        }
        List<String> here = record.at(asked.position());
        boolean later = record.lastPosition() > asked.position();
        if (!later && here.isEmpty()) {
            return "";
        }
        StepRecord first = here.isEmpty() ? null : record.step(here.get(0));
        boolean unfinishedGroup = !later
                && asked.grouping() == StepRecord.Grouping.MEMBER
                && first != null
                && first.grouping() == StepRecord.Grouping.MEMBER;
        return unfinishedGroup
                ? ""
                : "step " + asked.key() + " is not recorded, but what comes at its position or after it is";
    }

    private static String grouping(StepRecord.Grouping grouping) {
        return grouping == StepRecord.Grouping.MEMBER ? "as a member of a parallel group" : "alone";
    }

    /** Why a group that has ended does not fit; empty if it does. */
    static String ofGroup(RunRecord record, int position, Set<String> asked) {
        List<String> missing =
                record.at(position).stream().filter(key -> !asked.contains(key)).toList();
        return missing.isEmpty() ? "" : "the group did not start its recorded members [" + some(missing) + "]";
    }

    /** Why the end does not fit; empty if it does. */
    static String ofEnd(RunRecord record, Set<String> asked) {
        Set<String> missing = neverAsked(record, asked);
        return missing.isEmpty()
                ? ""
                : "the workflow ended without asking for the recorded steps [" + some(missing) + "]";
    }

    /** As many keys as a reader takes in: a run may have thousands. */
    private static String some(Collection<String> keys) {
        String first = keys.stream().limit(MOST_KEYS).collect(Collectors.joining(", "));
        return keys.size() <= MOST_KEYS ? first : first + " and " + (keys.size() - MOST_KEYS) + " more";
    }

    private static Set<String> neverAsked(RunRecord record, Set<String> asked) {
        Set<String> missing = new LinkedHashSet<>();
        for (StepRecord step : record.steps()) {
            if (!asked.contains(step.key())) {
                missing.add(step.key());
            }
        }
        return missing;
    }

    /** Both sides: position, expected, asked, the journal around it, and what was never asked for. */
    static String report(RunRecord record, Set<String> asked, StepCall.Spot spot, String why) {
        StringBuilder report = new StringBuilder("run ")
                .append(record.head().runId())
                .append(" diverged at position ")
                .append(spot.position())
                .append(": ")
                .append(why)
                .append("\n  expected ")
                .append(record.at(spot.position()).isEmpty() ? "nothing" : some(record.at(spot.position())))
                .append("\n  asked    ")
                .append(spot.key().isEmpty() ? "nothing more" : spot.key())
                .append("\n  recorded");
        for (int p = Math.max(0, spot.position() - AROUND); p <= spot.position() + AROUND; p++) {
            if (!record.at(p).isEmpty()) {
                report.append("\n    ").append(p).append("  ").append(some(record.at(p)));
            }
        }
        report.append("\n  recorded and not asked for so far: ")
                .append('[')
                .append(some(neverAsked(record, asked)))
                .append(']');
        return report.append(
                        "\nThe record is as it was. Bring the old order back, or give the workflow a new version; steps may be "
                                + "added at the end.")
                .toString();
    }
}
