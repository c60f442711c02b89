import { describe, expect, test } from 'vitest'
import { folderSigner, verifyLink } from '#src/storage/folder-link.ts'

const linkKey = Buffer.from('a key for tests, of 32 bytes, ok')
const signer = folderSigner({ linkKey, linkSeconds: 1800 })
const halfPastTen = new Date('2026-03-01T10:30:00Z')

function verdict(link: string, now = halfPastTen) {
  const [path = '', query] = link.split('?')
  return verifyLink(linkKey, path.replace('/media/', ''), Object.fromEntries(new URLSearchParams(query)), now)
}

test('a link names the key, its end and a signature', () => {
  expect(signer(halfPastTen)('lia/a%20b.jpg')).toMatch(/^\/media\/lia\/a%20b\.jpg\?e=1772364600&s=[\w-]{43}$/)
})

test('a link can name the site it belongs to', () => {
  const absolute = folderSigner({ linkKey, linkSeconds: 1800, baseUrl: 'https://films.example' })
  expect(absolute(halfPastTen)('a.jpg')).toMatch(/^https:\/\/films\.example\/media\/a\.jpg\?/)
})

test('a link is the same for its window and another in the next', () => {
  const link = signer(halfPastTen)('a.jpg')
  expect(signer(new Date('2026-03-01T10:59:59.999Z'))('a.jpg')).toBe(link)
  expect(signer(new Date('2026-03-01T11:00:00Z'))('a.jpg')).not.toBe(link)
})

test.each([
  ['10:30:00.000', 'valid'],
  ['10:59:59.999', 'valid'],
  ['11:29:59.999', 'valid'],
  ['11:30:00.000', 'expired'],
  ['23:00:00.000', 'expired'],
])('a link made between 10:30 and 11:00 is at %s %s', (time, expected) => {
  const link = signer(new Date('2026-03-01T10:45:00Z'))('a.jpg')
  expect(verdict(link, new Date(`2026-03-01T${time}Z`))).toBe(expected)
})

describe('a forged link is told apart, expired or not:', () => {
  const link = signer(halfPastTen)('lia/1.jpg')
  const [, expires = '', signature = ''] = /e=(\d+)&s=(.+)/.exec(link) ?? []
  const later = String(Number(expires) + 1800)

  test.each([
    ['another key', link.replace('1.jpg', '2.jpg')],
    ['the same key written otherwise', link.replace('lia', '%6Cia')],
    ['a longer life', link.replace(expires, later)],
    ['an end that is no number', link.replace(expires, 'Infinity')],
    ['an end with a sign', link.replace(`e=${expires}`, `e=%2B${expires}`)],
    ['an end in another notation', link.replace(expires, `${expires}.0`)],
    ['no end', link.replace(`e=${expires}&`, '')],
    ['no signature', link.replace(`&s=${signature}`, '')],
    ['an empty signature', link.replace(signature, '')],
    ['half a signature', link.replace(signature, signature.slice(0, 20))],
    ['a signature with more behind', `${link}A`],
    ['the signature of another link', link.replace(signature, signer(halfPastTen)('lia/2.jpg').slice(-43))],
    [
      'text moved from the key into the end',
      link.replace('lia/1.jpg', '').replace(expires, `${expires}lia/1.jpg`),
    ],
  ])('%s', (_, forged) => {
    expect(verdict(forged)).toBe('forged')
    expect(verdict(forged, new Date('2030-01-01'))).toBe('forged')
  })

  test('every changed character of the signature', () => {
    // The last character holds two spare bits; all others count in full.
    for (const index of Array(signature.length).keys()) {
      const other = signature[index] === 'A' ? 'Q' : 'A'
      const changed = signature.slice(0, index) + other + signature.slice(index + 1)
      expect(verdict(link.replace(signature, changed))).toBe('forged')
    }
  })

  test('the same link under another key', () => {
    const otherKey = Buffer.alloc(32, 7)
    expect(verifyLink(otherKey, 'lia/1.jpg', { e: expires, s: signature }, halfPastTen)).toBe('forged')
  })
})
