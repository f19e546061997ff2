// SPDX-License-Identifier: Apache-2.0

/**
 * Values of a run that users read and save: its resume state, its steps, their outcomes and failures.
 */
@NullMarked
package dev.cairn.state;

import org.jspecify.annotations.NullMarked;
