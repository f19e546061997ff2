// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Times that are easily altered. */
final class Times {
    /** Long ago, at the ends of small integers, in the gaps and overlaps of summer time, far ahead. */
    static final List<Instant> ODD = Stream.of(
                    "1883-11-18T17:00:00Z",
                    "1969-12-31T23:59:59.999Z",
                    "1970-01-01T00:00:00Z",
                    "2001-09-09T01:46:39.999Z",
                    "2027-03-14T02:30:00.001Z",
                    "2027-03-14T07:30:00Z",
                    "2027-03-28T01:30:00Z",
                    "2027-03-28T02:30:00.123Z",
                    "2027-10-31T00:30:00Z",
                    "2027-10-31T01:30:00.999Z",
                    "2038-01-19T03:14:08Z",
                    "2106-02-07T06:28:16Z",
                    "9999-12-31T23:59:59.999Z")
            .map(Instant::parse)
            .toList();

    private Times() {}

    /** Fails unless it is the same millisecond. */
    static void near(Trial trial, Instant expected, Optional<Instant> got) {
        boolean same = got.filter(time -> Duration.between(expected, time).abs().compareTo(Duration.ofMillis(1)) < 0)
                .isPresent();
        trial.that(same, "the time " + expected, got);
    }
}
