// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.CorruptException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.internal.JsonIn;
import dev.cairn.internal.JsonOut;
import dev.cairn.internal.RecordJson;
import dev.cairn.state.Attempt;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The JSON of entries: canonical, UTF-8, beginning with the format's number. Stateless. */
public final class EntryCodec {
    /** The format that this version writes, and the newest it reads. */
    public static final int FORMAT = 1;

    private EntryCodec() {}

    /** The kind of entry that a body goes into; a grant may also be a {@link EntryKind#REOPEN}. */
    public static EntryKind kindOf(EntryBody body) {
        if (body instanceof EntryBody.Grant) {
            return EntryKind.GRANT;
        }
        if (body instanceof EntryBody.Suspension) {
            return EntryKind.SUSPENSION;
        }
        return body instanceof EntryBody.End || body instanceof EntryBody.Moved ? EntryKind.END : EntryKind.PLAIN;
    }

    /** Writes a body. */
    public static Bytes encode(EntryBody body) {
        return JsonOut.object(out -> write(out.number("cairn", FORMAT), body));
    }

    private static void write(JsonOut out, EntryBody body) {
        if (body instanceof EntryBody.Steps steps) {
            out.text("type", "steps").objects("steps", steps.steps(), RecordJson::writeStep);
        } else if (body instanceof EntryBody.Grant grant) {
            writeGrant(out.text("type", "grant"), grant);
        } else if (body instanceof EntryBody.Tried tried) {
            out.text("type", "attempt").object("attempt", o -> RecordJson.writeAttempt(o, tried.attempt()));
        } else if (body instanceof EntryBody.Forgotten forgotten) {
            out.text("type", "forget").texts("keys", forgotten.keys());
        } else if (body instanceof EntryBody.Carried carried) {
            out.text("type", "messages").objects("messages", carried.messages(), EntryCodec::writeMessage);
        } else if (body instanceof EntryBody.Suspension suspension) {
            out.text("type", "suspension").texts("awaits", suspension.awaits());
            suspension.due().ifPresent(due -> out.number("due", due.toEpochMilli()));
            out.number("seen", suspension.signalsSeen());
        } else if (body instanceof EntryBody.End end) {
            out.text("type", "end").text("status", end.status().name());
            if (!end.step().isEmpty()) {
                out.text("step", end.step());
            }
            RecordJson.writeOutcome(out, end.outcome());
        } else if (body instanceof EntryBody.Moved moved) {
            writeMoved(out.text("type", "moved"), moved);
        } else {
            throw new AssertionError(body);
        }
    }

    private static void writeGrant(JsonOut out, EntryBody.Grant grant) {
        out.text("holder", grant.holder())
                .text("host", grant.host())
                .text("workflow", grant.workflow())
                .number("version", grant.version());
        grant.origin().ifPresent(origin -> {
            out.text("scope", origin.scope());
            origin.created().ifPresent(created -> out.number("created", created.toEpochMilli()));
            out.raw("input", origin.input());
        });
    }

    private static void writeMoved(JsonOut out, EntryBody.Moved moved) {
        out.text("target", moved.target());
        if (moved.status() != RunStatus.READY) {
            out.text("status", moved.status().name());
        }
        if (!moved.reason().isEmpty()) {
            out.text("reason", moved.reason());
        }
        moved.due().ifPresent(due -> out.number("due", due.toEpochMilli()));
    }

    /** Writes the members of a message; its payload is bytes, so it goes in as Base64. */
    public static void writeMessage(JsonOut out, Received received) {
        out.text("id", received.message().id())
                .text("name", received.message().name())
                .number("order", received.order())
                .text(
                        "payload",
                        Base64.getEncoder()
                                .encodeToString(received.message().payload().toArray()));
    }

    /** Reads a message. */
    public static Received readMessage(JsonIn in) {
        Map<String, String> texts = new HashMap<>();
        AtomicLong order = new AtomicLong();
        in.members((member, name) -> {
            switch (name) {
                case "order" -> order.set(member.number());
                case "id", "name", "payload" -> texts.put(name, member.text());
                default -> {} // a later minor version may add members
            }
        });
        Bytes payload = Bytes.adopt(Base64.getDecoder().decode(texts.getOrDefault("payload", "")));
        return new Received(
                new Message(texts.getOrDefault("id", ""), texts.getOrDefault("name", ""), payload), order.get());
    }

    /**
     * Reads a body.
     *
     * @throws UnknownFormatException if it was written in a format that this version does not know
     * @throws CorruptException if it is not as it was written
     */
    public static EntryBody decode(Entry entry) {
        Fields fields = new Fields(entry);
        JsonIn.object(fields::what, entry.body(), fields::read);
        try {
            return fields.build();
        } catch (IllegalArgumentException e) {
            throw new CorruptException(fields.what() + " holds a value that was never written", e);
        }
    }

    /** Reads the body of a suspension. */
    public static EntryBody.Suspension suspension(Entry entry) {
        return (EntryBody.Suspension) decode(entry);
    }

    /** The status that an end gives its run: a moved one is cancelled here, until it is deleted. */
    public static RunStatus endStatus(Entry entry) {
        return decode(entry) instanceof EntryBody.End end ? end.status() : RunStatus.CANCELLED;
    }

    /** What the head says beside it: where a moved run went, else nothing. */
    static String endReason(Entry entry) {
        return decode(entry) instanceof EntryBody.Moved moved ? HeadChange.movedTo(moved.target()) : "";
    }

    private static final class Fields {
        private final Entry entry;
        private int format;
        private String type = "";
        private String holder = "";
        private String host = "";
        private String workflow = "";
        private int version;
        private String scope = "";
        private @Nullable Instant created;
        private @Nullable Bytes input;
        private List<StepRecord> steps = List.of();
        private @Nullable Attempt attempt;
        private List<String> keys = List.of();
        private List<Received> messages = List.of();
        private @Nullable Long due;
        private long seen;
        private String status = "";
        private String step = "";
        private String target = "";
        private String reason = "";
        private StepOutcome outcome = new StepOutcome.Nothing();

        private Fields(Entry entry) {
            this.entry = entry;
        }

        private String what() {
            return "run " + entry.lease().runId() + ", place " + entry.place() + ": the entry";
        }

        private void read(JsonIn in, String name) {
            if (name.equals("cairn")) {
                format = in.smallNumber();
            }
            if (format != FORMAT) {
                throw unknown("format " + format);
            }
            switch (name) {
                case "type" -> type = in.text();
                case "holder" -> holder = in.text();
                case "host" -> host = in.text();
                case "workflow" -> workflow = in.text();
                case "version" -> version = in.smallNumber();
                case "scope" -> scope = in.text();
                case "created" -> created = Instant.ofEpochMilli(in.number());
                case "input" -> input = in.raw();
                case "steps" -> steps = in.array(RecordJson::readStep);
                case "attempt" -> attempt = RecordJson.readAttempt(in);
                case "keys", "awaits" -> keys = in.array(JsonIn::text);
                case "due" -> due = in.number();
                case "seen" -> seen = in.number();
                case "messages" -> messages = in.array(EntryCodec::readMessage);
                case "status" -> status = in.text();
                case "step" -> step = in.text();
                case "target" -> target = in.text();
                case "reason" -> reason = in.text();
                case "value" -> outcome = new StepOutcome.Value(in.raw());
                case "failure" -> outcome = new StepOutcome.Failed(RecordJson.readFailure(in));
                default -> {} // a later minor version may add members
            }
        }

        private EntryBody build() {
            return switch (type) {
                case "steps" -> new EntryBody.Steps(steps);
                case "grant" ->
                    new EntryBody.Grant(
                            holder,
                            host,
                            workflow,
                            version,
                            Optional.ofNullable(input)
                                    .map(json -> new EntryBody.Origin(scope, json, Optional.ofNullable(created))));
                case "attempt" -> new EntryBody.Tried(present(attempt));
                case "forget" -> new EntryBody.Forgotten(keys);
                case "messages" -> new EntryBody.Carried(messages);
                case "suspension" -> EntryBody.Suspension.of(Set.copyOf(keys), due(), seen);
                case "end" -> new EntryBody.End(RunStatus.valueOf(status), outcome, step);
                case "moved" ->
                    new EntryBody.Moved(
                            target, status.isEmpty() ? RunStatus.READY : RunStatus.valueOf(status), reason, due());
                default -> throw unknown("type \"" + type + "\"");
            };
        }

        private Optional<Instant> due() {
            return Optional.ofNullable(due).map(Instant::ofEpochMilli);
        }

        private <T> T present(@Nullable T value) {
            if (value == null) {
                throw new CorruptException(what() + " lacks a member of its type " + type);
            }
            return value;
        }

        private UnknownFormatException unknown(String of) {
            return new UnknownFormatException(what() + " is of " + of + ", this version reads format " + FORMAT
                    + "; use the Cairn that wrote it, or a newer one");
        }
    }
}
