import { createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmacSha256 } from '#src/storage/hmac-sha256.ts'

const message = fc.string({ unit: 'grapheme', maxLength: 900 })
const key = fc.uint8Array({ minLength: 1, maxLength: 150 })

test.each(['hex', 'base64url'] as const)('authenticates in %s as the standard library does', (encoding) => {
  fc.assert(
    fc.property(key, message, fc.array(message, { maxLength: 5 }), (key, beginning, messages) => {
      const authenticate = hmacSha256(key, encoding, beginning)
      for (const message of messages) {
        const genuine = createHmac('sha256', key)
          .update(beginning + message)
          .digest(encoding)
        expect(authenticate(message)).toBe(genuine)
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
