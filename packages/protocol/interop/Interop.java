import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Lets a test use Kafka's own Java classes. Reads one order per line, as JSON, and answers each order with one or more lines. The
 * last line of an answer is {@code {"done": true}}.
 */
public final class Interop {
    static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.ALLOW_COMMENTS);
    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode order = JSON.readTree(line);
            switch (order.get("do").asText()) {
                case "schemas" -> schemas().values().forEach(Interop::say);
                case "errors" -> errors();
                case "headers" -> headers();
                case "random" -> Messages.random(schemas(), order);
                case "read" -> say(Messages.read(order));
                case "write" -> say(Messages.write(order));
                case "writeBatches" -> Batches.write(order);
                case "readBatches" -> say(Batches.read(order));
                default -> throw new IllegalArgumentException(line);
            }
            say(JSON.createObjectNode().put("done", true));
            OUT.flush();
        }
    }

    static void say(JsonNode node) {
        OUT.print(node);
        OUT.print('\n');
    }

    /** The definitions of all messages in Kafka's jar. */
    private static Map<String, JsonNode> schemas() throws Exception {
        Map<String, JsonNode> schemas = new TreeMap<>();
        String jar = Producer.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        try (JarFile file = new JarFile(jar)) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (!entry.getName().matches("common/message/.*\\.json")) continue;
                try (InputStream in = file.getInputStream(entry)) {
                    JsonNode schema = JSON.readTree(in);
                    schemas.put(schema.get("name").asText(), schema);
                }
            }
        }
        return schemas;
    }

    private static void errors() {
        for (Errors error : Errors.values()) {
            say(JSON.createObjectNode()
                .put("name", error.name())
                .put("code", error.code())
                .put("retriable", error.exception() instanceof RetriableException)
                .put("message", error.message()));
        }
    }

    /** The header of each version of each API that brokers serve. */
    private static void headers() {
        for (ApiKeys api : ApiKeys.values()) {
            if (!api.hasValidVersion() || !api.inScope(ListenerType.BROKER)) continue;
            ArrayNode versions = JSON.createArrayNode();
            for (short version : api.allVersions()) {
                versions.addObject()
                    .put("version", version)
                    .put("request", api.requestHeaderVersion(version))
                    .put("response", api.responseHeaderVersion(version));
            }
            ObjectNode line = JSON.createObjectNode().put("key", api.id).put("latestStable", api.latestVersion(false));
            say(line.set("versions", versions));
        }
    }
}
