import { defineConfig, type ViteUserConfig } from 'vitest/config'

// Deadlines that only catch hanging tests, because machines can be busy.
const testTimeout = 120_000
const hookTimeout = 120_000
const poll = { timeout: 30_000, interval: 20 }

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout,
          hookTimeout,
          expect: { poll },
          include: ['{packages,apps}/*/src/**/*.test.ts', '{scripts,benchmarks}/**/*.test.ts'],
          exclude: ['**/*.e2e.test.ts', '**/node_modules/**'],
        },
      },
      {
        // With real servers, which `npm run e2e` starts and all files share. The tests mostly wait, so two files run at once.
        test: {
          name: 'e2e',
          include: ['{packages,apps}/*/src/**/*.e2e.test.ts', '{scripts,benchmarks}/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**'],
          maxWorkers: 2,
          testTimeout,
          hookTimeout,
          expect: { poll },
        },
      },
    ],
  },
})

export default config
