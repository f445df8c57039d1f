package io.glossa.trainer.emit.cuda;

import io.glossa.trainer.emit.CppText;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.emit.Scopes;
import io.glossa.trainer.fuse.Access;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.fuse.Index;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Node;
import java.util.Locale;
import java.util.Map;

/**
 * A COLUMN group as a grid over rows and tiles of columns. The threads of a block that have the same columns share out the
 * lines between them; what each of them added up is added in their order.
 */
final class CudaColumn {
    private static final int THREADS = 256;
    private static final int WARP = 32;

    private final Group group;
    private final Scopes scopes = new Scopes();
    private final Vectors values;
    private final int across;

    CudaColumn(Group group) {
        this.group = group;
        values = new Vectors(group, Map.of(), scopes, 4);
        across = (int) Math.min(WARP, Long.highestOneBit(Math.max(1, 2 * values.steps() - 1)));
    }

    Kernel kernel() {
        Node root = group.root();
        String total = CppText.register(root.type().dtype());
        String how = CudaLoop.how(root);
        Index line = Index.variable("k", 2, group.length());
        Access at = Access.of(group.row()
                .times(group.length())
                .plus(line)
                .times(group.columns())
                .plus(values.column(1)));
        for (int level = 1; level <= 4; level++) {
            scopes.enter();
        }
        String value = values.value(root.input(0), at).text();
        scopes.line(4, "s[v] = " + how + "::of(s[v], " + value + ");");
        String element = scopes.leave();
        String step = scopes.leave();
        String column = scopes.leave();
        String row = scopes.leave();
        long tiles = GpuKernel.blocks(values.steps(), across);
        String body = String.format(
                Locale.ROOT,
                """
                    const int tx = threadIdx.x %% %1$d, ty = threadIdx.x / %1$d;
                    const %2$s r = block / %16$s, t = (%2$s)(block %% %16$s) * %1$d + tx;
                    %3$s s[%4$d];
                    #pragma unroll
                    for (int v = 0; v < %4$d; ++v) {
                        s[v] = %5$s;
                    }
                    if (t < %6$s) {
                %7$s%8$s        #pragma unroll 4
                        for (%2$s k = ty; k < %9$s; k += %10$d) {
                %11$s            #pragma unroll
                            for (int v = 0; v < %4$d; ++v) {
                %12$s            }
                        }
                    }
                    gl_reduce_lines<%13$s, %1$d, %10$d>(s);
                    if (ty == 0 && t < %6$s) {
                        gl_store<%4$d>(%14$s + (r * %15$s + t * %4$d), s);
                    }
                """,
                across,
                values.integer(),
                total,
                values.width(),
                CudaLoop.start(root),
                values.number(values.steps()),
                row,
                column,
                values.number(group.length()),
                THREADS / across,
                step,
                element,
                how,
                values.pointer(root),
                values.number(group.columns()),
                values.number(tiles));
        GpuKernel.Launch launch = new GpuKernel.Launch(Kernel.UNNAMED, group.rows() * tiles, 1, 1, THREADS, 0);
        String setup = scopes.leave();
        return TextKernel.of(group, values.prologue() + setup + body, values.arguments(), launch);
    }
}
