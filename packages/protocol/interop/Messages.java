import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Writes and reads messages with Kafka's own generated classes. */
final class Messages {
    private Messages() { }

    /** Writes messages with random fields: some of each message in each version. */
    static void random(Map<String, JsonNode> schemas, JsonNode order) throws Exception {
        RandomFields fields = new RandomFields(order.get("seed").asLong());
        for (JsonNode schema : schemas.values()) {
            Versions valid = Versions.parse(schema.get("validVersions").asText());
            for (short version = valid.from(); version <= valid.to(); version++) {
                for (int i = 0; i < order.get("samples").asInt(); i++) {
                    JsonNode json = fields.of(schema, version);
                    Message message = fromJson(schema.get("name").asText(), version, json);
                    ObjectNode line = Interop.JSON.createObjectNode()
                        .put("message", schema.get("name").asText())
                        .put("version", version)
                        .put("bytes", bytesOf(message, version));
                    Interop.say(line.set("json", json));
                }
            }
        }
    }

    /** Reads a message, and returns its fields and the bytes that Java writes for them. */
    static JsonNode read(JsonNode order) throws Exception {
        short version = (short) order.get("version").asInt();
        String name = order.get("message").asText();
        ByteBuffer bytes = ByteBuffer.wrap(order.get("bytes").binaryValue());
        Message message = (Message) type(name).getDeclaredConstructor().newInstance();
        message.read(new ByteBufferAccessor(bytes), version);
        ObjectNode answer = Interop.JSON.createObjectNode().put("left", bytes.remaining()).put("bytes", bytesOf(message, version));
        return answer.set("json", (JsonNode) converter(name)
            .getMethod("write", type(name), short.class, boolean.class).invoke(null, message, version, false));
    }

    /** Reads the fields of one version of a message, and writes them in every version. Null means that Java refused. */
    static JsonNode write(JsonNode order) throws Exception {
        Message message = fromJson(order.get("message").asText(), (short) order.get("version").asInt(), order.get("json"));
        ObjectNode answer = Interop.JSON.createObjectNode();
        for (short version = message.lowestSupportedVersion(); version <= message.highestSupportedVersion(); version++) {
            try {
                answer.put(String.valueOf(version), bytesOf(message, version));
            } catch (RuntimeException refusal) {
                answer.putNull(String.valueOf(version));
            }
        }
        return answer;
    }

    private static Message fromJson(String name, short version, JsonNode json) throws Exception {
        try {
            return (Message) converter(name).getMethod("read", JsonNode.class, short.class).invoke(null, json, version);
        } catch (InvocationTargetException failure) {
            throw new IllegalStateException(name + " version " + version + ": " + json, failure);
        }
    }

    private static byte[] bytesOf(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(bytes), cache, version);
        return bytes.array();
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        String suffix = name.matches(".*(Request|Response|Header)") ? "Data" : "";
        return Class.forName("org.apache.kafka.common.message." + name + suffix);
    }

    private static Class<?> converter(String name) throws ClassNotFoundException {
        return Class.forName(type(name).getName() + "JsonConverter");
    }
}
