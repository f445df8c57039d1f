package io.glossa.trainer.autograd;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Means over all ranks, which makes of one rank's gradients those of the whole batch. Small tensors travel together (Li et
 * al. 2020, "PyTorch Distributed", §3.2.2). All ranks run the same program, so that they meet in the same order.
 */
final class Distribute {
    /** Elements from which on a tensor travels alone: 1 MB. */
    private static final long LARGE = 1 << 18;

    /** As many as a kernel reads at once. */
    private static final int TOGETHER = 32;

    private final int ranks;

    Distribute(int ranks) {
        this.ranks = ranks;
    }

    /** The mean of each tensor; what is no F32 number stays this rank's own. */
    Map<String, Tensor> means(Map<String, Tensor> tensors) {
        if (ranks == 1) {
            return tensors;
        }
        Map<String, Tensor> means = new LinkedHashMap<>(tensors);
        List<String> small = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            if (tensor.dtype() != DType.F32) {
                return;
            }
            if (tensor.shape().size() >= LARGE) {
                means.put(name, mean(tensor));
            } else {
                small.add(name);
            }
        });
        for (int from = 0; from < small.size(); from += TOGETHER) {
            together(small.subList(from, Math.min(small.size(), from + TOGETHER)), means);
        }
        return means;
    }

    private void together(List<String> names, Map<String, Tensor> means) {
        List<Tensor> flat =
                names.stream().map(name -> means.get(name).reshape(-1)).toList();
        Tensor sent = flat.get(0);
        if (flat.size() > 1) {
            sent = sent.concat(0, flat.subList(1, flat.size()).toArray(Tensor[]::new));
        }
        Tensor mean = mean(sent);
        int at = 0;
        for (int i = 0; i < names.size(); i++) {
            int next = at + flat.get(i).dim(0);
            int[] dims = means.get(names.get(i)).shape().dims();
            means.put(names.get(i), mean.slice(0, at, next).reshape(dims));
            at = next;
        }
    }

    private Tensor mean(Tensor x) {
        return x.allReduce().mul(1.0 / ranks);
    }
}
