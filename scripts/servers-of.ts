import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { services } from './services/all.ts'
import type { Service } from './services/service.ts'

const launcher = fileURLToPath(new URL('services/', import.meta.url))

/** The servers whose variables appear in a test file, or in a file that it imports by path. */
export function serversOf(file: string, seen: Set<string> = new Set()): Service[] {
  // The launcher itself has the variables of every server.
  const isLauncher = file.startsWith(launcher) && !file.endsWith('.test.ts')
  if (seen.has(file) || isLauncher || !existsSync(file)) return []
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  const named = services.filter((service) => {
    const variables = Object.keys(service.environment({ dir: '', ports: service.portOffsets, bindAddress: '127.0.0.1' }))
    // One broker is enough. A test that needs three starts them itself.
    return service.name !== 'kafka3' && variables.some((variable) => text.includes(variable))
  })
  const imported = [...text.matchAll(/ from '(\.[^']+)'/g)].flatMap(([, path]) => serversOf(join(dirname(file), path!), seen))
  return [...new Set([...named, ...imported])]
}
