import { KasperError } from '@kasper/core'

/** Whether this is `host:port`. */
export function isAddress(broker: unknown): boolean {
  return typeof broker === 'string' && /^[^:/@\s]+:\d{1,5}$/.test(broker)
}

/**
 * Makes sure that an option of a client's configuration names brokers.
 *
 * @param isBroker what each of them may be. @default `host:port`
 * @throws KasperError `CONFIG_INVALID`
 */
export function checkBrokers(option: string, brokers: unknown, isBroker: (broker: unknown) => boolean = isAddress): void {
  if (Array.isArray(brokers) && brokers.length > 0 && brokers.every(isBroker)) return
  throw new KasperError('CONFIG_INVALID', `${option} is ${JSON.stringify(brokers)}: list one or more brokers, as "host:port"`)
}
