package io.fairlead.gateway.cli;

import io.fairlead.gateway.app.Version;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class BuildVersion implements IVersionProvider {
  /** As a command line makes it. */
  BuildVersion() {}

  @Override
  public String[] getVersion() {
    return new String[] {"fairlead " + Version.current() + " (Java " + Runtime.version() + ")"};
  }
}
