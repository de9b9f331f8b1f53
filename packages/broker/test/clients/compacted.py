"""librdkafka reads a compacted log with transactions: python3 compacted.py BROKER; compact topic t at the line `compact`, then answer."""
import json
import sys
import uuid

from confluent_kafka import Consumer, KafkaError, Producer

broker = sys.argv[1]
producer = Producer({'bootstrap.servers': broker, 'transactional.id': 'x'})
producer.init_transactions()


def transaction(commits, **values):
    producer.begin_transaction()
    for key, value in values.items():
        producer.produce('t', key=key, value=value)
    producer.flush(30)
    if commits:
        producer.commit_transaction(30)
    else:
        producer.abort_transaction(30)


def read(isolation):
    """What is there, in order, up to the end."""
    config = {'bootstrap.servers': broker, 'group.id': str(uuid.uuid4()), 'auto.offset.reset': 'earliest', 'enable.partition.eof': True}
    consumer = Consumer({**config, 'isolation.level': isolation})
    consumer.subscribe(['t'])
    found = []
    while True:
        message = consumer.poll(30)
        if message is None:
            raise TimeoutError('no end of the partition')
        if message.error() is not None:
            if message.error().code() == KafkaError._PARTITION_EOF:
                break
            raise RuntimeError(str(message.error()))
        found.append(f'{message.offset()} {message.key().decode()}={(message.value() or b"").decode()}')
    consumer.close()
    return found


transaction(True, a='1', b='1')
transaction(False, a='aborted', c='aborted')
transaction(True, a='2', c='2')
transaction(True, b=None)
transaction(False, d='aborted')
transaction(True, d='3')
before = read('read_committed')
print('compact', flush=True)
sys.stdin.readline()
after = {isolation: read(isolation) for isolation in ('read_committed', 'read_uncommitted')}
transaction(False, e='aborted')
transaction(True, e='4')
print(json.dumps({'before': before, 'after': after, 'later': read('read_committed')}))
