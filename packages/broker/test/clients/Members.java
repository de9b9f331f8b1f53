// Members of groups. They read a topic, commit, and print a line for each poll: GROUP VALUE VALUE ...
// java Members.java BROKER TOPIC GROUP=PROTOCOL ...; a line GROUP on the standard input makes that member leave, the end of the input all of them.
import java.io.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.errors.*;
import org.apache.kafka.common.serialization.*;

public class Members {
    static final Set<String> members = ConcurrentHashMap.newKeySet();

    public static void main(String[] args) throws Exception {
        for (int i = 2; i < args.length; i++) {
            var spec = args[i].split("=");
            members.add(spec[0]);
            new Thread(() -> read(args[0], args[1], spec[0], spec[1])).start();
        }
        var input = new BufferedReader(new InputStreamReader(System.in));
        for (String group = input.readLine(); group != null; group = input.readLine()) members.remove(group);
        members.clear();
    }

    static void read(String broker, String topic, String group, String protocol) {
        var config = new HashMap<String, Object>(Map.of(
            "bootstrap.servers", broker, "group.id", group, "group.protocol", protocol,
            "auto.offset.reset", "earliest", "enable.auto.commit", false));
        if (protocol.equals("classic")) {
            config.put("partition.assignment.strategy", RangeAssignor.class.getName());
            config.put("session.timeout.ms", 5000);
            config.put("heartbeat.interval.ms", 300);
        }
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            if (protocol.equals("classic")) consumer.subscribe(List.of(topic));
            else consumer.subscribe(new SubscriptionPattern(topic + "(-and-more)?")); // for the broker to match
            while (members.contains(group)) {
                var values = new ArrayList<String>(List.of(group));
                for (var record : consumer.poll(Duration.ofMillis(100))) values.add(record.value());
                if (values.size() == 1) continue;
                System.out.println(String.join(" ", values));
                try {
                    consumer.commitSync();
                } catch (CommitFailedException | RebalanceInProgressException e) {
                    // The next owner of the partition reads the messages again.
                }
            }
        }
    }
}
