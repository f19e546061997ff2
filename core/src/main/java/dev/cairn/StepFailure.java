// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import org.jspecify.annotations.Nullable;

/** A typed failure, thrown by a body: recorded as the step's outcome, with its code, message and data. */
public class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    @SuppressWarnings("serial") // never serialised by us: a failure is recorded as JSON
    private final transient @Nullable Object data;

    /** A failure with a code and a message. */
    public StepFailure(String code, String message) {
        this(code, message, null);
    }

    /**
     * A failure with data.
     *
     * @param code such as {@code NOT_FOUND}
     * @param data what the payload codec can write as JSON
     */
    public StepFailure(String code, String message, @Nullable Object data) {
        super(message);
        this.code = code;
        this.data = data;
    }

    /** The code. */
    public final String code() {
        return code;
    }

    /** The data, as it was given. */
    final @Nullable Object data() {
        return data;
    }
}
