package io.glossa.trainer.emit.cuda;

import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Node;
import java.util.Map;

final class CudaColumn {
    CudaColumn(Group group) {}

    CudaColumn(Group group, Map<Node, Node> inPlace) {}

    Kernel kernel() {
        throw new UnsupportedOperationException();
    }
}
