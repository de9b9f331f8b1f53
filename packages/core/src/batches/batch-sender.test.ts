import { expect, test } from 'vitest'
import type { OutgoingMessage } from '../kafka/message.ts'
import { BatchSender } from './run-batch.ts'

const a = { topic: 't', value: 'a' }
const b = { topic: 't', value: 'b' }
const c = { topic: 't', value: 'c' }

function recording(failures = 0) {
  const sent: (readonly OutgoingMessage[])[] = []
  const sender = new BatchSender(async (messages) => {
    await Promise.resolve()
    if (failures-- > 0) throw new Error('no broker')
    sent.push(messages)
    return [{ topic: 't', partition: 0, baseOffset: 0, count: messages.length }]
  })
  /** Sends what is left, as a delivery does. */
  const finish = async (): Promise<void> => {
    const left = await sender.finish()
    if (left.length > 0) sent.push(left)
  }
  return { sender, sent, finish }
}

test('collects until the end, then gives out all at once', async () => {
  const { sender, sent, finish } = recording()
  sender.send(a)
  sender.send(b)
  expect(sent).toEqual([])
  await finish()
  expect(sent).toEqual([[a, b]])
})

test('flush sends the collected messages and returns the acknowledgements; nothing is sent twice', async () => {
  const { sender, sent, finish } = recording()
  sender.send(a)
  expect(await sender.flush()).toEqual([{ topic: 't', partition: 0, baseOffset: 0, count: 1 }])
  expect(await sender.flush()).toEqual([])
  sender.send(b)
  await finish()
  expect(sent).toEqual([[a], [b]])
})

test('when flush fails the messages stay, before those collected since', async () => {
  const { sender, sent, finish } = recording(1)
  sender.send(a)
  sender.send(b)
  const flush = sender.flush()
  sender.send(c)
  await expect(flush).rejects.toThrow('no broker')
  await finish()
  expect(sent).toEqual([[a, b, c]])
})

test('finish waits for a flush that process did not wait for, and keeps the order', async () => {
  const { sender, sent, finish } = recording()
  sender.send(a)
  void sender.flush()
  sender.send(b)
  await Promise.resolve()
  sender.send(c)
  await finish()
  expect(sent.flat()).toEqual([a, b, c])
})

test('sending after the batch is an error with a reason', async () => {
  const { sender, sent, finish } = recording()
  await finish()
  expect(() => sender.send(a)).toThrow('would be lost')
  await expect(sender.flush()).rejects.toMatchObject({ code: 'CLOSED' })
  expect(sent).toEqual([])
})
