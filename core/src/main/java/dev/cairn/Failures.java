// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CodecException;
import dev.cairn.internal.JsonOut;
import dev.cairn.internal.RecordJson;
import dev.cairn.state.Bytes;
import dev.cairn.state.Failure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the record of what was thrown. Never fails because of an exception's class or size (guarantee G7). */
record Failures(PayloadCodec codec, int limit) {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final int MAX_CAUSES = 16;
    private static final int CUT_AT = 16 << 10;

    Failure of(Throwable thrown) {
        // A failure of another run, carried through: it stays what it is.
        Failure whole = thrown instanceof StepFailedException failed ? failed.failure() : described(thrown);
        Bytes json = JsonOut.object(out -> RecordJson.writeFailure(out, whole));
        return json.size() <= limit ? whole : cut(whole, json.size());
    }

    private Failure described(Throwable thrown) {
        return new Failure(
                thrown.getClass().getName(),
                supertypes(thrown),
                code(thrown),
                message(thrown),
                data(thrown),
                causes(thrown));
    }

    private static String message(Throwable thrown) {
        try {
            return Objects.requireNonNullElse(thrown.getMessage(), "");
        } catch (RuntimeException | StackOverflowError broken) {
            LOG.warn(
                    "{} cannot give its message; it is recorded without",
                    thrown.getClass().getName());
            return "";
        }
    }

    private static String code(Throwable thrown) {
        return thrown instanceof StepFailure failure ? Objects.requireNonNullElse(failure.code(), "") : "";
    }

    private Optional<Bytes> data(Throwable thrown) {
        Object data = thrown instanceof StepFailure failure ? failure.data() : null;
        if (data == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(codec.encode(data, TypeRef.of(data.getClass())));
        } catch (CodecException e) {
            LOG.warn("the data of a StepFailure cannot be written as JSON; the failure is recorded without it", e);
            return Optional.empty();
        }
    }

    private static List<String> supertypes(Throwable thrown) {
        Set<String> names = new LinkedHashSet<>();
        for (Class<?> type = thrown.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            names.add(type.getName());
            interfaces(type, names);
        }
        names.remove(thrown.getClass().getName());
        return List.copyOf(names);
    }

    private static void interfaces(Class<?> type, Set<String> names) {
        for (Class<?> implemented : type.getInterfaces()) {
            names.add(implemented.getName());
            interfaces(implemented, names);
        }
    }

    private static List<Failure.Cause> causes(Throwable thrown) {
        List<Failure.Cause> causes = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.add(thrown);
        @Nullable Throwable cause = cause(thrown);
        while (cause != null && causes.size() < MAX_CAUSES && seen.add(cause)) {
            causes.add(new Failure.Cause(type(cause), message(cause)));
            cause = cause(cause);
        }
        return causes;
    }

    private static @Nullable Throwable cause(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (RuntimeException | StackOverflowError broken) {
            LOG.warn(
                    "{} cannot give its cause; it is recorded without",
                    thrown.getClass().getName());
            return null;
        }
    }

    private static String type(Throwable cause) {
        if (cause instanceof StepFailedException failed) {
            return failed.type();
        }
        return cause instanceof StepFailedException.RecordedCause recorded
                ? recorded.type()
                : cause.getClass().getName();
    }

    private static Failure cut(Failure whole, int bytes) {
        LOG.warn(
                "a failure of type {} has {} bytes as JSON; its texts are cut and its data is left out",
                whole.type(),
                bytes);
        return new Failure(
                whole.type(),
                whole.supertypes().subList(0, Math.min(whole.supertypes().size(), 32)),
                cut(whole.code()),
                cut(whole.message()),
                Optional.empty(),
                whole.causes().stream()
                        .map(cause -> new Failure.Cause(cause.type(), cut(cause.message())))
                        .toList());
    }

    private static String cut(String text) {
        if (text.length() <= CUT_AT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(CUT_AT - 1)) ? CUT_AT - 1 : CUT_AT;
        return text.substring(0, end) + " … (cut, " + text.length() + " characters in all)";
    }
}
