// Kafka's own Java clients: topics, an idempotent producer, groups, transactions.
// java Clients.java BROKER; prints one line of JSON.
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.*;

public class Clients {
    static final int COUNT = 20_000;
    static String broker;

    static Map<String, Object> config(Object... more) {
        var config = new HashMap<String, Object>();
        config.put("bootstrap.servers", broker);
        for (int i = 0; i < more.length; i += 2) config.put((String) more[i], more[i + 1]);
        return config;
    }

    static KafkaProducer<String, String> producer(Object... more) {
        return new KafkaProducer<>(config(more), new StringSerializer(), new StringSerializer());
    }

    static KafkaConsumer<String, String> consumer(String group, Object... more) {
        var config = config(more);
        config.put("group.id", group);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", false);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    public static void main(String[] args) throws Exception {
        broker = args[0];
        var result = new ArrayList<String>();
        try (var admin = Admin.create(config())) {
            admin.createTopics(List.of(new NewTopic("words", 4, (short) 1), new NewTopic("ledger", 1, (short) 1))).all().get();
            admin.incrementalAlterConfigs(Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, "words"),
                List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "-1"), AlterConfigOp.OpType.SET)))).all().get();

            try (var producer = producer("compression.type", "lz4", "linger.ms", 5)) {
                var sent = new ArrayList<Future<RecordMetadata>>();
                for (int i = 0; i < COUNT; i++) sent.add(producer.send(new ProducerRecord<>("words", "" + i, "value " + i)));
                for (var one : sent) one.get();
            }

            // Two members share the topic. One is lost, and the other one reads the rest.
            var seen = ConcurrentHashMap.<String>newKeySet();
            var assignor = CooperativeStickyAssignor.class.getName();
            var staying = consumer("readers", "partition.assignment.strategy", assignor);
            var leaving = consumer("readers", "partition.assignment.strategy", assignor, "max.poll.records", 10);
            staying.subscribe(List.of("words"));
            leaving.subscribe(List.of("words"));
            boolean shared = false;
            while (!shared) {
                read(staying, seen);
                read(leaving, seen);
                shared = staying.assignment().size() == 2 && leaving.assignment().size() == 2;
            }
            leaving.close();
            while (seen.size() < COUNT) read(staying, seen);
            result.add("\"read\": " + seen.size());
            while (staying.assignment().size() < 4 || position(staying) < COUNT) read(staying, seen);
            staying.commitSync();
            var group = admin.describeConsumerGroups(List.of("readers")).all().get().get("readers");
            result.add("\"group\": \"" + group.groupState() + " " + group.members().size() + "\"");
            staying.close();
            long committed = 0;
            for (var one : admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata().get().values()) committed += one.offset();
            result.add("\"committed\": " + committed);

            try (var producer = producer("transactional.id", "bank")) {
                producer.initTransactions();
                for (int i = 0; i < 3; i++) {
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>("ledger", "" + i));
                    if (i == 1) producer.abortTransaction(); else producer.commitTransaction();
                }
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("ledger", "3"));
                producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("words", 0), new OffsetAndMetadata(7, "note")), new ConsumerGroupMetadata("copiers"));
                // Another producer with the same id fences this one, and aborts its transaction.
                try (var other = producer("transactional.id", "bank")) {
                    other.initTransactions();
                    try {
                        producer.commitTransaction();
                        result.add("\"fenced\": false");
                    } catch (org.apache.kafka.common.KafkaException e) {
                        result.add("\"fenced\": true");
                    }
                    other.beginTransaction();
                    other.send(new ProducerRecord<>("ledger", "4"));
                    other.sendOffsetsToTransaction(
                        Map.of(new TopicPartition("words", 0), new OffsetAndMetadata(9, "note")), new ConsumerGroupMetadata("copiers"));
                    other.commitTransaction();
                }
            }
            result.add("\"copied\": " + admin.listConsumerGroupOffsets("copiers").partitionsToOffsetAndMetadata().get()
                .get(new TopicPartition("words", 0)).offset());
            try (var auditor = consumer("auditors", "isolation.level", "read_committed")) {
                auditor.subscribe(List.of("ledger"));
                var ledger = new ArrayList<String>();
                while (ledger.size() < 3) for (var record : auditor.poll(Duration.ofMillis(100))) ledger.add(record.value());
                result.add("\"ledger\": " + ledger);
            }
            admin.deleteTopics(List.of("words")).all().get();
            result.add("\"left\": " + admin.listTopics().names().get().size());
        }
        System.out.println("{" + String.join(", ", result) + "}");
    }

    static long position(KafkaConsumer<String, String> consumer) {
        return consumer.assignment().stream().mapToLong(consumer::position).sum();
    }

    static void read(KafkaConsumer<String, String> consumer, Set<String> seen) {
        for (var record : consumer.poll(Duration.ofMillis(100))) seen.add(record.key());
        try {
            consumer.commitSync();
        } catch (CommitFailedException | org.apache.kafka.common.errors.RebalanceInProgressException e) {
            // The next owner of the partition reads the messages again.
        }
    }
}
