package io.glossa.trainer.emit.cuda;

import io.glossa.trainer.emit.Argument;
import io.glossa.trainer.emit.Emit;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.GpuKernel;
import java.util.List;

/** Emitted text as a kernel. */
final class TextKernel {
    private TextKernel() {}

    static Kernel of(Group group, String body, List<Argument> arguments, GpuKernel.Launch launch) {
        String source = "GL_FN void " + Kernel.UNNAMED + "(const int64_t* a, const unsigned block) {\n" + body + "}\n";
        return new Kernel(group, Emit.name(group), source, "", arguments, List.of(launch));
    }
}
