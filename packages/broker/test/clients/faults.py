# librdkafka under faults, which are set by HTTP: an idempotent producer and a group.
# python faults.py BROKER CONTROL_URL; prints one line of JSON: the messages read, and the faults that have not struck.
import json
import sys
import time
from urllib.request import Request, urlopen

from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

COUNT = 2000
broker, control = sys.argv[1:]
config = {'bootstrap.servers': broker, 'reconnect.backoff.ms': 20, 'reconnect.backoff.max.ms': 100, 'retry.backoff.ms': 20, 'retry.backoff.max.ms': 100, 'log_level': 0}
DEADLINE = time.time() + 50
ids = []


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(control + path, data, {'Content-Type': 'application/json'}, method=method)) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def fault(name, **settings):
    ids.append(ask('POST', '/faults', {'fault': name, **settings})['id'])


admin = AdminClient(config)
for future in admin.create_topics([NewTopic('words', 4, 1)]).values():
    future.result()

fault('loseAcks', topic='words', after=1, times=4)
fault('failRequests', api='Produce', topic='words', error='NOT_LEADER_OR_FOLLOWER', after=3, times=4)
fault('loseRequests', api='Produce', topic='words', partition=2, after=2, times=2)
fault('loseResponses', api='Produce', topic='words', after=9, times=3)
fault('delayResponses', api='Produce', delayMs=50, after=5, times=4)
fault('failRequests', api='Metadata', topic='words', error='LEADER_NOT_AVAILABLE', times=2)
fault('failRequests', api='InitProducerId', error='COORDINATOR_LOAD_IN_PROGRESS', times=2)
failed = []
producer = Producer({**config, 'enable.idempotence': True, 'linger.ms': 1, 'batch.num.messages': 20})
for i in range(COUNT):
    producer.produce('words', key=str(i), value='value %d' % i, on_delivery=lambda e, m: failed.append(str(e)) if e else None)
producer.flush(40)

for api, error in [
    ('FindCoordinator', 'COORDINATOR_NOT_AVAILABLE'),
    ('JoinGroup', 'COORDINATOR_LOAD_IN_PROGRESS'),
    ('OffsetFetch', 'COORDINATOR_LOAD_IN_PROGRESS'),
    ('OffsetCommit', 'NOT_COORDINATOR'),
]:
    fault('failRequests', groupId='readers', api=api, error=error)
fault('loseRequests', groupId='readers', api='JoinGroup', after=1)
fault('loseResponses', groupId='readers', api='SyncGroup')
fault('failRequests', api='Fetch', topic='words', partition=1, error='NOT_LEADER_OR_FOLLOWER', times=2)
fault('loseResponses', api='Fetch', topic='words', after=3, times=2)
fault('delayResponses', api='Fetch', delayMs=50, after=4, times=4)
consumer = Consumer({**config, 'group.id': 'readers', 'auto.offset.reset': 'earliest', 'enable.auto.commit': False})
consumer.subscribe(['words'])
seen = []
while len(seen) < COUNT:
    if time.time() > DEADLINE:
        raise TimeoutError('%d of %d messages' % (len(seen), COUNT))
    message = consumer.poll(0.2)
    if message is not None and not message.error():
        seen.append(message.key())
retries = 0
while True:
    try:
        consumer.commit(asynchronous=False)
        break
    except KafkaException:
        # librdkafka does not retry a commit.
        retries += 1
        if time.time() > DEADLINE:
            raise
        time.sleep(0.05)
consumer.close()
unused = [one for one in (ask('GET', '/faults/%d' % id) for id in ids) if one['struck'] == 0]
print(json.dumps({'failed': failed, 'read': len(seen), 'different': len(set(seen)), 'faults': len(ids), 'unused': unused}))
