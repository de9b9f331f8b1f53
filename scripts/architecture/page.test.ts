import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { RULES } from './rules.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8')
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n')
const named = [...page.matchAll(/`([^`\s]+)`/g)].map(([, name]) => name!)

test('every file and folder that docs/architecture.md names exists', () => {
  const paths = named.filter((name) => !/^@|\*/.test(name) && /\/|\.ts$/.test(name))
  expect(paths.length).toBeGreaterThan(40)
  expect(paths.filter((path) => !files.some((file) => `/${file}/`.includes(`/${path}`)))).toEqual([])
})

test.each(Object.keys(RULES.folders))('docs/architecture.md has a row for every folder of %s', (name) => {
  const folders = Object.keys(RULES.folders[name]!).filter((folder) => folder !== '.')
  expect(folders.filter((folder) => !named.includes(`${folder}/`))).toEqual([])
})
