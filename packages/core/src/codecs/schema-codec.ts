import type { Codec } from './codec.ts'
import { KasperError } from '../runtime/errors.ts'
import type { StandardSchema, StandardSchemaIssue } from './standard-schema.ts'

/**
 * A codec that passes each decoded value through a schema and returns the schema's output. Throws `DECODE_FAILED`, which names the
 * path of each issue. The schema must validate synchronously. `encode` does not validate, since the schema need not accept its own
 * output as input.
 */
export function withSchema<T>(codec: Codec<unknown>, schema: StandardSchema<unknown, T>): Codec<T> {
  const standard = schema['~standard']
  return {
    encode: (value) => codec.encode(value),
    decode(bytes) {
      const result = standard.validate(codec.decode(bytes))
      if (result instanceof Promise) {
        // Its rejection must not be unhandled.
        result.catch(() => {})
        throw new KasperError(
          'CONFIG_INVALID',
          `the schema (${standard.vendor}) validates asynchronously: give a schema that validates synchronously`,
        )
      }
      if (result.issues === undefined) return result.value
      throw new KasperError('DECODE_FAILED', `not valid: ${result.issues.map(describe).join('; ')}`)
    },
  }
}

function describe({ message, path }: StandardSchemaIssue): string {
  if (path === undefined || path.length === 0) return message
  const steps = path.map((step) => String(typeof step === 'object' ? step.key : step))
  return `${steps.join('.')}: ${message}`
}
