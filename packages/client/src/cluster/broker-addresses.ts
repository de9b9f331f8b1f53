import { KasperError } from '@kasper/core'

/** Whether this is a string `host:port`. */
export function isAddress(broker: unknown): boolean {
  return typeof broker === 'string' && /^[^:/@\s]+:\d{1,5}$/.test(broker)
}

/**
 * Checks an option that lists brokers.
 *
 * @param option its name, for the message
 * @param isBroker whether an element is a broker. @default whether it is a string `host:port`
 * @throws KasperError `CONFIG_INVALID`
 */
export function checkBrokers(option: string, brokers: unknown, isBroker: (broker: unknown) => boolean = isAddress): void {
  if (Array.isArray(brokers) && brokers.length > 0 && brokers.every(isBroker)) return
  throw new KasperError('CONFIG_INVALID', `${option} is ${JSON.stringify(brokers)}: list one or more brokers, as "host:port"`)
}
