package io.glossa.jobs.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
public final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"glossa " + CodeVersion.current()};
    }
}
