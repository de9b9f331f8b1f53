"""librdkafka while its broker is killed and started again: python3 restart.py BROKER; the broker is to be killed at each line `kill`."""
import json
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer

COUNT = 3000
KILL_AT = (1000, 2000)

broker = sys.argv[1]
# Long timeouts, and short pauses between connection attempts.
patient = {'bootstrap.servers': broker, 'reconnect.backoff.ms': 20, 'reconnect.backoff.max.ms': 200}
failed = []
producer = Producer({**patient, 'enable.idempotence': True, 'linger.ms': 1, 'retry.backoff.ms': 20, 'message.timeout.ms': 90_000})
consumer = Consumer({**patient, 'group.id': 'readers', 'auto.offset.reset': 'earliest', 'enable.auto.commit': False})
consumer.subscribe(['t'])
read = []
deadline = time.monotonic() + 90


def take(timeout):
    message = consumer.poll(timeout)
    if message is not None and message.error() is None:
        read.append(int(message.value()))


for i in range(COUNT):
    if i in KILL_AT:
        print('kill', flush=True)
    producer.produce('t', str(i), on_delivery=lambda error, message: error and failed.append(str(error)))
    producer.poll(0.001)
    take(0)
left = producer.flush(90)
while len(set(read)) < COUNT and time.monotonic() < deadline:
    take(0.1)
position = None
while position != COUNT and time.monotonic() < deadline:
    take(0.01)
    try:
        position = consumer.commit(asynchronous=False)[0].offset
    except KafkaException as error:
        # The broker has lost its members: this one has to join again, and to continue from the committed offset.
        print(error, file=sys.stderr)
consumer.close()
print(json.dumps({'left': left, 'failed': failed, 'read': len(set(read)), 'inOrder': sorted(set(read)) == list(range(COUNT)), 'position': position}))
