// SPDX-License-Identifier: Apache-2.0
/** Keeps runs in PostgreSQL. */
@NullMarked
package dev.cairn.store.postgres;

import org.jspecify.annotations.NullMarked;
