// SPDX-License-Identifier: Apache-2.0

/**
 * Keeps runs in an SQLite database, in a file of its own or beside a team's tables.
 */
@NullMarked
package dev.cairn.store.sqlite;

import org.jspecify.annotations.NullMarked;
