// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/**
 * The whole kit. A test class that implements it tries its store against every clause of the contract, says what it found
 * in {@code target/tck/<store>/certificate.md} and {@code .json}, and fails if one clause fails.
 *
 * <p>A clause shows as skipped where it does not apply to the store or is not proved yet; its reason says which. What it
 * draws at random comes from one seed, which is printed and can be given as {@code -Dtck.seed=…}.
 */
public interface StateStoreTck extends StoreClauses, EngineClauses {}
