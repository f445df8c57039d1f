package io.glossa.jobs.report;

import io.glossa.trainer.runtime.LiveMemory;
import io.glossa.trainer.runtime.LiveMemory.Use;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The memory of a program over its kernels, as a drawing that stands alone. */
public final class MemoryChart {
    private static final double WIDTH = 960;
    private static final double HEIGHT = 500;
    private static final double LEFT = 72;
    private static final double RIGHT = WIDTH - 20;
    private static final double TOP = 118;
    private static final double BOTTOM = HEIGHT - 58;
    private static final double LEGEND = 82;
    private static final double KEY = 232;
    private static final int KEYS = 4;
    private static final double LINE = 18;
    private static final int STEPS = 800;
    private static final String TITLE = "Memory in use during a training step";
    private static final double MB = 1 << 20;

    private static final String STYLE = """
            svg { --paper: #fbfaf6; --ink: #1c1b19; --soft: #5d5a53; --hair: #dcd7ca;
                  --u0: #b4530a; --u1: #0a6a86; --u2: #3f7a2f; --u3: #6b3fa0; --u4: #8d929d; }
            @media (prefers-color-scheme: dark) {
                svg { --paper: #15161a; --ink: #ebe8e0; --soft: #a5a299; --hair: #34363d;
                      --u0: #f3a35c; --u1: #62c4e4; --u2: #8fce7a; --u3: #bd9bea; --u4: #7d828e; }
            }
            text { fill: var(--ink); font: 14px system-ui, "Segoe UI", Roboto, "DejaVu Sans", Arial, sans-serif; }
            .title { font-size: 18px; font-weight: 600; }
            .tick { fill: var(--soft); font-size: 13px; }
            .start { text-anchor: start; } .middle { text-anchor: middle; } .end { text-anchor: end; }
            .paper { fill: var(--paper); }
            .grid { stroke: var(--hair); }
            .arena { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 6 4; }
            .peak { stroke: var(--ink); }
            .mark { fill: var(--ink); stroke: var(--paper); }
            .u0 { fill: var(--u0); } .u1 { fill: var(--u1); } .u2 { fill: var(--u2); } .u3 { fill: var(--u3); }
            .u4 { fill: var(--u4); }
            """;

    private MemoryChart() {}

    /** @param peakKernel name of the kernel at which most bytes are in use */
    public static String of(LiveMemory memory, String peakKernel) {
        int kernels = memory.live().get(Use.OTHER).length;
        Axis x = new Axis(0, kernels, Axis.over(0, kernels, 10).step());
        Axis y = Axis.over(0, memory.arena() / MB, 6);
        Svg svg = Svg.alone(STYLE, WIDTH, HEIGHT, TITLE);
        svg.rect("paper", 0, 0, WIDTH, HEIGHT);
        svg.text("title start", LEFT, 34, TITLE);
        svg.text("tick start", LEFT, 56, sizes(memory, peakKernel));
        legend(svg, used(memory));
        for (double tick : y.ticks()) {
            double at = y.at(tick, BOTTOM, TOP);
            svg.line("grid", LEFT, at, RIGHT, at);
            svg.text("tick end", LEFT - 8, at + 4, y.label(tick) + " MB");
        }
        areas(svg, memory, x, y);
        for (double tick : x.ticks()) {
            if (tick <= kernels) {
                svg.text("tick middle", x.at(tick, LEFT, RIGHT), BOTTOM + 20, x.label(tick));
            }
        }
        svg.text("tick middle", (LEFT + RIGHT) / 2, HEIGHT - 14, "kernels run so far");
        double arena = y.at(memory.arena() / MB, BOTTOM, TOP);
        svg.line("arena", LEFT, arena, RIGHT, arena);
        double at = x.at(memory.peak() + 0.5, LEFT, RIGHT);
        double most = y.at(memory.at(memory.peak()) / MB, BOTTOM, TOP);
        svg.line("peak", at, most, at, BOTTOM);
        svg.mark(0, at, most);
        return svg.toString();
    }

    private static String sizes(LiveMemory memory, String peakKernel) {
        return String.format(
                Locale.ROOT,
                "Arena (dashed line): %.1f MB. Most in use: %.1f MB, at kernel %,d, %s",
                memory.arena() / MB,
                memory.at(memory.peak()) / MB,
                memory.peak() + 1,
                peakKernel);
    }

    private static void legend(Svg svg, List<Use> used) {
        for (int i = 0; i < used.size(); i++) {
            double x = LEFT + KEY * (i % KEYS);
            double y = LEGEND + LINE * (i / KEYS);
            svg.rect("u" + used.get(i).ordinal(), x, y - 10, 12, 12);
            svg.text("start", x + 18, y, used.get(i).toString());
        }
    }

    /** What memory is in use for at any time. */
    private static List<Use> used(LiveMemory memory) {
        return memory.live().entrySet().stream()
                .filter(use -> LongStream.of(use.getValue()).anyMatch(bytes -> bytes > 0))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** One area above the other; where kernels are closer than dots, the one with most bytes in use stands for all. */
    private static void areas(Svg svg, LiveMemory memory, Axis x, Axis y) {
        int kernels = (int) x.high();
        int steps = Math.min(kernels, STEPS);
        long[] below = new long[steps];
        for (Use use : used(memory)) {
            StringBuilder up = new StringBuilder();
            StringBuilder down = new StringBuilder();
            for (int i = 0; i < steps; i++) {
                int from = (int) ((long) kernels * i / steps);
                int to = (int) ((long) kernels * (i + 1) / steps);
                int kernel = IntStream.range(from, to)
                        .boxed()
                        .max(Comparator.comparingLong(memory::at))
                        .orElseThrow();
                double left = x.at(from, LEFT, RIGHT);
                double right = x.at(to, LEFT, RIGHT);
                down.insert(0, edge(right, left, y.at(below[i] / MB, BOTTOM, TOP)));
                below[i] += memory.live().get(use)[kernel];
                up.append(edge(left, right, y.at(below[i] / MB, BOTTOM, TOP)));
            }
            svg.path("u" + use.ordinal(), "M" + up.substring(1) + down + "Z");
        }
    }

    private static String edge(double from, double to, double y) {
        return String.format(Locale.ROOT, "L%.1f %.1fH%.1f", from, y, to);
    }
}
