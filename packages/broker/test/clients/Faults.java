// Kafka's own Java clients under faults, which are set by HTTP: a producer, a transaction and a group.
// java Faults.java BROKER CONTROL_URL; prints one line of JSON: the messages read, and how often each fault has struck.
import java.net.URI;
import java.net.http.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.regex.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

public class Faults {
    static final int COUNT = 2_000;
    static final HttpClient http = HttpClient.newHttpClient();
    static final List<String> ids = new ArrayList<>();
    static String broker;
    static String control;

    static String send(HttpRequest.Builder request) throws Exception {
        var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) throw new IllegalStateException(response.body());
        return response.body();
    }

    /** Sets a fault. Its JSON has single quotes. */
    static String fault(String json) throws Exception {
        var body = HttpRequest.BodyPublishers.ofString("{" + json.replace('\'', '"') + "}");
        var answer = send(HttpRequest.newBuilder(URI.create(control + "/faults")).header("Content-Type", "application/json").POST(body));
        var id = Pattern.compile("\"id\":(\\d+)").matcher(answer);
        if (!id.find()) throw new IllegalStateException(answer);
        ids.add(id.group(1));
        return id.group(1);
    }

    static void release(String id) throws Exception {
        send(HttpRequest.newBuilder(URI.create(control + "/faults/" + id)).DELETE());
        ids.remove(id);
    }

    static Map<String, Object> config(Object... more) {
        var config = new HashMap<String, Object>();
        config.put("bootstrap.servers", broker);
        config.put("retry.backoff.ms", 20);
        config.put("retry.backoff.max.ms", 100);
        config.put("reconnect.backoff.ms", 20);
        config.put("reconnect.backoff.max.ms", 100);
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
        control = args[1];
        var result = new ArrayList<String>();
        try (var admin = Admin.create(config())) {
            fault("'fault': 'failRequests', 'api': 'CreateTopics', 'topic': 'words', 'error': 'THROTTLING_QUOTA_EXCEEDED', 'times': 1");
            admin.createTopics(List.of(new NewTopic("words", 4, (short) 1), new NewTopic("ledger", 1, (short) 1))).all().get();

            // Lost acknowledgements, leader changes, broken connections, late answers.
            fault("'fault': 'loseAcks', 'topic': 'words', 'after': 1, 'times': 4");
            fault("'fault': 'failRequests', 'api': 'Produce', 'topic': 'words', 'error': 'NOT_LEADER_OR_FOLLOWER', 'after': 3, 'times': 4");
            fault("'fault': 'loseRequests', 'api': 'Produce', 'topic': 'words', 'partition': 2, 'after': 2, 'times': 2");
            fault("'fault': 'loseResponses', 'api': 'Produce', 'topic': 'words', 'after': 9, 'times': 3");
            fault("'fault': 'delayResponses', 'api': 'Produce', 'delayMs': 50, 'after': 5, 'times': 4");
            fault("'fault': 'failRequests', 'api': 'Metadata', 'topic': 'words', 'error': 'LEADER_NOT_AVAILABLE', 'times': 2");
            fault("'fault': 'failRequests', 'api': 'InitProducerId', 'error': 'COORDINATOR_LOAD_IN_PROGRESS', 'times': 2");
            try (var producer = producer("linger.ms", 1, "batch.size", 400)) {
                var sent = new ArrayList<Future<RecordMetadata>>();
                for (int i = 0; i < COUNT; i++) sent.add(producer.send(new ProducerRecord<>("words", "" + i, "value " + i)));
                for (var one : sent) one.get();
            }

            // The coordinator of the group is loading, moves, and loses requests and answers. So does the leader of the partition.
            for (var one : List.of(
                    "'FindCoordinator', 'error': 'COORDINATOR_NOT_AVAILABLE'", "'JoinGroup', 'error': 'COORDINATOR_LOAD_IN_PROGRESS'",
                    "'SyncGroup', 'error': 'NOT_COORDINATOR'", "'OffsetFetch', 'error': 'COORDINATOR_LOAD_IN_PROGRESS'",
                    "'OffsetCommit', 'error': 'COORDINATOR_LOAD_IN_PROGRESS'"))
                fault("'fault': 'failRequests', 'groupId': 'readers', 'times': 2, 'api': " + one);
            fault("'fault': 'loseRequests', 'groupId': 'readers', 'api': 'JoinGroup', 'after': 3");
            fault("'fault': 'loseResponses', 'groupId': 'readers', 'api': 'SyncGroup', 'after': 2");
            fault("'fault': 'loseResponses', 'groupId': 'readers', 'api': 'OffsetCommit', 'after': 3");
            fault("'fault': 'failRequests', 'api': 'ListOffsets', 'error': 'LEADER_NOT_AVAILABLE', 'times': 2");
            fault("'fault': 'failRequests', 'api': 'Fetch', 'topic': 'words', 'partition': 1, 'error': 'NOT_LEADER_OR_FOLLOWER', 'times': 2");
            fault("'fault': 'loseResponses', 'api': 'Fetch', 'topic': 'words', 'after': 3, 'times': 2");
            fault("'fault': 'failRequests', 'api': 'Fetch', 'error': 'FETCH_SESSION_ID_NOT_FOUND', 'after': 6, 'times': 1");
            fault("'fault': 'delayResponses', 'api': 'Fetch', 'delayMs': 50, 'after': 4, 'times': 4");
            var seen = new ArrayList<String>();
            try (var reader = consumer("readers", "client.id", "one", "max.poll.records", 300)) {
                reader.subscribe(List.of("words"));
                while (seen.size() < COUNT) {
                    for (var record : reader.poll(Duration.ofMillis(100))) seen.add(record.key());
                    reader.commitSync();
                }
            }
            result.add("\"read\": " + seen.size() + ", \"different\": " + new HashSet<>(seen).size());
            long committed = 0;
            for (var one : admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata().get().values()) committed += one.offset();
            result.add("\"committed\": " + committed);

            // The consumer protocol, with the same faults of the coordinator.
            fault("'fault': 'loseRequests', 'groupId': 'newer', 'api': 'ConsumerGroupHeartbeat'");
            fault("'fault': 'failRequests', 'groupId': 'newer', 'api': 'ConsumerGroupHeartbeat', 'error': 'COORDINATOR_LOAD_IN_PROGRESS', 'times': 2");
            fault("'fault': 'loseResponses', 'groupId': 'newer', 'api': 'ConsumerGroupHeartbeat', 'after': 3");
            fault("'fault': 'failRequests', 'groupId': 'newer', 'api': 'OffsetFetch', 'error': 'COORDINATOR_LOAD_IN_PROGRESS', 'times': 2");
            fault("'fault': 'failRequests', 'groupId': 'newer', 'api': 'OffsetCommit', 'error': 'NOT_COORDINATOR', 'times': 2");
            seen.clear();
            try (var reader = consumer("newer", "group.protocol", "consumer")) {
                reader.subscribe(List.of("words"));
                while (seen.size() < COUNT) for (var record : reader.poll(Duration.ofMillis(100))) seen.add(record.key());
                reader.commitSync();
            }
            result.add("\"newer\": " + new HashSet<>(seen).size());

            // A slow coordinator of transactions. Then a commit is executed, but its answer is lost.
            fault("'fault': 'failRequests', 'transactionalId': 'bank', 'api': 'FindCoordinator', 'error': 'COORDINATOR_NOT_AVAILABLE', 'times': 2");
            fault("'fault': 'failRequests', 'transactionalId': 'bank', 'api': 'Produce', 'error': 'CONCURRENT_TRANSACTIONS', 'times': 2");
            fault("'fault': 'failRequests', 'transactionalId': 'bank', 'api': 'TxnOffsetCommit', 'error': 'COORDINATOR_LOAD_IN_PROGRESS', 'times': 2");
            fault("'fault': 'failRequests', 'transactionalId': 'bank', 'api': 'EndTxn', 'error': 'NOT_COORDINATOR', 'times': 1");
            fault("'fault': 'loseResponses', 'transactionalId': 'bank', 'api': 'EndTxn', 'after': 1, 'times': 2");
            try (var producer = producer("transactional.id", "bank")) {
                producer.initTransactions();
                for (int i = 0; i < 4; i++) {
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>("ledger", "" + i));
                    producer.sendOffsetsToTransaction(
                        Map.of(new TopicPartition("words", 0), new OffsetAndMetadata(i)), new ConsumerGroupMetadata("copiers"));
                    if (i == 1) producer.abortTransaction(); else producer.commitTransaction();
                }
            }
            var ledger = new ArrayList<String>();
            try (var auditor = consumer("auditors", "isolation.level", "read_committed")) {
                auditor.assign(List.of(new TopicPartition("ledger", 0)));
                while (auditor.position(new TopicPartition("ledger", 0)) < auditor.endOffsets(auditor.assignment()).values().iterator().next())
                    for (var record : auditor.poll(Duration.ofMillis(50))) ledger.add(record.value());
            }
            result.add("\"ledger\": " + ledger);

            // A member that is cut off loses its partitions to another member, and gets them back.
            Object[] quick = {"session.timeout.ms", 1000, "heartbeat.interval.ms", 100, "default.api.timeout.ms", 2000};
            try (var away = consumer("watchers", with(quick, "client.id", "away")); var here = consumer("watchers", with(quick, "client.id", "here"))) {
                away.subscribe(List.of("words"));
                here.subscribe(List.of("words"));
                while (away.assignment().size() != 2 || here.assignment().size() != 2) poll(away, here);
                var cut = fault("'fault': 'cutOff', 'clientId': 'away'");
                while (here.assignment().size() != 4) poll(away, here);
                release(cut);
                while (away.assignment().size() != 2 || here.assignment().size() != 2) poll(away, here);
            }
            result.add("\"shared\": true");
        }
        var unused = new ArrayList<String>();
        for (var id : ids) {
            var told = send(HttpRequest.newBuilder(URI.create(control + "/faults/" + id)));
            if (told.contains("\"struck\":0")) unused.add(told);
        }
        System.out.println("{" + String.join(", ", result) + ", \"faults\": " + ids.size() + ", \"unused\": " + unused + "}");
    }

    static Object[] with(Object[] config, Object... more) {
        var all = new ArrayList<>(List.of(config));
        all.addAll(List.of(more));
        return all.toArray();
    }

    static void poll(KafkaConsumer<String, String> a, KafkaConsumer<String, String> b) {
        a.poll(Duration.ofMillis(20));
        b.poll(Duration.ofMillis(20));
    }
}
