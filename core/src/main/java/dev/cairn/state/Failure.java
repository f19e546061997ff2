// SPDX-License-Identifier: Apache-2.0
package dev.cairn.state;

import java.util.List;
import java.util.Optional;

/**
 * A failure as it is recorded: everything that {@code StepFailedException} is built from, first time and every time. No
 * exception is ever read back by Java deserialisation.
 *
 * @param type the class name of the original exception
 * @param supertypes the class names it extends or implements, nearest first
 * @param code of a {@code StepFailure}, else empty
 * @param message of the original exception, empty if it had none
 * @param data JSON of a {@code StepFailure}, if it had any
 * @param causes what caused it, nearest first
 */
public record Failure(
        String type, List<String> supertypes, String code, String message, Optional<Bytes> data, List<Cause> causes) {
    /** Copies the lists. */
    public Failure {
        supertypes = List.copyOf(supertypes);
        causes = List.copyOf(causes);
    }

    /** Whether the original exception was of this class, or of one that extends or implements it. */
    public boolean is(Class<?> wanted) {
        return type.equals(wanted.getName()) || supertypes.contains(wanted.getName());
    }

    /** One of the causes. */
    public record Cause(String type, String message) {}

    /** The type and code; a message may hold what no log should show. */
    @Override
    public String toString() {
        return "Failure[" + type + (code.isEmpty() ? "" : ", code " + code) + "]";
    }
}
