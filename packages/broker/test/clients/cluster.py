# librdkafka at several brokers, over TLS with a client's certificate and with SASL PLAIN, while leaders change. An idempotent
# producer writes numbers until the standard input ends, and a member of a group reads them.
# python cluster.py BROKERS CA-FILE USER PASSWORD CERTIFICATE-FILE KEY-FILE; prints a line when it has started, and a line of
# JSON at the end.
import json
import sys
import threading
import time

from confluent_kafka import Consumer, KafkaError, Producer
from confluent_kafka.admin import AdminClient

PARTITIONS = 6
brokers, ca, user, password, certificate, key = sys.argv[1:]
seen = set()
last = [-1] * PARTITIONS
state = {'in order': True, 'done': False}


def config(secret, **more):
    return {
        'bootstrap.servers': brokers,
        'security.protocol': 'SASL_SSL',
        'ssl.ca.location': ca,
        'ssl.certificate.location': certificate,
        'ssl.key.location': key,
        'sasl.mechanism': 'PLAIN',
        'sasl.username': user,
        'sasl.password': secret,
        **more,
    }


refusals = []
refused = AdminClient(config('wrong', error_cb=lambda error: refusals.append(error.code()), log_level=0))
while KafkaError._AUTHENTICATION not in refusals:
    refused.poll(0.1)
del refused
known = len(AdminClient(config(password)).list_topics(timeout=20).brokers)


def read():
    consumer = Consumer(config(password, **{'group.id': 'readers', 'auto.offset.reset': 'earliest', 'log_level': 0}))
    consumer.subscribe(['t'])
    while not state.get('all read'):
        message = consumer.poll(0.1)
        if message is None or message.error():
            continue
        if not seen:
            print('under way', flush=True)
        number, partition = int(message.value()), message.partition()
        # After a lost commit, messages are read again. This is not counted as disorder.
        if number not in seen and number <= last[partition]:
            state['in order'] = False
        seen.add(number)
        last[partition] = max(last[partition], number)
    consumer.close()


def wait():
    sys.stdin.read()
    state['done'] = True


reader = threading.Thread(target=read)
reader.start()
threading.Thread(target=wait, daemon=True).start()
failed = []
producer = Producer(config(password, **{'enable.idempotence': True, 'log_level': 0}))
sent = 0
while not state['done']:
    for _ in range(60):
        report = lambda error, message: failed.append(str(error)) if error else None
        producer.produce('t', value=str(sent), partition=sent % PARTITIONS, on_delivery=report)
        sent += 1
    while producer.flush(1) > 0:
        pass
while len(seen) < sent:
    time.sleep(0.02)
state['all read'] = True
reader.join()
print(json.dumps({'refused': True, 'brokers': known, 'failed': failed, 'sent': sent, 'read': len(seen), 'inOrder': state['in order']}))
