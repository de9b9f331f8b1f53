// Imports the client by its package name. By path, `npm test` would take this for a test that needs a server, because other files do.
import { platformatic } from '@kasper/platformatic'
import { conformsEmbedded } from '../../../scripts/embedded-clients.ts'

await conformsEmbedded((bootstrapBrokers) => platformatic({ bootstrapBrokers }))
