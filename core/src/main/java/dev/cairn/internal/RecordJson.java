// SPDX-License-Identifier: Apache-2.0
package dev.cairn.internal;

import dev.cairn.error.CorruptException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.state.Attempt;
import dev.cairn.state.Bytes;
import dev.cairn.state.Failure;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The JSON of steps, outcomes, failures and attempts, in entries and in saved states alike. */
public final class RecordJson {
    /** The format of what is kept outside a journal: a cached outcome. */
    private static final int FORMAT = 1;

    private RecordJson() {}

    /** The members of a step. */
    public static void writeStep(JsonOut out, StepRecord step) {
        out.text("key", step.key())
                .number("pos", step.position())
                .mark("member", step.grouping() == StepRecord.Grouping.MEMBER)
                .number("round", step.round())
                .mark("cached", step.source() == StepRecord.Source.CACHE)
                .number("at", step.at().toEpochMilli())
                .number("ms", step.took().toMillis());
        writeOutcome(out, step.outcome());
    }

    /** A step. */
    public static StepRecord readStep(JsonIn in) {
        StepFields fields = new StepFields();
        in.members(fields::read);
        return fields.build();
    }

    /** The member of an outcome: a value, a failure, or nothing at all. */
    public static void writeOutcome(JsonOut out, StepOutcome outcome) {
        if (outcome instanceof StepOutcome.Value value) {
            out.raw("value", value.json());
        } else if (outcome instanceof StepOutcome.Failed failed) {
            out.object("failure", members -> writeFailure(members, failed.failure()));
        } else if (!(outcome instanceof StepOutcome.Nothing)) {
            throw new AssertionError(outcome);
        }
    }

    /** The outcome in an object of its own: what a step cache keeps. */
    public static Bytes outcome(StepOutcome outcome) {
        return JsonOut.object(out -> writeOutcome(out.number("cairn", FORMAT), outcome));
    }

    /**
     * The outcome that such an object holds.
     *
     * @throws UnknownFormatException if it was written in a format that this version does not know
     */
    public static StepOutcome readOutcome(String what, Bytes json) {
        OutcomeFields fields = new OutcomeFields();
        AtomicInteger format = new AtomicInteger();
        JsonIn.object(what, json, (in, name) -> {
            if (name.equals("cairn")) {
                format.set(in.smallNumber());
            }
            if (format.get() != FORMAT) {
                throw new UnknownFormatException(what + " is of format " + format.get() + ", this version reads format "
                        + FORMAT + "; delete the key, or use the Cairn that wrote it");
            }
            fields.read(in, name);
        });
        if (format.get() != FORMAT) {
            throw new CorruptException(what + " is not as it was written; delete the key");
        }
        return fields.outcome;
    }

    /** The members of a failure. */
    public static void writeFailure(JsonOut out, Failure failure) {
        out.text("type", failure.type()).texts("supertypes", failure.supertypes());
        if (!failure.code().isEmpty()) {
            out.text("code", failure.code());
        }
        out.text("message", failure.message());
        failure.data().ifPresent(data -> out.raw("data", data));
        if (!failure.causes().isEmpty()) {
            out.objects(
                    "causes",
                    failure.causes(),
                    (o, cause) -> o.text("type", cause.type()).text("message", cause.message()));
        }
    }

    /** A failure. */
    public static Failure readFailure(JsonIn in) {
        FailureFields fields = new FailureFields();
        in.members(fields::read);
        return new Failure(
                fields.type,
                fields.supertypes,
                fields.code,
                fields.message,
                Optional.ofNullable(fields.data),
                fields.causes);
    }

    /** The members of an attempt. */
    public static void writeAttempt(JsonOut out, Attempt attempt) {
        out.text("key", attempt.key())
                .number("number", attempt.number())
                .number("at", attempt.at().toEpochMilli())
                .object("failure", members -> writeFailure(members, attempt.failure()));
    }

    /** An attempt. */
    public static Attempt readAttempt(JsonIn in) {
        AttemptFields fields = new AttemptFields();
        in.members(fields::read);
        return fields.build();
    }

    private static final class OutcomeFields {
        private StepOutcome outcome = new StepOutcome.Nothing();

        private void read(JsonIn in, String name) {
            if (name.equals("value")) {
                outcome = new StepOutcome.Value(in.raw());
            } else if (name.equals("failure")) {
                outcome = new StepOutcome.Failed(readFailure(in));
            }
        }
    }

    private static final class StepFields {
        private final OutcomeFields outcome = new OutcomeFields();
        private String key = "";
        private int position;
        private int round;
        private StepRecord.Grouping grouping = StepRecord.Grouping.SINGLE;
        private StepRecord.Source source = StepRecord.Source.BODY;
        private long at;
        private long ms;

        private void read(JsonIn in, String name) {
            switch (name) {
                case "key" -> key = in.text();
                case "pos" -> position = in.smallNumber();
                case "round" -> round = in.smallNumber();
                case "member" -> grouping = in.mark() ? StepRecord.Grouping.MEMBER : grouping;
                case "cached" -> source = in.mark() ? StepRecord.Source.CACHE : source;
                case "at" -> at = in.number();
                case "ms" -> ms = in.number();
                default -> outcome.read(in, name);
            }
        }

        private StepRecord build() {
            return new StepRecord(
                    key,
                    position,
                    grouping,
                    round,
                    source,
                    Instant.ofEpochMilli(at),
                    Duration.ofMillis(ms),
                    outcome.outcome);
        }
    }

    private static final class FailureFields {
        private String type = "";
        private List<String> supertypes = List.of();
        private String code = "";
        private String message = "";
        private @Nullable Bytes data;
        private List<Failure.Cause> causes = List.of();

        private void read(JsonIn in, String name) {
            switch (name) {
                case "type" -> type = in.text();
                case "supertypes" -> supertypes = in.array(JsonIn::text);
                case "code" -> code = in.text();
                case "message" -> message = in.text();
                case "data" -> data = in.raw();
                case "causes" -> causes = in.array(FailureFields::readCause);
                default -> {} // a later minor version may add members
            }
        }

        private static Failure.Cause readCause(JsonIn in) {
            List<String> parts = new ArrayList<>(List.of("", ""));
            in.members((member, name) -> {
                if (name.equals("type")) {
                    parts.set(0, member.text());
                } else if (name.equals("message")) {
                    parts.set(1, member.text());
                }
            });
            return new Failure.Cause(parts.get(0), parts.get(1));
        }
    }

    private static final class AttemptFields {
        private String key = "";
        private long number;
        private long at;
        private @Nullable Failure failure;

        private void read(JsonIn in, String name) {
            switch (name) {
                case "key" -> key = in.text();
                case "number" -> number = in.number();
                case "at" -> at = in.number();
                case "failure" -> failure = readFailure(in);
                default -> {} // as above
            }
        }

        private Attempt build() {
            if (failure == null) {
                throw new IllegalArgumentException("an attempt without its failure");
            }
            return new Attempt(key, number, Instant.ofEpochMilli(at), failure);
        }
    }
}
