# librdkafka, through confluent-kafka: produce|consume BROKER TOPIC MESSAGES SIZE. Prints one line of JSON.
import json
import sys
import time

from confluent_kafka import Consumer, Producer, TopicPartition

what, broker, topic, messages, size = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])


def produce():
    failed = []
    producer = Producer({
        'bootstrap.servers': broker,
        'acks': -1,
        'linger.ms': 5,
        'batch.size': 1_000_000,
        'queue.buffering.max.messages': 10_000_000,
        'queue.buffering.max.kbytes': 2_000_000,
    })
    producer.list_topics(topic, 30)
    value = b'x' * size
    start = time.perf_counter()
    for i in range(messages):
        producer.produce(topic, value)
        if i % 10_000 == 0:
            producer.poll(0)
    left = producer.flush(120)
    return messages - left, time.perf_counter() - start


def consume():
    consumer = Consumer({
        'bootstrap.servers': broker,
        'group.id': topic,
        'enable.auto.commit': False,
        # When this many messages are queued, the client stops fetching for a second.
        'queued.min.messages': 10_000_000,
        'queued.max.messages.kbytes': 2_000_000,
    })
    partitions = consumer.list_topics(topic, 30).topics[topic].partitions
    consumer.assign([TopicPartition(topic, partition, 0) for partition in partitions])
    start, read = time.perf_counter(), 0
    while read < messages:
        got = consumer.consume(10_000, 0.2)
        read += sum(1 for message in got if not message.error())
    took = time.perf_counter() - start
    consumer.close()
    return read, took


done, seconds = produce() if what == 'produce' else consume()
print(json.dumps({'messages': done, 'seconds': seconds}))
