// The codecs of all messages by name, for tests that go through all of them.
import type { Draft } from '../src/draft.ts'
import * as consumerProtocolAssignment from '../src/messages/consumer-protocol-assignment.ts'
import * as consumerProtocolSubscription from '../src/messages/consumer-protocol-subscription.ts'
import * as endTxnMarker from '../src/messages/end-txn-marker.ts'
import { apis } from '../src/messages/index.ts'
import * as requestHeader from '../src/messages/request-header.ts'
import * as responseHeader from '../src/messages/response-header.ts'
import type { Reader } from '../src/reader.ts'
import type { Writer } from '../src/writer.ts'

/** The reader and writer of one message. */
export interface Codec {
  read(reader: Reader, version: number): object
  write(writer: Writer, value: Draft<unknown>, version: number): void
}

/** All codecs, by the name of the message. */
export const codecs: ReadonlyMap<string, Codec> = new Map<string, Codec>([
  ...[...apis.values()].flatMap((api): [string, Codec][] => [
    [
      `${api.name}Request`,
      { read: (...given) => api.readRequest(...given) as object, write: (...given) => api.writeRequest(...given) },
    ],
    [
      `${api.name}Response`,
      { read: (...given) => api.readResponse(...given) as object, write: (...given) => api.writeResponse(...given) },
    ],
  ]),
  [
    'ConsumerProtocolAssignment',
    codec(consumerProtocolAssignment.readConsumerProtocolAssignment, consumerProtocolAssignment.writeConsumerProtocolAssignment),
  ],
  [
    'ConsumerProtocolSubscription',
    codec(
      consumerProtocolSubscription.readConsumerProtocolSubscription,
      consumerProtocolSubscription.writeConsumerProtocolSubscription,
    ),
  ],
  ['EndTxnMarker', codec(endTxnMarker.readEndTxnMarker, endTxnMarker.writeEndTxnMarker)],
  ['RequestHeader', codec(requestHeader.readRequestHeader, requestHeader.writeRequestHeader)],
  ['ResponseHeader', codec(responseHeader.readResponseHeader, responseHeader.writeResponseHeader)],
])

function codec<T extends object>(
  read: (reader: Reader, version: number) => T,
  write: (writer: Writer, value: Draft<T>, version: number) => void,
): Codec {
  return { read, write: (writer, value, version) => write(writer, value as Draft<T>, version) }
}
