import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../processes.ts'
import type { Install, NodePlan, Progress, Service, Settings } from '../service.ts'
import { ServiceError } from '../service-error.ts'

const dataDir = (settings: Settings): string => join(settings.dir, 'data')

function isInstalled(): boolean {
  return (process.env['PATH'] ?? '').split(':').some((dir) => existsSync(join(dir, 'redis-server')))
}

/** Redis as the system packages it; where it is missing, apt installs it if it may. */
export const redis: Service = {
  name: 'redis',
  title: 'Redis 7',
  version: '7.2',
  portVariable: 'REDIS_PORT',
  defaultPort: 16379,
  portOffsets: [0],

  async install(progress: Progress): Promise<Install> {
    if (!isInstalled()) {
      if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
        throw new ServiceError('redis-server is not installed', {
          fix: 'install it (Debian, Ubuntu: sudo apt install redis-server; macOS: brew install redis), or start Docker',
        })
      }
      progress.say('installing redis-server with apt …')
      await run(['apt-get', 'update', '-qq'], { signal: progress.signal })
      await run(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'redis-server'], { signal: progress.signal })
    }
    return { dir: '' }
  },

  async configure(settings: Settings): Promise<void> {
    await mkdir(dataDir(settings), { recursive: true })
  },

  nodes: (settings: Settings): readonly NodePlan[] => [
    {
      name: 'redis-1',
      port: settings.ports[0]!,
      // It comes back from kill -9 with everything that it had acknowledged. With an fsync every second, as is usual, it would
      // not: while one is under way, it goes on answering for up to two seconds without writing.
      command: () => [
        'redis-server',
        '--bind',
        '127.0.0.1',
        '--port',
        String(settings.ports[0]),
        '--dir',
        dataDir(settings),
        '--save',
        '',
        '--appendonly',
        'yes',
        '--appendfsync',
        'always',
      ],
      isReady: (log) => log.includes('Ready to accept connections'),
    },
  ],

  environment: (settings: Settings): Readonly<Record<string, string>> => ({
    REDIS_URL: `redis://127.0.0.1:${settings.ports[0]}`,
  }),
}
