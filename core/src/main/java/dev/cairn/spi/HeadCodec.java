// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.CorruptException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.internal.JsonIn;
import dev.cairn.internal.JsonOut;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of heads, for stores that keep them as bytes: UTF-8, beginning with the format's number, without a checksum.
 * Stateless.
 */
public final class HeadCodec {
    /** The format that this version writes, and the newest it reads. */
    public static final int FORMAT = 1;

    private HeadCodec() {}

    /**
     * Writes a head. Its times are written in whole milliseconds, finer ones rounded up so that nothing is due too early, and
     * those that a number of milliseconds cannot hold as the last that it can.
     */
    public static Bytes encode(Head head) {
        return JsonOut.object(out -> write(out.number("cairn", FORMAT), head));
    }

    private static void write(JsonOut out, Head head) {
        out.text("id", head.runId())
                .text("workflow", head.workflow())
                .number("version", head.version())
                .text("status", head.status().name())
                .text("incarnation", head.incarnation().toString())
                .number("token", head.token());
        head.lease().ifPresent(term -> out.object("lease", lease -> writeLease(lease, term)));
        head.due().ifPresent(due -> out.number("due", Millis.ceil(due)));
        out.texts("awaits", head.awaits())
                .number("signals", head.signals())
                .object("labels", labels -> head.labels().all().forEach(labels::text))
                .text("progress", head.progress())
                .text("reason", head.reason())
                .objects("beside", head.beside().entrySet(), HeadCodec::writeBeside)
                .number("source", head.sourceToken())
                .number("created", Millis.ceil(head.created()))
                .number("changed", Millis.ceil(head.changed()));
    }

    private static void writeLease(JsonOut out, LeaseTerm term) {
        out.text("id", term.id().toString())
                .number("deadline", Millis.ceil(term.deadline()))
                .number("ttl", term.ttl().toMillis());
    }

    private static void writeBeside(JsonOut out, Map.Entry<Incarnation, Instant> named) {
        out.text("incarnation", named.getKey().toString()).number("since", Millis.ceil(named.getValue()));
    }

    /**
     * Reads a head.
     *
     * @throws UnknownFormatException if it was written in a format that this version does not know
     * @throws CorruptException if it is not as it was written
     */
    public static Head decode(Bytes json) {
        Fields fields = new Fields();
        JsonIn.object("a stored head", json, fields::readFormatted);
        try {
            return fields.head();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CorruptException(fields.what() + " holds a value that was never written", e);
        }
    }

    /** The members of an object, by name. */
    private static final class Fields {
        private final Map<String, String> texts = new HashMap<>();
        private final Map<String, Long> numbers = new HashMap<>();
        private final Map<String, String> labels = new TreeMap<>();
        private List<String> awaits = List.of();
        private List<Fields> beside = List.of();
        private @Nullable Fields lease;

        private static Fields of(JsonIn in) {
            Fields fields = new Fields();
            in.members(fields::read);
            return fields;
        }

        private String what() {
            return texts.containsKey("id") ? "the stored head of run " + texts.get("id") : "a stored head";
        }

        private void readFormatted(JsonIn in, String name) {
            read(in, name);
            if (numbers.getOrDefault("cairn", 0L) != FORMAT) {
                throw new UnknownFormatException(what() + " is of format " + numbers.getOrDefault("cairn", 0L)
                        + ", this version reads format " + FORMAT + "; use the Cairn that wrote it, or a newer one");
            }
        }

        private void read(JsonIn in, String name) {
            switch (name) {
                case "id", "workflow", "status", "incarnation", "progress", "reason" -> texts.put(name, in.text());
                case "cairn",
                        "version",
                        "token",
                        "due",
                        "signals",
                        "source",
                        "created",
                        "changed",
                        "deadline",
                        "ttl",
                        "since" -> numbers.put(name, in.number());
                case "lease" -> lease = of(in);
                case "awaits" -> awaits = in.array(JsonIn::text);
                case "labels" -> in.members((label, key) -> labels.put(key, label.text()));
                case "beside" -> beside = in.array(Fields::of);
                default -> {} // a later minor version may add members
            }
        }

        private Head head() {
            Map<Incarnation, Instant> named = new LinkedHashMap<>();
            beside.forEach(each -> named.put(each.incarnation(), each.time("since")));
            return new Head(
                    present(texts, "id"),
                    present(texts, "workflow"),
                    Math.toIntExact(present(numbers, "version")),
                    RunStatus.valueOf(present(texts, "status")),
                    incarnation(),
                    present(numbers, "token"),
                    Optional.ofNullable(lease).map(Fields::term),
                    Optional.ofNullable(numbers.get("due")).map(Instant::ofEpochMilli),
                    new TreeSet<>(awaits),
                    present(numbers, "signals"),
                    Labels.of(labels),
                    present(texts, "progress"),
                    present(texts, "reason"),
                    named,
                    present(numbers, "source"),
                    time("created"),
                    time("changed"));
        }

        private LeaseTerm term() {
            LeaseId id = new LeaseId(UUID.fromString(present(texts, "id")));
            return new LeaseTerm(id, time("deadline"), Duration.ofMillis(present(numbers, "ttl")));
        }

        private Incarnation incarnation() {
            return new Incarnation(UUID.fromString(present(texts, "incarnation")));
        }

        private Instant time(String name) {
            return Instant.ofEpochMilli(present(numbers, name));
        }

        private static <T> T present(Map<String, T> members, String name) {
            T value = members.get(name);
            if (value == null) {
                throw new IllegalArgumentException(name + " is missing");
            }
            return value;
        }
    }
}
