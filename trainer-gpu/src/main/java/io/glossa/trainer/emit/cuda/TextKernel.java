package io.glossa.trainer.emit.cuda;

import io.glossa.trainer.emit.Argument;
import io.glossa.trainer.emit.Emit;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.GpuKernel;
import java.util.List;

/** Emitted text as a kernel. */
final class TextKernel {
    /** What the emitted function is called until its text has a name. */
    static final String FUNCTION = "GLOSSA_KERNEL";

    private TextKernel() {}

    static Kernel of(Group group, String body, List<Argument> arguments, GpuKernel.Launch launch) {
        String source = "GL_FN void " + FUNCTION + "(const int64_t* a) {\n" + body + "}\n";
        return new Kernel(group, Emit.name(group), source, "", arguments, List.of(launch));
    }
}
