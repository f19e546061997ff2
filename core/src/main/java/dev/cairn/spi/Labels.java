// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Names;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Labels of a run: at most 16, in order of their names. Immutable. */
public record Labels(SortedMap<String, String> all) {
    /** No labels. */
    public static final Labels NONE = new Labels(new TreeMap<>());

    /** Copies and checks them. */
    public Labels {
        if (all.size() > Names.MAX_LABELS) {
            throw new IllegalArgumentException(
                    "a run has at most " + Names.MAX_LABELS + " labels, here are " + all.size());
        }
        all.forEach((name, value) -> {
            Names.check("label name", name, Names.MAX_LABEL_NAME_BYTES);
            Names.checkText("value of label " + name, value, Names.MAX_LABEL_VALUE_BYTES);
        });
        all = Collections.unmodifiableSortedMap(new TreeMap<>(all));
    }

    /** Labels by name. */
    public static Labels of(Map<String, String> labels) {
        return labels.isEmpty() ? NONE : new Labels(new TreeMap<>(labels));
    }

    /** These and one more, which replaces one of the same name. */
    public Labels with(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(all);
        more.put(Names.check("label name", name, Names.MAX_LABEL_NAME_BYTES), value);
        return new Labels(more);
    }
}
