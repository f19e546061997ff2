// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One party of an exploration. It is where the answers so far have brought it: to go on, its script is run again from the
 * start with those answers and stopped at the request after them. So a party can be left anywhere, dead or alive.
 */
final class SplitParty {
    /** Where every party ends. */
    static final int DONE = 0;

    /** Where a party goes on, and what it told on its way there. */
    record Step(int node, List<SplitFact> told) {}

    private record Answered(int node, Object answer) {}

    private static final class Reached extends Error {
        private static final long serialVersionUID = 1L;
        private final transient SplitRequest request;

        private Reached(SplitRequest request) {
            super("not an error", null, false, false);
            this.request = request;
        }
    }

    private final SplitScripts.Script script;
    private final SplitSteps steps;
    private final List<List<Object>> answers = new ArrayList<>();
    private final List<SplitRequest> requests = new ArrayList<>();
    private final Map<Answered, Step> known = new HashMap<>();
    private final int start;

    SplitParty(SplitScripts.Script script, SplitSteps steps) {
        this.script = script;
        this.steps = steps;
        answers.add(List.of());
        requests.add(null);
        this.start = replay(List.of()).node();
    }

    int start() {
        return start;
    }

    /** The request that it makes next. */
    SplitRequest request(int node) {
        return requests.get(node);
    }

    Step answer(int node, Object answer) {
        return known.computeIfAbsent(new Answered(node, answer), key -> {
            List<Object> more = new ArrayList<>(answers.get(node));
            more.add(answer);
            return replay(more);
        });
    }

    private Step replay(List<Object> given) {
        List<SplitFact> told = new ArrayList<>();
        int[] used = {0};
        SplitStorage storage = new SplitRequests(request -> {
            if (used[0] == given.size()) {
                throw new Reached(request);
            }
            told.clear();
            return given.get(used[0]++);
        });
        try {
            script.run(new SplitProtocol(storage, StoreOptions.defaults(), steps), told::add);
            return new Step(DONE, List.copyOf(told));
        } catch (Reached reached) {
            answers.add(given);
            requests.add(reached.request);
            return new Step(answers.size() - 1, List.copyOf(told));
        }
    }
}
