// Updates the committed definitions from Kafka's jar, which Maven downloads. Run generator/main.ts afterwards.
import { writeFileSync } from 'node:fs'
import { Interop } from '../interop/java.ts'
import { type ErrorDefinition, formatSnapshot, KAFKA_VERSION, type MessageDefinition, snapshotFile } from './snapshot.ts'

await using java = await Interop.start()
const messages = await java.ask<MessageDefinition>({ do: 'schemas' })
const errors = await java.ask<ErrorDefinition>({ do: 'errors' })
writeFileSync(snapshotFile, formatSnapshot({ messages, errors }))
console.log(`Wrote ${messages.length} definitions and ${errors.length} errors of Kafka ${KAFKA_VERSION}`)
