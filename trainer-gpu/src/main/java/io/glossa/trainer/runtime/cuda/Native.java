package io.glossa.trainer.runtime.cuda;

import com.sun.jna.NativeLibrary;

/** A library of the machine, whose functions are called by name and give a status. */
interface Native {
    /** @param arguments of the very types that the function has; an array receives what it writes */
    int call(String function, Object... arguments);

    /** The file, or the name that the system's loader knows it by. */
    String path();

    /** Arguments that begin with the array which receives what a function makes. */
    static Object[] with(Object first, Object... more) {
        Object[] all = new Object[more.length + 1];
        all[0] = first;
        System.arraycopy(more, 0, all, 1, more.length);
        return all;
    }

    static Native of(String path, NativeLibrary library) {
        return new Native() {
            @Override
            public int call(String function, Object... arguments) {
                return library.getFunction(function).invokeInt(arguments);
            }

            @Override
            public String path() {
                return path;
            }
        };
    }
}
