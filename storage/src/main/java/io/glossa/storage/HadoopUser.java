package io.glossa.storage;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.security.UserGroupInformation;

/** Whose files Hadoop reads and writes. It fails where the system has no name for the user, as containers often do not. */
final class HadoopUser {
    private HadoopUser() {}

    /** Gives this process a user: the system's, else one that is called by its number. */
    static void ensure() {
        try {
            UserGroupInformation.getLoginUser();
        } catch (IOException e) {
            if (UserGroupInformation.isSecurityEnabled()) {
                throw GlossaException.user("Cannot log in to Hadoop: " + e.getMessage() + ", expected credentials")
                        .causedBy(e);
            }
            UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(number()));
        }
    }

    private static String number() {
        try {
            return "user-" + Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException e) {
            return "user";
        }
    }
}
