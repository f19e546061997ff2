// SPDX-License-Identifier: Apache-2.0
/** Orders that are charged once, however often the program that fulfils them is killed. Begin with {@code Main}. */
@NullMarked
package dev.cairn.examples;

import org.jspecify.annotations.NullMarked;
