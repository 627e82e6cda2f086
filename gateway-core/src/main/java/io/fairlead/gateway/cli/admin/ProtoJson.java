package io.fairlead.gateway.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;

/**
 * A message as JSON for scripts: the proto's field names in lower camel case, every field present
 * but absent optional ones, whole numbers as numbers, enums in lower case, instants as ISO 8601.
 */
final class ProtoJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ProtoJson() {}

  /** One line. */
  static String line(Message message) {
    return object(message).toString();
  }

  /** Indented over many lines. */
  static String pretty(Message message) {
    return object(message).toPrettyString();
  }

  private static ObjectNode object(Message message) {
    ObjectNode object = JSON.objectNode();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isMapField()) {
        object.set(field.getJsonName(), map((Collection<?>) message.getField(field)));
      } else if (field.isRepeated()) {
        object.set(field.getJsonName(), array((Collection<?>) message.getField(field)));
      } else if (!field.hasPresence() || message.hasField(field)) {
        object.set(field.getJsonName(), value(message.getField(field)));
      }
    }
    return object;
  }

  private static ArrayNode array(Collection<?> values) {
    ArrayNode array = JSON.arrayNode(values.size());
    values.forEach(value -> array.add(value(value)));
    return array;
  }

  private static ObjectNode map(Collection<?> entries) {
    ObjectNode object = JSON.objectNode();
    for (Object entry : entries) {
      MapEntry<?, ?> pair = (MapEntry<?, ?>) entry;
      object.set(pair.getKey().toString(), value(pair.getValue()));
    }
    return object;
  }

  private static JsonNode value(Object value) {
    if (value instanceof Timestamp at) {
      return TextNode.valueOf(instant(at).toString());
    }
    if (value instanceof Message message) {
      return object(message);
    }
    if (value instanceof EnumValueDescriptor constant) {
      return TextNode.valueOf(constant.getName().toLowerCase(Locale.ROOT));
    }
    return MAPPER.valueToTree(value);
  }

  static Instant instant(Timestamp at) {
    return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
  }
}
