import { expect, test } from 'vitest'
import { abortable } from './abortable.ts'

test('Without a signal, the promise itself is returned', () => {
  const work = Promise.resolve(1)
  expect(abortable(work, undefined)).toBe(work)
})

test('The result and the error of the work are passed on', async () => {
  const { signal } = new AbortController()
  expect(await abortable(Promise.resolve(1), signal)).toBe(1)
  await expect(abortable(Promise.reject(new Error('failed')), signal)).rejects.toThrow('failed')
})

test('When the signal fires, or has fired before, the promise rejects with its reason at once', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const never = abortable(new Promise(() => {}), controller.signal)
  controller.abort(reason)
  await expect(never).rejects.toBe(reason)
  await expect(abortable(new Promise(() => {}), controller.signal)).rejects.toBe(reason)
})

test('An error of the work that comes after the signal is dropped', async () => {
  const controller = new AbortController()
  const work = Promise.withResolvers<void>()
  const aborted = abortable(work.promise, controller.signal)
  controller.abort(new Error('enough'))
  work.reject(new Error('too late'))
  await expect(aborted).rejects.toThrow('enough')
})

test('No listener stays on the signal', async () => {
  let listeners = 0
  const signal = new EventTarget() as AbortSignal
  signal.addEventListener = () => listeners++
  signal.removeEventListener = () => listeners--
  await abortable(Promise.resolve(), signal)
  await Promise.resolve()
  expect(listeners).toBe(0)
})
