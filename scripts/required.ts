import process from 'node:process'

/** A variable that `npm run e2e` sets for the tests. An absent one is a failure, never a reason to skip. */
export function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: npm run e2e sets it, after it has started the server`)
  return value
}
