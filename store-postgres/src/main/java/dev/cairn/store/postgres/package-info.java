// SPDX-License-Identifier: Apache-2.0

/**
 * Keeps runs in a PostgreSQL database, in a schema of their own or beside a team's tables.
 */
@NullMarked
package dev.cairn.store.postgres;

import org.jspecify.annotations.NullMarked;
