import type { Logger } from '@kasper/core'
import type { LogEntry, logCreator } from 'kafkajs'
import kafkajs from 'kafkajs'

/**
 * kafkajs's log lines through our logger. What kafkajs calls an error is mostly something that it, or we, try again, so it arrives
 * as a warning; and a broker's refusal ("Response JoinGroup …") for debugging only: it is always thrown as well, and often is no
 * more than news, as that a group rebalances.
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
