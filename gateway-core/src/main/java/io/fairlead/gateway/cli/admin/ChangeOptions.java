package io.fairlead.gateway.cli.admin;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is changed and who changes it: shared by {@code weight}, {@code drain}, {@code restore}. */
final class ChangeOptions {
  @Parameters(
      index = "0",
      paramLabel = "TARGET",
      description = "An upstream's id, cloud:NAME, region:CLOUD/NAME, vendor:NAME or LABEL:NAME.")
  private String target = "";

  @Option(names = "--chain", paramLabel = "CHAIN", description = "Only on this chain.")
  private String chain = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; goes into the events.")
  private String reason = "";

  @Option(
      names = "--author",
      paramLabel = "NAME",
      description = "Who, where no token tells (default: the user of this process).")
  private String author = System.getProperty("user.name", "");

  String target() {
    return target;
  }

  String chain() {
    return chain;
  }

  String reason() {
    return reason;
  }

  String author() {
    return author;
  }
}
