import process from 'node:process'

/** A variable that `npm run e2e` sets for the tests. Throws if it is absent, because no test is skipped. */
export function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new Error(`${name} is not set. Run this test with npm run e2e, which starts the server and sets it`)
  return value
}
