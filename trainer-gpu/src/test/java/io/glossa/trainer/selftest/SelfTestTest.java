package io.glossa.trainer.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.device.DeviceRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    @Test
    void theProcessorPasses() {
        List<Row> rows = new ArrayList<>();
        long start = System.currentTimeMillis();
        SelfTest.run(DeviceRequest.of("cpu"), Depth.QUICK, row -> {
            System.out.println((System.currentTimeMillis() - start) + " " + row);
            rows.add(row);
        }, System.out::println);
        assertThat(rows).allMatch(Row::passed);
    }
}
