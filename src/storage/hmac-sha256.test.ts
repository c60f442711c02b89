import { createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmacSha256 } from '#src/storage/hmac-sha256.ts'

const message = fc.string({ unit: 'grapheme', maxLength: 900 })
const key = fc.uint8Array({ minLength: 1, maxLength: 150 })

test.each(['hex', 'base64url'] as const)('authenticates in %s as the standard library does', (encoding) => {
  fc.assert(
    fc.property(key, fc.array(message, { maxLength: 5 }), (key, messages) => {
      const authenticate = hmacSha256(key, encoding)
      for (const message of messages) {
        expect(authenticate(message)).toBe(createHmac('sha256', key).update(message).digest(encoding))
      }
    }),
  )
})

test('two keys in use at once do not disturb each other', () => {
  const [one, other] = [hmacSha256(randomBytes(32), 'hex'), hmacSha256(randomBytes(32), 'hex')]
  const before = one('message')
  other('a longer message than that')
  expect(one('message')).toBe(before)
})
