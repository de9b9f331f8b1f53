import { installOnce } from '../../../../scripts/services/installs.ts'
import { run } from '../../../../scripts/services/processes.ts'

const VERSION = '2.16.1'

/** The path of `confluent-kafka` from PyPI, which is librdkafka for Python. */
export function confluentKafka(): Promise<string> {
  return installOnce(`confluent-kafka-${VERSION}`, async (dir) => {
    await run(['python3', '-m', 'pip', 'install', '--quiet', '--target', dir, `confluent-kafka==${VERSION}`])
  })
}
