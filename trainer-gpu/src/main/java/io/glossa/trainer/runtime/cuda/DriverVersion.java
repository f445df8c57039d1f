package io.glossa.trainer.runtime.cuda;

/** The version of CUDA that a driver is for. */
record DriverVersion(int major, int minor) {
    /** Of a number as 13000 for 13.0. */
    static DriverVersion of(int number) {
        return new DriverVersion(number / 1000, number % 1000 / 10);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
