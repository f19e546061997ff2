// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

/** What opening a store does about its tables. */
public enum SchemaMode {
    /** Creates what is missing, so that of several that start at once all succeed; changes nothing that is there. */
    APPLY,
    /** Sends no DDL: what is missing is named in a {@link dev.cairn.error.StorageUnusableException}. */
    VERIFY
}
