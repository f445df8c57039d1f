package io.glossa.trainer.emit.cuda;

import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Node;
import java.util.Map;

final class CudaLoop {
    CudaLoop(Group group) {}

    CudaLoop(Group group, Map<Node, Node> inPlace) {}

    Kernel kernel() {
        throw new UnsupportedOperationException();
    }
}
