// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

/** What the bank answers to a charge: the same for the same idempotency key, however often it is asked. */
record Receipt(long number, long amountCents) {}
