// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** ERR: failures that are recorded. */
interface ErrClauses extends KitClauses {}
