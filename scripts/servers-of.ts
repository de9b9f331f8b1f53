import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { services } from './services/all.ts'
import type { Service } from './services/service.ts'

const launcher = fileURLToPath(new URL('services/', import.meta.url))

/** The servers whose variables are named in a test file, or in what it imports by path. */
export function serversOf(file: string, seen: Set<string> = new Set()): Service[] {
  // Every server's variables are named in the launcher itself.
  const isLauncher = file.startsWith(launcher) && !file.endsWith('.test.ts')
  if (seen.has(file) || isLauncher || !existsSync(file)) return []
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  const named = services.filter((service) => {
    const variables = Object.keys(service.environment({ dir: '', ports: service.portOffsets, bindAddress: '127.0.0.1' }))
    // One broker is enough for whoever does not start three himself.
    return service.name !== 'kafka3' && variables.some((variable) => text.includes(variable))
  })
  const imported = [...text.matchAll(/ from '(\.[^']+)'/g)].flatMap(([, path]) => serversOf(join(dirname(file), path!), seen))
  return [...new Set([...named, ...imported])]
}
