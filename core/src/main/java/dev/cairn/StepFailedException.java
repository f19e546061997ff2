// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;
import dev.cairn.state.Bytes;
import dev.cairn.state.Failure;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A recorded failure, built from its record, first time and every time; the original exception never reaches the workflow.
 * Thrown by {@code step}, and by {@code cairn.run} for a run that failed.
 */
public final class StepFailedException extends CairnException {
    private static final long serialVersionUID = 1L;

    private final String stepKey;
    private final transient Failure failure;
    private final transient PayloadCodec codec;

    StepFailedException(String stepKey, Failure failure, PayloadCodec codec) {
        super(failure.message(), RecordedCause.of(failure.causes()));
        this.stepKey = stepKey;
        this.failure = failure;
        this.codec = codec;
    }

    /** The key of the step; empty where the workflow itself failed. */
    public String stepKey() {
        return stepKey;
    }

    /** Whether the original exception was of this class, or of one that extends or implements it. */
    public boolean is(Class<?> type) {
        return failure.is(type);
    }

    /** The code of a {@link StepFailure}; empty for other exceptions. */
    public String code() {
        return failure.code();
    }

    /** The class name of the original exception. */
    public String type() {
        return failure.type();
    }

    /**
     * The data of a {@link StepFailure}, if it had any.
     *
     * @throws dev.cairn.error.CodecException if it cannot be read as this type
     */
    public <T> Optional<T> data(Class<T> type) {
        return data(TypeRef.of(type));
    }

    /** Like {@link #data(Class)}, for a generic type. */
    public <T> Optional<T> data(TypeRef<T> type) {
        Optional<Bytes> json = failure.data();
        String what = "the data of the failure" + (stepKey.isEmpty() ? "" : " of step " + stepKey);
        return json.map(bytes -> new Payloads(codec, Integer.MAX_VALUE).decode(() -> what, bytes, type));
    }

    /** The record. */
    public Failure failure() {
        return failure;
    }

    /** The original type before the message. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // getMessage() is the recorded message, as it was
    public String toString() {
        return StepFailedException.class.getName() + (stepKey.isEmpty() ? "" : " (step " + stepKey + ")") + ": "
                + failure.type() + ": " + failure.message();
    }

    /** A cause as it was recorded. */
    static final class RecordedCause extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String type;

        private RecordedCause(String type, String message, @Nullable Throwable cause) {
            super(message, cause, false, false);
            this.type = type;
        }

        private static @Nullable Throwable of(List<Failure.Cause> causes) {
            RecordedCause cause = null;
            for (int i = causes.size() - 1; i >= 0; i--) {
                cause = new RecordedCause(causes.get(i).type(), causes.get(i).message(), cause);
            }
            return cause;
        }

        /** The class name of the original exception. */
        String type() {
            return type;
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // as above
        public String toString() {
            return type + ": " + getMessage();
        }
    }
}
