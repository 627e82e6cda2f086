package io.fairlead.gateway.config.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Turns a YAML text of one document into nodes.
 *
 * <p>Bounds: {@value #MAX_DEPTH} levels, {@value #MAX_ALIASES} aliases; a node that an alias names
 * is shared, not copied, so a small text cannot become a large tree. An alias inside its own anchor
 * is refused, and so are tags and keys that are not scalars. The first error ends the reading: what
 * follows a broken line is guesswork.
 */
final class YamlTree {
  static final int MAX_DEPTH = 32;
  static final int MAX_ALIASES = 100;

  /** The parser cannot go on from a buffer that is full and ends within a character. */
  private static final int SPARE_CHARS = 16;

  private final SourceText text;
  private final Findings findings;
  private final Iterator<Event> events;
  private final Map<Anchor, YamlNode> anchors = new HashMap<>();
  private int aliases;

  /** Ends the reading of a text; carries its finding and no stack. */
  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Position position;

    Broken(Position position, String message) {
      super(message, null, false, false);
      this.position = position;
    }
  }

  private YamlTree(String text, Findings findings) {
    this.text = new SourceText(text);
    this.findings = findings;
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel("configuration")
            .setCodePointLimit(text.length() + 1)
            .setBufferSize(text.length() + SPARE_CHARS)
            .build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * Reads a text.
   *
   * @param text the text, without a byte order mark
   * @param findings gets what is wrong with it
   * @return the document, or null if there is none that can be read
   */
  static @Nullable YamlNode parse(String text, Findings findings) {
    return new YamlTree(text, findings).document();
  }

  private @Nullable YamlNode document() {
    try {
      skip(Event.ID.StreamStart);
      if (next().getEventId() == Event.ID.StreamEnd) {
        return new YamlNode.Scalar(Position.START, "", "", true);
      }
      YamlNode root = node(next(), 0);
      skip(Event.ID.DocumentEnd);
      Event end = next();
      if (end.getEventId() != Event.ID.StreamEnd) {
        throw new Broken(start(end), "file: a second document (expected: one)");
      }
      return root;
    } catch (Broken e) {
      findings.add(e.position, String.valueOf(e.getMessage()));
    } catch (MarkedYamlEngineException e) {
      findings.add(text.position(index(e.getProblemMark())), syntax(e));
    } catch (ReaderException e) {
      String character = String.format(Locale.ROOT, "U+%04X", e.getCodePoint());
      findings.add(text.position(e.getPosition()), "file: not YAML (character " + character + ")");
    } catch (YamlEngineException e) {
      findings.add(Position.START, "file: not YAML");
    }
    return null;
  }

  private String syntax(MarkedYamlEngineException e) {
    int at = index(e.getProblemMark());
    boolean reference = at > 0 && text.slice(at - 1, at + 1).equals("${");
    String hint = reference ? "; put ${...} in quotes here" : "";
    return "file: not YAML (" + e.getProblem() + hint + ")";
  }

  private YamlNode node(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw new Broken(start(event), "file: too deep (expected: " + MAX_DEPTH + " levels)");
    }
    if (event instanceof AliasEvent alias) {
      return named(alias);
    }
    refuseTag(event);
    YamlNode node =
        switch (event.getEventId()) {
          case Scalar -> scalar((ScalarEvent) event);
          case SequenceStart -> sequence(event, depth);
          case MappingStart -> mapping(event, depth);
          default -> throw new Broken(start(event), "file: not YAML (unexpected end)");
        };
    ((NodeEvent) event).getAnchor().ifPresent(name -> anchors.put(name, node));
    return node;
  }

  private YamlNode named(AliasEvent alias) {
    YamlNode node = anchors.get(alias.getAlias());
    aliases++;
    if (node == null) {
      throw new Broken(start(alias), "file: an alias without an anchor before it");
    }
    if (aliases > MAX_ALIASES) {
      throw new Broken(start(alias), "file: too many aliases (expected: " + MAX_ALIASES + ")");
    }
    return node;
  }

  private void refuseTag(Event event) {
    Optional<String> tag = Optional.empty();
    if (event instanceof ScalarEvent scalar) {
      tag = scalar.getTag();
    } else if (event instanceof CollectionStartEvent collection) {
      tag = collection.getTag();
    }
    if (tag.isPresent()) {
      throw new Broken(start(event), "file: a tag (expected: none; write the value alone)");
    }
  }

  private YamlNode.Scalar scalar(ScalarEvent event) {
    String raw = text.slice(index(event.getStartMark()), index(event.getEndMark()));
    boolean plain = event.getScalarStyle() == ScalarStyle.PLAIN;
    return new YamlNode.Scalar(start(event), event.getValue(), raw, plain);
  }

  private YamlNode sequence(Event start, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event e = next(); e.getEventId() != Event.ID.SequenceEnd; e = next()) {
      items.add(node(e, depth + 1));
    }
    return new YamlNode.Sequence(start(start), items);
  }

  private YamlNode mapping(Event start, int depth) {
    List<YamlNode.Entry> entries = new ArrayList<>();
    for (Event e = next(); e.getEventId() != Event.ID.MappingEnd; e = next()) {
      if (!(node(e, depth + 1) instanceof YamlNode.Scalar key)) {
        throw new Broken(start(e), "file: a key that is a list or a section (expected: a word)");
      }
      entries.add(new YamlNode.Entry(key, node(next(), depth + 1)));
    }
    return new YamlNode.Mapping(start(start), entries);
  }

  private void skip(Event.ID expected) {
    Event event = next();
    if (event.getEventId() != expected) {
      throw new Broken(start(event), "file: not YAML (expected: one document)");
    }
  }

  private Event next() {
    return events.next();
  }

  private Position start(Event event) {
    return text.position(index(event.getStartMark()));
  }

  private static int index(Optional<Mark> mark) {
    return mark.map(Mark::getIndex).orElse(0);
  }
}
