// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.Cairn;
import dev.cairn.StepFailure;
import dev.cairn.Workflow;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("What people see in psql")
final class ViewTest {
    private record Payment(String id, int cents) {}

    private static final Workflow<String, String> FULFIL = Workflow.named("fulfil")
            .input(String.class)
            .output(String.class)
            .define((run, order) -> {
                run.step("charge", Payment.class, step -> new Payment("p-1 \u0000 \ud83d \\u0000 \"é\" 💳", 1050));
                run.tryStep("book", String.class, step -> {
                    throw new StepFailure("NO_ROOM", "no room", null);
                });
                return "done";
            });

    @Test
    @DisplayName("runs and steps are rows with readable JSON")
    void readable() {
        try (TestSchema schema = new TestSchema();
                Cairn cairn = Cairn.using(schema.open())) {
            cairn.run(FULFIL, "order-1", "x");

            assertThat(schema.query("select status || ' ' || workflow from cairn_runs"))
                    .containsExactly("COMPLETED fulfil");
            assertThat(schema.query(
                            "select step_key || ' ' || position || ' ' || place from cairn_steps order by place"))
                    .containsExactly("charge 0 1", "book 1 2");
            assertThat(schema.query("select value::text from cairn_steps where step_key = 'charge'"))
                    .containsExactly("{\"id\":\"p-1 \\ufffd \\ufffd \\\\u0000 \\\"é\\\" 💳\",\"cents\":1050}");
            assertThat(schema.query("select failure ->> 'code' from cairn_steps where step_key = 'book'"))
                    .containsExactly("NO_ROOM");
            assertThat(schema.query("select count(*) from cairn_steps where recorded > now() - interval '1 hour'"))
                    .containsExactly("2");
            // A body that is not Cairn's JSON hides no other run.
            schema.sql("update cairn_entry set body = '\\xff00' where place = 1");
            assertThat(schema.query("select step_key from cairn_steps")).containsExactly("book");
        }
    }
}
