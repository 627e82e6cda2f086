package io.fairlead.gateway.jsonrpc.method;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads tables of the program's resources: a row a line, columns between bars, {@code #} begins a
 * comment line.
 */
public final class DataRows {
  private DataRows() {}

  /**
   * Reads a table.
   *
   * @param owner the class beside which the resource lies
   * @param resource its name
   * @return the rows' cells
   */
  public static List<List<String>> read(Class<?> owner, String resource) {
    List<List<String>> rows = new ArrayList<>();
    for (String line : text(owner, resource).split("\n", -1)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        rows.add(cells(line));
      }
    }
    return rows;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split("\\|", -1)) {
      cells.add(cell.strip());
    }
    return List.copyOf(cells);
  }

  private static String text(Class<?> owner, String resource) {
    try (InputStream in = owner.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource: '" + resource + "' (expected: in the program)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("resource: '" + resource + "' cannot be read", e);
    }
  }
}
