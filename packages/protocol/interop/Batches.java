import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Utils;

/** Writes and reads record batches with the classes of Kafka's own producer, consumer and broker. */
final class Batches {
    private static final long NOW = 1_700_000_000_000L;

    private Batches() { }

    /** Writes batches of random records in every compression and of every kind, one line each. */
    static void write(JsonNode order) {
        Random random = new Random(order.get("seed").asLong());
        for (CompressionType compression : CompressionType.values()) {
            for (int i = 0; i < order.get("samples").asInt(); i++) {
                for (TimestampType time : new TimestampType[] {TimestampType.CREATE_TIME, TimestampType.LOG_APPEND_TIME}) {
                    say(records(compression, time, random, -1, false));
                }
                say(records(compression, TimestampType.CREATE_TIME, random, 42, false));
                say(records(compression, TimestampType.CREATE_TIME, random, (1L << 53) - 1, true));
            }
        }
        for (ControlRecordType type : new ControlRecordType[] {ControlRecordType.COMMIT, ControlRecordType.ABORT}) {
            say(MemoryRecords.withEndTransactionMarker(7, NOW, 3, 1000, (short) 5, new EndTransactionMarker(type, 11)));
        }
    }

    /** Checks batches, and returns what Java reads in them. */
    static JsonNode read(JsonNode order) throws Exception {
        return describe(MemoryRecords.readableRecords(ByteBuffer.wrap(order.get("bytes").binaryValue())));
    }

    private static MemoryRecords records(
        CompressionType type, TimestampType time, Random random, long producerId, boolean transactional
    ) {
        short epoch = (short) (producerId < 0 ? -1 : 3);
        int sequence = producerId < 0 ? -1 : 17;
        MemoryRecordsBuilder builder = MemoryRecords.builder(
            ByteBuffer.allocate(1024), RecordBatch.MAGIC_VALUE_V2, Compression.of(type).build(), time, random.nextInt(1 << 30), NOW,
            producerId, epoch, sequence, transactional, 9);
        for (int i = random.nextInt(random.nextBoolean() ? 3 : 2000); i >= 0; i--) {
            Header[] headers = new Header[random.nextInt(4) == 0 ? random.nextInt(4) : 0];
            for (int h = 0; h < headers.length; h++) headers[h] = new RecordHeader("h\u00e9" + h, bytes(random));
            builder.append(new SimpleRecord(NOW + random.nextInt(1000) - 500, bytes(random), bytes(random), headers));
        }
        return builder.build();
    }

    /** Random bytes that compress a little, a lot or not at all; or null. */
    private static byte[] bytes(Random random) {
        switch (random.nextInt(8)) {
            case 0:
                return null;
            case 1:
                byte[] noise = new byte[random.nextInt(random.nextInt(50) == 0 ? 100_000 : 200)];
                random.nextBytes(noise);
                return noise;
            case 2:
                return "x".repeat(random.nextInt(random.nextInt(50) == 0 ? 100_000 : 300)).getBytes(StandardCharsets.UTF_8);
            default:
                return ("flight " + random.nextInt(3000) + " is delayed by " + random.nextInt(90) + " min").getBytes(StandardCharsets.UTF_8);
        }
    }

    private static void say(MemoryRecords records) {
        ObjectNode line = Interop.JSON.createObjectNode().put("bytes", Utils.toArray(records.buffer()));
        Interop.say(line.set("batches", describe(records)));
    }

    private static ArrayNode describe(MemoryRecords records) {
        ArrayNode batches = Interop.JSON.createArrayNode();
        for (MutableRecordBatch batch : records.batches()) {
            batch.ensureValid();
            ObjectNode described = batches.addObject()
                .put("baseOffset", batch.baseOffset())
                .put("sizeInBytes", batch.sizeInBytes())
                .put("leaderEpoch", batch.partitionLeaderEpoch())
                .put("crc", batch.checksum())
                .put("compression", batch.compressionType().name)
                .put("logAppendTime", batch.timestampType() == TimestampType.LOG_APPEND_TIME)
                .put("transactional", batch.isTransactional())
                .put("control", batch.isControlBatch())
                .put("lastOffset", batch.lastOffset())
                .put("maxTimestamp", batch.maxTimestamp())
                .put("producerId", batch.producerId())
                .put("producerEpoch", batch.producerEpoch())
                .put("baseSequence", batch.baseSequence())
                .put("recordCount", batch.countOrNull());
            ArrayNode recordNodes = described.putArray("records");
            for (Record record : batch) {
                ObjectNode line = recordNodes.addObject().put("offset", record.offset()).put("timestamp", record.timestamp());
                line.put("key", Utils.toNullableArray(record.key())).put("value", Utils.toNullableArray(record.value()));
                ArrayNode headers = line.putArray("headers");
                for (Header header : record.headers()) headers.addObject().put("key", header.key()).put("value", header.value());
                if (batch.isControlBatch()) {
                    EndTransactionMarker marker = EndTransactionMarker.deserialize(record);
                    described.put("marker", marker.controlType().name()).put("coordinatorEpoch", marker.coordinatorEpoch());
                }
            }
        }
        return batches;
    }
}
