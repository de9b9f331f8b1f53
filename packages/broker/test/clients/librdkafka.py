# librdkafka: topics, an idempotent producer with all compression types, a consumer group, transactions.
# python librdkafka.py BROKER; prints one line of JSON.
import json
import sys
import time

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic

broker = {'bootstrap.servers': sys.argv[1]}
DEADLINE = time.time() + 50
result = {}


def consumer(group, **config):
    return Consumer({**broker, 'group.id': group, 'auto.offset.reset': 'earliest', 'enable.auto.commit': False, **config})


def read(one, count):
    messages = []
    while len(messages) < count:
        if time.time() > DEADLINE:
            raise TimeoutError('%d of %d messages' % (len(messages), count))
        message = one.poll(0.2)
        if message is None:
            continue
        if message.error():
            raise Exception(message.error())
        messages.append(message)
    return messages


admin = AdminClient(broker)
for future in admin.create_topics([NewTopic('words', 3, 1), NewTopic('ledger', 1, 1)]).values():
    future.result()
try:
    list(admin.create_topics([NewTopic('words', 3, 1)]).values())[0].result()
except Exception as error:
    result['again'] = error.args[0].name()

failed = []
for codec in ['none', 'gzip', 'snappy', 'lz4', 'zstd']:
    producer = Producer({**broker, 'enable.idempotence': True, 'compression.type': codec})
    for i in range(1000):
        producer.produce('words', key=str(i), value=('%s %d' % (codec, i)) * 5, on_delivery=lambda e, m: failed.append(str(e)) if e else None)
    producer.flush(30)
result['failed'] = failed

one = consumer('readers')
one.subscribe(['words'])
result['read'] = len({(m.partition(), m.offset()) for m in read(one, 5000)})
one.commit(asynchronous=False)
described = admin.describe_consumer_groups(['readers'])['readers'].result()
result['group'] = [described.state.name, len(described.members), len(described.members[0].assignment.topic_partitions)]
result['committed'] = sum(p.offset for p in one.committed([TopicPartition('words', p) for p in range(3)], timeout=10))
one.close()

producer = Producer({**broker, 'transactional.id': 'bank'})
producer.init_transactions(30)
for value, end in [('one', producer.commit_transaction), ('two', producer.abort_transaction), ('three', producer.commit_transaction)]:
    producer.begin_transaction()
    producer.produce('ledger', value=value)
    producer.flush(30)
    end(30)
one = consumer('auditors')
one.subscribe(['ledger'])
result['ledger'] = [m.value().decode() for m in read(one, 2)]
producer.begin_transaction()
producer.send_offsets_to_transaction(one.position(one.assignment()), one.consumer_group_metadata(), 30)
producer.commit_transaction(30)
one.close()
two = consumer('readers of all', **{'isolation.level': 'read_uncommitted'})
two.subscribe(['ledger'])
result['all'] = [m.value().decode() for m in read(two, 3)]
two.close()

result['retention'] = list(admin.describe_configs([ConfigResource('topic', 'words')]).values())[0].result()['retention.ms'].value
print(json.dumps(result))
