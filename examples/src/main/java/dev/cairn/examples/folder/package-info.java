// SPDX-License-Identifier: Apache-2.0
/** A store in a folder: the worked example of {@code docs/write-your-own-store.md}. Begin with {@code FolderStateStore}. */
@NullMarked
package dev.cairn.examples.folder;

import org.jspecify.annotations.NullMarked;
