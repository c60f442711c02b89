import { format } from 'node:util'
import { afterEach } from 'vitest'

/**
 * An unexpected `console.error` fails the test it came in. A test that expects one spies on it:
 * `vi.spyOn(console, 'error').mockImplementation(() => {})`.
 */
const complaints: string[] = []

console.error = (...words: unknown[]) => {
  complaints.push(format(...words))
}

afterEach(() => {
  const unexpected = complaints.splice(0)
  if (unexpected.length > 0) throw new Error(`console.error was called:\n${unexpected.join('\n')}`)
})
