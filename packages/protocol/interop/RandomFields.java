import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;
import org.apache.kafka.common.Uuid;

/** Makes random values for the fields of a message from its schema, in the form that Kafka's JSON converters read. */
final class RandomFields {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int[] PIECES = {'a', 'Z', '0', '.', '-', 0xe9, 0x4e2d, 0x1d11e, 0xfeff, 0};
    private static final long SAFE = (1L << 53) - 1;
    private final Random random;

    RandomFields(long seed) {
        random = new Random(seed);
    }

    ObjectNode of(JsonNode schema, short version) {
        return struct(schema.get("fields"), schema, version);
    }

    private ObjectNode struct(JsonNode fields, JsonNode schema, short version) {
        ObjectNode made = NODES.objectNode();
        for (JsonNode field : fields) {
            if (!Versions.parse(field.get("versions").asText()).contain(version)) continue;
            if (field.has("tag") && random.nextInt(3) == 0) continue; // so it has its default
            made.set(camelCase(field.get("name").asText()), value(field, schema, version));
        }
        return made;
    }

    private JsonNode value(JsonNode field, JsonNode schema, short version) {
        boolean nullable = field.has("nullableVersions") && Versions.parse(field.get("nullableVersions").asText()).contain(version);
        if (nullable && random.nextInt(4) == 0) return NODES.nullNode();
        String type = field.get("type").asText();
        if (!type.startsWith("[]")) return single(type, field, schema, version);
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) array.add(single(type.substring(2), field, schema, version));
        return array;
    }

    private JsonNode single(String type, JsonNode field, JsonNode schema, short version) {
        return switch (type) {
            case "bool" -> NODES.booleanNode(random.nextBoolean());
            case "int8" -> NODES.numberNode((byte) integer(8));
            case "int16" -> NODES.numberNode((short) integer(16));
            case "uint16" -> NODES.numberNode(random.nextInt(1 << 16));
            case "int32" -> NODES.numberNode((int) integer(32));
            // All fields have at most 53 bits, except those whose default needs all 64.
            case "int64" -> NODES.numberNode(field.has("default") && field.get("default").asText().length() > 16 ? integer(64) : integer(54));
            case "float64" -> NODES.numberNode(random.nextGaussian() * 1e6);
            case "uuid" -> NODES.textNode((random.nextInt(4) == 0 ? Uuid.ZERO_UUID : new Uuid(random.nextLong(), random.nextLong())).toString());
            case "string" -> NODES.textNode(text());
            case "bytes", "records" -> NODES.binaryNode(bytes());
            default -> struct(fieldsOf(type, field, schema), schema, version);
        };
    }

    private static JsonNode fieldsOf(String type, JsonNode field, JsonNode schema) {
        if (field.has("fields")) return field.get("fields");
        for (JsonNode common : schema.get("commonStructs")) {
            if (common.get("name").asText().equals(type)) return common.get("fields");
        }
        throw new IllegalArgumentException(type);
    }

    /** A number of up to this many bits: often small, sometimes one of the largest. */
    private long integer(int bits) {
        long greatest = bits == 54 ? SAFE : (1L << (bits - 1)) - 1;
        return switch (random.nextInt(6)) {
            case 0 -> greatest;
            case 1 -> bits == 54 ? -SAFE : -greatest - 1;
            case 2 -> random.nextInt(200) - 100;
            default -> {
                long value = random.nextLong() >> (64 - bits) >> random.nextInt(bits - 1);
                yield bits == 54 ? Math.max(-SAFE, value) : value;
            }
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(20) == 0 ? 300 : random.nextInt(30);
        boolean ascii = random.nextBoolean();
        for (int i = 0; i < length; i++) text.appendCodePoint(PIECES[random.nextInt(ascii ? 5 : PIECES.length)]);
        return text.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(20) == 0 ? 5000 : random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    static String camelCase(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
