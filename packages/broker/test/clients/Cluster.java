// Kafka's own Java clients at several brokers, over TLS and with SCRAM-SHA-512, while leaders change. An idempotent producer writes
// numbers until the standard input ends, and a member of a group reads them.
// java Cluster.java BROKERS CA-FILE USER PASSWORD; prints a line when it has started, and a line of JSON at the end.
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.serialization.*;

public class Cluster {
    static final int PARTITIONS = 6;
    static final Set<Integer> seen = ConcurrentHashMap.newKeySet();
    static volatile boolean inOrder = true;
    static volatile boolean done = false;

    static Map<String, Object> config(String[] args, String password, Object... more) {
        var config = new HashMap<String, Object>();
        config.put("bootstrap.servers", args[0]);
        config.put("security.protocol", "SASL_SSL");
        config.put("ssl.truststore.type", "PEM");
        config.put("ssl.truststore.location", args[1]);
        config.put("sasl.mechanism", "SCRAM-SHA-512");
        config.put("sasl.jaas.config", "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + args[2]
            + "\" password=\"" + password + "\";");
        for (int i = 0; i < more.length; i += 2) config.put((String) more[i], more[i + 1]);
        return config;
    }

    public static void main(String[] args) throws Exception {
        boolean refused = false;
        try (var admin = Admin.create(config(args, "wrong"))) {
            admin.describeCluster().nodes().get();
        } catch (ExecutionException e) {
            refused = e.getCause() instanceof SaslAuthenticationException;
        }
        int brokers;
        try (var admin = Admin.create(config(args, args[3]))) {
            brokers = admin.describeCluster().nodes().get().size();
        }
        var reader = new Thread(() -> read(config(args, args[3], "group.id", "readers", "auto.offset.reset", "earliest")));
        reader.start();
        var stop = new Thread(() -> {
            try {
                while (System.in.read() >= 0);
            } catch (java.io.IOException e) {
                // the client is closed anyway
            }
            done = true;
        });
        stop.setDaemon(true);
        stop.start();
        int sent = 0;
        try (var producer = new KafkaProducer<>(config(args, args[3]), new IntegerSerializer(), new StringSerializer())) {
            while (!done) {
                var round = new ArrayList<Future<RecordMetadata>>();
                for (int i = 0; i < 60; i++, sent++) round.add(producer.send(new ProducerRecord<>("t", sent % PARTITIONS, sent, "value")));
                for (var one : round) one.get();
            }
        }
        while (seen.size() < sent && reader.isAlive()) Thread.sleep(20);
        reader.interrupt();
        reader.join();
        System.out.println("{\"refused\":" + refused + ",\"brokers\":" + brokers + ",\"sent\":" + sent + ",\"read\":" + seen.size()
            + ",\"inOrder\":" + inOrder + "}");
    }

    static void read(Map<String, Object> config) {
        var last = new int[PARTITIONS];
        Arrays.fill(last, -1);
        try (var consumer = new KafkaConsumer<>(config, new IntegerDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("t"));
            while (true) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (seen.isEmpty()) System.out.println("under way");
                    // After a lost commit, messages are read again. This is not counted as disorder.
                    boolean again = !seen.add(record.key());
                    if (!again && record.key() <= last[record.partition()]) inOrder = false;
                    last[record.partition()] = Math.max(last[record.partition()], record.key());
                }
            }
        } catch (org.apache.kafka.common.errors.InterruptException e) {
            Thread.interrupted();
        }
    }
}
