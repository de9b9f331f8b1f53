import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // A deadline for what hangs, not a measure of speed: machines can be busy.
          testTimeout: 60_000,
          include: ['{packages,apps}/*/src/**/*.test.ts', '{scripts,benchmarks}/**/*.test.ts'],
          exclude: ['**/*.e2e.test.ts', '**/node_modules/**'],
        },
      },
      {
        // Against real servers, which `npm run e2e` starts and all files share. Most of the time they wait, so two at once.
        test: {
          name: 'e2e',
          include: ['{packages,apps}/*/src/**/*.e2e.test.ts', '{scripts,benchmarks}/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**'],
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})

export default config
