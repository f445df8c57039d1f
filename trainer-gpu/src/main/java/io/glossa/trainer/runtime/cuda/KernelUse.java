package io.glossa.trainer.runtime.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a compiled kernel needs of a GPU's multiprocessor.
 *
 * @param registers of a thread
 * @param stack bytes of a thread, for arrays whose index is not known and for what is spilled
 * @param spillStores bytes that are written because there are too few registers, counted in the code; spillLoads are read
 * @param shared bytes of a block that the code declares; what a launch asks for comes on top
 */
public record KernelUse(String kernel, int registers, int stack, int spillStores, int spillLoads, int shared) {
    private static final Pattern ENTRY = Pattern.compile("Compiling entry function '(\\w+)'");
    private static final Pattern STACK =
            Pattern.compile("(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
    private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

    public boolean spills() {
        return spillStores > 0 || spillLoads > 0;
    }

    /** Of each kernel that ptxas was verbose about. */
    static List<KernelUse> of(String log) {
        List<KernelUse> uses = new ArrayList<>();
        String kernel = "";
        int[] stack = new int[3];
        for (String line : log.lines().toList()) {
            Matcher entry = ENTRY.matcher(line);
            Matcher frame = STACK.matcher(line);
            Matcher registers = REGISTERS.matcher(line);
            if (entry.find()) {
                kernel = entry.group(1);
            } else if (frame.find()) {
                stack = new int[] {number(frame, 1), number(frame, 2), number(frame, 3)};
            } else if (registers.find()) {
                Matcher shared = SHARED.matcher(line);
                uses.add(new KernelUse(
                        kernel,
                        number(registers, 1),
                        stack[0],
                        stack[1],
                        stack[2],
                        shared.find() ? number(shared, 1) : 0));
            }
        }
        return uses;
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
