# Members of groups. They read a topic, commit, and print a line for each poll: GROUP VALUE VALUE ...
# python members.py BROKER TOPIC GROUP=PROTOCOL ...; a line GROUP on the standard input makes that member leave, the end of the input all of them.
import sys
import threading

from confluent_kafka import Consumer, KafkaException

broker, topic, *specs = sys.argv[1:]
leaving = {spec.split('=')[0]: threading.Event() for spec in specs}


def read(group, protocol):
    config = {'bootstrap.servers': broker, 'group.id': group, 'group.protocol': protocol, 'auto.offset.reset': 'earliest', 'enable.auto.commit': False}
    if protocol == 'classic':
        config |= {'partition.assignment.strategy': 'range', 'session.timeout.ms': 5000, 'heartbeat.interval.ms': 300}
    consumer = Consumer(config)
    consumer.subscribe([topic])
    while not leaving[group].is_set():
        messages = [message for message in consumer.consume(100, 0.1) if message.error() is None]
        if messages:
            # One call, because another thread prints too.
            sys.stdout.write(' '.join([group, *(message.value().decode() for message in messages)]) + '\n')
            sys.stdout.flush()
            try:
                consumer.commit(asynchronous=False)
            except KafkaException:
                pass  # The next owner of the partition reads the messages again.
    consumer.close()


for spec in specs:
    threading.Thread(target=read, args=spec.split('=')).start()
for line in sys.stdin:
    leaving[line.strip()].set()
for event in leaving.values():
    event.set()
