// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** SCHEMA: creation and versions. */
interface SchemaClauses extends KitClauses {}
