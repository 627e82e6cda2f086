package io.fairlead.gateway.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;

/** Where the process begins and ends. */
public final class Main {
  private Main() {}

  /**
   * Runs one command and ends the process with its exit status.
   *
   * @param args the command line
   */
  @SuppressForbidden("the one place that ends the process")
  public static void main(String[] args) {
    PrintWriter err = writer(FileDescriptor.err);
    Optional<PlainRun> plain = PlainRun.parse(args);
    int status =
        plain.isPresent()
            ? plain.get().execute(err)
            : FairleadCommand.run(writer(FileDescriptor.out), err, args);
    LogSetup.stop();
    System.exit(status);
  }

  /** A line is flushed when it ends; the encoding is the terminal's. */
  private static PrintWriter writer(FileDescriptor stream) {
    Charset charset = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
    return new PrintWriter(new OutputStreamWriter(new FileOutputStream(stream), charset), true);
  }
}
