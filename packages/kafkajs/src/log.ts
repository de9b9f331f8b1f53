import type { Logger } from '@kasper/core'
import type { LogEntry, logCreator } from 'kafkajs'
import kafkajs from 'kafkajs'

/**
 * Writes kafkajs's log lines to a logger of Kasper. Most errors of kafkajs are retried, so they become warnings. Error codes of brokers
 * ("Response JoinGroup …") become debug lines, because they are thrown too, and often mean no failure but, say, a rebalance.
 */
export function logThrough(logger: Logger | undefined): logCreator {
  const { ERROR, WARN, INFO } = kafkajs.logLevel
  return () =>
    ({ namespace, level, log }: LogEntry): void => {
      if (logger === undefined) return
      const { message, timestamp: _, logger: __, ...fields } = log
      const line = { namespace: `kafkajs ${namespace}`.trim(), ...fields }
      if (level === ERROR && message.startsWith('Response ')) logger.debug(line, message)
      else if (level === ERROR || level === WARN) logger.warn(line, message)
      else if (level === INFO) logger.info(line, message)
      else logger.debug(line, message)
    }
}
