import { expect, test } from 'vitest'
import { partialFailureNotes, runStoreCall } from './store-call.ts'

const asStoreError = (error: unknown): Error => new Error('store error', { cause: error })

test('An error of the work becomes a store error', async () => {
  const cause = new Error('no connection')
  const failing = runStoreCall(undefined, () => Promise.reject(cause), asStoreError)
  await expect(failing).rejects.toMatchObject({ message: 'store error', cause })
  expect(await runStoreCall(undefined, () => Promise.resolve(1), asStoreError)).toBe(1)
})

test("The signal's reason is not wrapped, whatever the work rejects with", async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  const work = async (): Promise<never> => {
    controller.abort(reason)
    throw new Error('aborted by the library')
  }
  await expect(runStoreCall(controller.signal, work, asStoreError)).rejects.toBe(reason)
})

test('After the signal fired nothing is started', async () => {
  let started = false
  const work = async (): Promise<void> => void (started = true)
  await expect(runStoreCall(AbortSignal.abort(new Error('enough')), work, asStoreError)).rejects.toThrow('enough')
  expect(started).toBe(false)
})

test('A partial failure is noted at the end of a message', () => {
  expect(partialFailureNotes({ succeeded: 0, mayBeWritten: 0 })).toBe('')
  expect(partialFailureNotes({ succeeded: 3, mayBeWritten: 0 })).toBe(' (the other 3 keys succeeded)')
  expect(partialFailureNotes({ succeeded: 0, mayBeWritten: 'some' })).toBe(' (some of these may have been written)')
  expect(partialFailureNotes({ succeeded: 1, mayBeWritten: 2 })).toBe(
    ' (the other key succeeded) (2 of these may have been written)',
  )
})
