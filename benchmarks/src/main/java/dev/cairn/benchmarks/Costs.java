// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/** What one step of a contestant costs that is counted: a new one, and one that is read again. */
record Costs(Counts newStep, Counts replayedStep) {}
