// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

/** The steps of the protocol, each time without one of them. */
final class SplitWithout {
    private SplitWithout() {}

    private interface Acquiring {
        SplitAcquire of(
                SplitStorage storage, Acquire request, Condition condition, SplitStorage.Updated head, int pageBytes);
    }

    private static SplitSteps acquiring(Acquiring acquiring) {
        return new SplitSteps() {
            @Override
            SplitAcquire acquire(
                    SplitStorage storage,
                    Acquire request,
                    Condition condition,
                    SplitStorage.Updated head,
                    int pageBytes) {
                return acquiring.of(storage, request, condition, head, pageBytes);
            }
        };
    }

    static SplitSteps fenceOfRepairs() {
        return acquiring((storage, request, condition, head, bytes) ->
                new SplitAcquire(storage, request, condition, head, bytes) {
                    @Override
                    boolean fence(Entry grant, boolean stops) {
                        return stops || super.fence(grant, stops);
                    }
                });
    }

    static SplitSteps endOfLeaseIds() {
        return acquiring((storage, request, condition, head, bytes) ->
                new SplitAcquire(storage, request, condition, head, bytes) {
                    @Override
                    boolean isLastToCount(boolean stands) {
                        return true;
                    }
                });
    }

    static SplitSteps judgingTails() {
        return acquiring((storage, request, condition, head, bytes) ->
                new SplitAcquire(storage, request, condition, head, bytes) {
                    @Override
                    boolean judgesTail() {
                        return false;
                    }
                });
    }

    static SplitSteps secondComparison() {
        return acquiring((storage, request, condition, head, bytes) ->
                new SplitAcquire(storage, request, condition, head, bytes) {
                    private boolean wasCompared;

                    @Override
                    boolean isAtRevision() {
                        boolean isAt = wasCompared || super.isAtRevision();
                        wasCompared = true;
                        return isAt;
                    }
                });
    }

    static SplitSteps showingEnds() {
        return new SplitSteps() {
            @Override
            void showEnd(SplitStorage storage, Entry end, int pageBytes) {
                // acknowledged at once, whatever the head says
            }
        };
    }
}
