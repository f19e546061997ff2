// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

/** What opening a store does about its tables. */
public enum SchemaMode {
    /** Creates the database and what is missing in it, under the write lock; changes nothing that is there. */
    APPLY,
    /** Sends no DDL: what is missing is named in a {@link dev.cairn.error.StorageUnusableException}. */
    VERIFY
}
