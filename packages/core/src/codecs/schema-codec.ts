import type { Codec } from './codec.ts'
import { KasperError } from '../runtime/errors.ts'
import type { StandardSchema, StandardSchemaIssue } from './standard-schema.ts'

/**
 * A codec whose `decode` passes what it decoded through a schema and returns the schema's output: `DECODE_FAILED` names the path
 * of each issue. The schema must validate synchronously. `encode` does not validate: its values are of the schema's *output*,
 * which need not be an input that the schema takes.
 */
export function withSchema<T>(codec: Codec<unknown>, schema: StandardSchema<unknown, T>): Codec<T> {
  const standard = schema['~standard']
  return {
    encode: (value) => codec.encode(value),
    decode(bytes) {
      const result = standard.validate(codec.decode(bytes))
      if (result instanceof Promise) {
        // What it will say interests nobody, and must not be unhandled.
        result.catch(() => {})
        throw new KasperError(
          'CONFIG_INVALID',
          `the schema (${standard.vendor}) validates asynchronously; a codec needs one that does not`,
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
