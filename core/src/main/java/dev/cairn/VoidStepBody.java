// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

/** The work of a step that returns nothing. It can run twice, when the process dies between its effect and its record. */
@FunctionalInterface
public interface VoidStepBody {
    /** Does the work. */
    void run(Step step) throws Exception;
}
