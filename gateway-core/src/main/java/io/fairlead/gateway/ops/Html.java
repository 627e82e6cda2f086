package io.fairlead.gateway.ops;

import java.util.List;

/** Text with elements around it; every value is escaped on its way in. */
final class Html {
  private final StringBuilder out = new StringBuilder(8192);

  /** Markup of ours, taken as it is. */
  Html raw(String markup) {
    out.append(markup);
    return this;
  }

  /** A value, escaped. */
  Html text(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return this;
  }

  /** An element of ours around a value. */
  Html element(String name, String value) {
    return raw("<" + name + ">").text(value).raw("</" + name + ">\n");
  }

  /** The head of a table. */
  Html header(List<String> titles) {
    raw("<tr>");
    titles.forEach(title -> raw("<th scope=\"col\">").text(title).raw("</th>"));
    return raw("</tr>\n");
  }

  /** A table's row; the style is one of ours. */
  Html row(String style, List<String> cells) {
    raw("<tr class=\"").raw(style).raw("\">");
    cells.forEach(cell -> raw("<td>").text(cell).raw("</td>"));
    return raw("</tr>\n");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
