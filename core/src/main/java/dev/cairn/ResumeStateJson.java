// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CorruptException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.internal.JsonIn;
import dev.cairn.internal.JsonOut;
import dev.cairn.internal.RecordJson;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Received;
import dev.cairn.spi.Revision;
import dev.cairn.state.Attempt;
import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The JSON of a saved state: format 1, members in this order. */
final class ResumeStateJson {
    private static final String WHAT = "the saved state";

    private ResumeStateJson() {}

    static Bytes write(ResumeState state) {
        return JsonOut.object(out -> {
            out.number("cairn", EntryCodec.FORMAT)
                    .text("type", "state")
                    .text("id", state.id())
                    .text("workflow", state.workflow())
                    .number("version", state.version())
                    .text("status", state.status().name())
                    .text("incarnation", state.revision().incarnation().toString())
                    .number("count", state.revision().count())
                    .number("signals", state.signals())
                    .number("created", state.created().toEpochMilli())
                    .text("scope", state.origin().scope())
                    .object("labels", labels -> state.labels().forEach(labels::text))
                    .text("progress", state.progress())
                    .raw("input", state.input())
                    .objects("steps", state.steps(), RecordJson::writeStep)
                    .objects(
                            "attempts",
                            state.allAttempts().values().stream()
                                    .flatMap(tries -> tries.last().stream())
                                    .toList(),
                            RecordJson::writeAttempt)
                    .objects("history", state.history(), RecordJson::writeStep)
                    .objects("messages", state.messages(), EntryCodec::writeMessage);
            state.suspension().ifPresent(waits -> out.object("waits", o -> writeSuspension(o, waits)));
            state.end().ifPresent(end -> out.object("end", o -> writeEnd(o, end)));
        });
    }

    private static void writeSuspension(JsonOut out, EntryBody.Suspension waits) {
        out.texts("awaits", waits.awaits());
        waits.due().ifPresent(due -> out.number("due", due.toEpochMilli()));
        out.number("seen", waits.signalsSeen());
    }

    private static void writeEnd(JsonOut out, EntryBody.End end) {
        out.text("status", end.status().name()).text("step", end.step());
        RecordJson.writeOutcome(out, end.outcome());
    }

    static ResumeState read(Bytes json) {
        requireFormat(json);
        Fields fields = new Fields();
        JsonIn.object(WHAT, json, fields::read);
        return fields.build();
    }

    /** Looked for first: whoever kept the state, such as in a JSON column, may have changed the order of its members. */
    private static void requireFormat(Bytes json) {
        AtomicInteger format = new AtomicInteger();
        JsonIn.object(WHAT, json, (in, name) -> {
            if (name.equals("cairn")) {
                format.set(in.smallNumber());
            }
        });
        if (format.get() != EntryCodec.FORMAT) {
            throw new UnknownFormatException(WHAT + " is of format " + format.get() + ", this version reads format "
                    + EntryCodec.FORMAT + "; use the Cairn that wrote it, or a newer one");
        }
    }

    private static final class Fields {
        private String type = "";
        private String id = "";
        private String workflow = "";
        private int version;
        private String status = "";
        private String incarnation = "";
        private long count;
        private long signals;
        private long created;
        private String scope = "";
        private final Map<String, String> labels = new TreeMap<>();
        private String progress = "";
        private @Nullable Bytes input;
        private List<StepRecord> steps = List.of();
        private List<Attempt> attempts = List.of();
        private List<StepRecord> history = List.of();
        private List<Received> messages = List.of();
        private EntryBody.@Nullable Suspension suspension;
        private EntryBody.@Nullable End end;

        private void read(JsonIn in, String name) {
            switch (name) {
                case "type" -> type = in.text();
                case "id" -> id = in.text();
                case "workflow" -> workflow = in.text();
                case "version" -> version = in.smallNumber();
                case "status" -> status = in.text();
                case "incarnation" -> incarnation = in.text();
                case "count" -> count = in.number();
                case "signals" -> signals = in.number();
                case "created" -> created = in.number();
                case "scope" -> scope = in.text();
                case "labels" -> in.members((member, label) -> labels.put(label, member.text()));
                case "progress" -> progress = in.text();
                case "input" -> input = in.raw();
                default -> readLists(in, name);
            }
        }

        private void readLists(JsonIn in, String name) {
            switch (name) {
                case "steps" -> steps = in.array(RecordJson::readStep);
                case "attempts" -> attempts = in.array(RecordJson::readAttempt);
                case "history" -> history = in.array(RecordJson::readStep);
                case "messages" -> messages = in.array(EntryCodec::readMessage);
                case "waits" -> suspension = readSuspension(in);
                case "end" -> end = readEnd(in);
                default -> {} // a later minor version may add members
            }
        }

        private static EntryBody.Suspension readSuspension(JsonIn in) {
            Set<String> awaits = new TreeSet<>();
            Map<String, Long> numbers = new LinkedHashMap<>();
            in.members((member, name) -> {
                switch (name) {
                    case "awaits" -> awaits.addAll(member.array(JsonIn::text));
                    case "due", "seen" -> numbers.put(name, member.number());
                    default -> {} // as above
                }
            });
            Optional<Instant> due = Optional.ofNullable(numbers.get("due")).map(Instant::ofEpochMilli);
            return EntryBody.Suspension.of(awaits, due, numbers.getOrDefault("seen", 0L));
        }

        private static EntryBody.End readEnd(JsonIn in) {
            Map<String, String> texts = new LinkedHashMap<>();
            StepOutcome[] outcome = {new StepOutcome.Nothing()};
            in.members((member, name) -> {
                switch (name) {
                    case "value" -> outcome[0] = new StepOutcome.Value(member.raw());
                    case "failure" -> outcome[0] = new StepOutcome.Failed(RecordJson.readFailure(member));
                    case "status", "step" -> texts.put(name, member.text());
                    default -> {} // as above
                }
            });
            return new EntryBody.End(
                    RunStatus.valueOf(texts.getOrDefault("status", "")), outcome[0], texts.getOrDefault("step", ""));
        }

        private ResumeState build() {
            if (!type.equals("state") || input == null) {
                throw new CorruptException(
                        WHAT + " is of type \"" + type + "\" or lacks its input; give what toJson() wrote");
            }
            try {
                Revision revision = new Revision(new Incarnation(UUID.fromString(incarnation)), count);
                EntryBody.Origin origin = new EntryBody.Origin(scope, input, Optional.empty());
                Map<String, StepRecord> byKey = new LinkedHashMap<>();
                steps.forEach(step -> byKey.put(step.key(), step));
                Map<String, Attempts> tries = new LinkedHashMap<>();
                attempts.forEach(attempt ->
                        tries.merge(attempt.key(), Attempts.NONE.and(attempt), (old, ignored) -> old.and(attempt)));
                return new ResumeState.Builder(
                                id,
                                workflow,
                                version,
                                RunStatus.valueOf(status),
                                revision,
                                origin,
                                Instant.ofEpochMilli(created))
                        .head(
                                signals,
                                Labels.of(labels),
                                Names.checkText("progress", progress, Names.MAX_PROGRESS_BYTES))
                        .steps(byKey, tries, history)
                        .tail(messages, suspension, end)
                        .build();
            } catch (IllegalArgumentException e) {
                throw new CorruptException(WHAT + " holds a value that was never written", e);
            }
        }
    }
}
