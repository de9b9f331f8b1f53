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

/** Redis from the system's packages. Installs it with apt if this process is root. */
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
      // `appendfsync always`, so that kill -9 loses no acknowledged write. With the usual `everysec`, Redis acknowledges writes for
      // up to two seconds before they are on disk.
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
