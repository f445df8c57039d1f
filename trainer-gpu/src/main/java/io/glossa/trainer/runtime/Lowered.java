package io.glossa.trainer.runtime;

import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.ArenaPlan;
import io.glossa.trainer.fuse.Schedule;
import io.glossa.trainer.ir.Graph;
import java.util.List;

/** A program with nothing left to decide: kernels in order, and where every value lies. */
public record Lowered(String name, Graph graph, Schedule schedule, List<Kernel> kernels, ArenaPlan arena) {}
