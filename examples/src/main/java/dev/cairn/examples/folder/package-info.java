// SPDX-License-Identifier: Apache-2.0
/** A store in a folder, written as the guide {@code docs/write-your-own-store.md} says. Begin with {@code FolderStateStore}. */
@NullMarked
package dev.cairn.examples.folder;

import org.jspecify.annotations.NullMarked;
