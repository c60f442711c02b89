import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareKeys, decodeKey, encodeKey, encodeKeyBytes, keyFromBytes } from '#src/storage/object-key.ts'

const anyKey = fc.string({ unit: 'grapheme', maxLength: 60 })
const anyBytes = fc.uint8Array({ maxLength: 60 })

test.each([
  ['lia/2024-05-01/1.jpg', 'lia/2024-05-01/1.jpg'],
  ['a b+c', 'a%20b%2Bc'],
  ["!'()*", '%21%27%28%29%2A'],
  ['100%/%2F?#&=;', '100%25/%252F%3F%23%26%3D%3B'],
  ['ação/😀', 'a%C3%A7%C3%A3o/%F0%9F%98%80'],
  ['~-._', '~-._'],
  ['line\nfeed\u0000', 'line%0Afeed%00'],
])('%j is written as %j', (key, encoded) => {
  expect(encodeKey(key)).toBe(encoded)
  expect(decodeKey(encoded)).toBe(key)
})

test('every key comes back from its encoding', () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      expect(decodeKey(encodeKey(key))).toBe(key)
      expect(encodeKey(key)).toBe(encodeKeyBytes(Buffer.from(key)))
    }),
    { numRuns: 2_000 },
  )
})

test('the encoding is made of nothing but unreserved characters, slashes and %XX', () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expect(encodeKeyBytes(bytes)).toMatch(/^([A-Za-z0-9\-._~/]|%[0-9A-F]{2})*$/)
    }),
  )
})

test.each(['%', '%2', '%GG', '%FF', '%C3', 'a%C0%80'])('%j is no encoded key', (encoded) => {
  expect(decodeKey(encoded)).toBeNull()
})

test('a key that is not UTF-8 is told by its bytes', () => {
  expect(keyFromBytes(Buffer.from([0x61, 0x2f, 0xff]))).toEqual({ key: 'a/%FF', isUtf8: false })
  expect(keyFromBytes(Buffer.from('a/é'))).toEqual({ key: 'a/é', isUtf8: true })
})

test('keys are ordered as their UTF-8 bytes are', () => {
  fc.assert(
    fc.property(anyKey, anyKey, (left, right) => {
      const byBytes = Buffer.compare(Buffer.from(left), Buffer.from(right))
      expect(Math.sign(compareKeys(left, right))).toBe(byBytes)
    }),
    { numRuns: 2_000 },
  )
  expect(compareKeys('\uffee', '😀')).toBeLessThan(0)
  expect(compareKeys('a', 'a/')).toBeLessThan(0)
})
