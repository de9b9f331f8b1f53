// The client by its name, because npm test takes whatever names a server's variable, by path, for a test that needs that server.
import { kafkajs } from '@kasper/kafkajs'
import { conformsEmbedded } from '../../../scripts/embedded-clients.ts'

await conformsEmbedded((brokers) => kafkajs({ brokers }))
