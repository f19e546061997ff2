// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** STEP: appending steps. */
interface StepClauses extends KitClauses {}
