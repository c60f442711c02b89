import { describe, expect, test } from 'vitest'
import { HARD_KEYS } from '#test/support/hard-keys.ts'
import { meaningOf, printableKey } from './key-grammar.ts'

const of = (key: string) => meaningOf(key, true)
const media = (model: string, post: string, type: string) => ({ kind: 'media', model, post, type })
const art = (model: string, kind: string) => ({ kind: 'art', model, art: kind })
const playlist = (model: string, post: string) => ({ kind: 'playlist', model, post })
const captions = { kind: 'captions' }
const other = (because: string) => ({ kind: 'other', because })
const ignored = (because: string) => ({ kind: 'ignored', because })
const quarantined = (reason: string) => ({ kind: 'quarantined', reason })

const CONTROL = 'The name has a control character.'
const DOTS = 'A folder is called "." or "..".'
const LONG = 'The name is longer than 1,024 bytes.'

describe('what a key means', () => {
  test.each([
    // <model>/<post>/<rest…>
    ['maria/praia/1.jpg', media('maria', 'praia', 'image')],
    ['maria/praia/deep/er/1.mp4', media('maria', 'praia', 'video')],
    ['maria/praia/profile/icon.png', media('maria', 'praia', 'image')],
    ['maria/Profile/icon.png', media('maria', 'Profile', 'image')],
    ['maria/profile 2/icon.png', media('maria', 'profile 2', 'image')],
    ['profile/praia/1.jpg', media('profile', 'praia', 'image')],
    ['João & zé/praia #1?/100% "ok".webp', media('João & zé', 'praia #1?', 'image')],
    ['עברית/😀/\u202eغ.gif', media('עברית', '😀', 'image')],
    ['a%2Fb/%2e%2e/1.jpg', media('a%2Fb', '%2e%2e', 'image')],
    ['maria /praia/1.jpg', media('maria ', 'praia', 'image')],
    ['maria/.../1.jpg', media('maria', '...', 'image')],
    ['maria/.hidden/..1.jpg', media('maria', '.hidden', 'image')],
    ['back\\slash/..\\up/1.jpg', media('back\\slash', '..\\up', 'image')],

    // <model>/profile/…
    ['maria/profile/icon.jpg', art('maria', 'icon')],
    ['maria/profile/Banner.JPEG', art('maria', 'banner')],
    ['maria/profile/cover.avif', art('maria', 'cover')],
    ['profile/profile/icon.webp', art('profile', 'icon')],
    ['maria/profile/icon.gif', ignored('in a profile folder')],
    ['maria/profile/icon', ignored('in a profile folder')],
    ['maria/profile/icon.jpg.png', ignored('in a profile folder')],
    ['maria/profile/my-icon.jpg', ignored('in a profile folder')],
    ['maria/profile/film.mp4', ignored('in a profile folder')],
    ['maria/profile/deep/icon.jpg', ignored('in a profile folder')],
    ['maria/profile/profile/icon.jpg', ignored('in a profile folder')],

    // <model>/<file>
    ['maria/loose.jpg', media('maria', '', 'image')],
    ['maria/profile.jpg', media('maria', '', 'image')],
    ['maria/profile', other('no extension')],

    // ends in /, empty, one segment, an empty segment
    ['', ignored('folder marker')],
    ['/', ignored('folder marker')],
    ['maria/', ignored('folder marker')],
    ['maria/profile/', ignored('folder marker')],
    ['maria//', ignored('folder marker')],
    ['loose.jpg', ignored('outside a creator folder')],
    ['/maria/1.jpg', ignored('empty folder name')],
    ['maria//1.jpg', ignored('empty folder name')],
    ['maria/praia//1.jpg', ignored('empty folder name')],

    // what no browser could fetch
    ['./praia/1.jpg', quarantined(DOTS)],
    ['maria/../1.jpg', quarantined(DOTS)],
    ['maria/praia/..', quarantined(DOTS)],
    ['maria/./praia/1.jpg', quarantined(DOTS)],
    ['maria/tab\there/1.jpg', quarantined(CONTROL)],
    ['maria/praia/\u0000.jpg', quarantined(CONTROL)],
    ['maria/praia/\u007f.jpg', quarantined(CONTROL)],
    ['maria/praia/\u0085.jpg', quarantined(CONTROL)],
    [`maria/${'n'.repeat(1_015)}.jpg`, quarantined(LONG)],
    [`maria/${'é'.repeat(508)}.jpg`, quarantined(LONG)],

    // other extensions
    ['maria/praia/notes.txt', other('.txt')],
    ['maria/praia/NOTES.TXT', other('.txt')],
    ['maria/praia/Makefile', other('no extension')],
    ['maria/praia/.jpg', other('no extension')],
    ['maria/praia/1.jpg.', other('no extension')],
    ['maria/praia/1.svg', other('.svg')],
    ['maria/praia/1.jpg.exe', other('.exe')],

    // what belongs to a video
    ['maria/praia/hls/master.m3u8', playlist('maria', 'praia')],
    ['maria/praia/INDEX.M3U8', playlist('maria', 'praia')],
    ['maria/all.m3u8', other('.m3u8')],
    ['maria/profile/all.m3u8', ignored('in a profile folder')],
    ['maria/praia/film.pt-BR.vtt', captions],
    ['maria/film.VTT', captions],
    ['maria/profile/film.vtt', ignored('in a profile folder')],
    ['maria/praia/hls/0.ts', other('.ts')],
    ['maria/praia/hls/0.m4s', other('.m4s')],
  ])('%j', (key, meaning) => {
    expect(of(key)).toEqual(meaning)
  })

  test.each([
    ['image', ['jpg', 'jpeg', 'png', 'webp', 'avif', 'gif']],
    ['video', ['mp4', 'm4v', 'webm', 'mov', 'mkv', 'avi', 'wmv', 'flv']],
  ])('every %s extension counts in any case', (type, extensions) => {
    for (const extension of extensions) {
      expect(of(`a/b/1.${extension}`)).toEqual(media('a', 'b', type))
      expect(of(`a/b/1.${extension.toUpperCase()}`)).toEqual(media('a', 'b', type))
    }
  })

  test('a key of exactly 1,024 bytes is taken', () => {
    const ascii = `maria/${'n'.repeat(1_014)}.jpg`
    const accented = `maria/${'é'.repeat(507)}.jpg`
    expect([Buffer.byteLength(ascii), Buffer.byteLength(accented)]).toEqual([1_024, 1_024])
    expect([of(ascii).kind, of(accented).kind]).toEqual(['media', 'media'])
  })

  test('a key that is not UTF-8 is quarantined whatever it looks like', () => {
    expect(meaningOf('a/b/%FF.jpg', false)).toEqual(quarantined('The name is not valid UTF-8.'))
  })

  test('every hard key has a meaning', () => {
    const kinds = HARD_KEYS.map((key) => of(key).kind)
    expect(kinds.filter((kind) => kind === 'media').length).toBeGreaterThan(150)
    expect(kinds.filter((kind) => kind === 'quarantined').length).toBeGreaterThan(15)
  })
})

test('a key is shown with its control characters spelt out', () => {
  expect(printableKey('a/\u0000\u001b[31m\n\u0085é/1.jpg')).toBe('a/%00%1B[31m%0A%C2%85é/1.jpg')
})

test('of a key that no store takes, only as much is shown as a key may have', () => {
  const shown = printableKey(`a/b/${'😀'.repeat(1_000_000)}`)
  expect(shown).toHaveLength(1_025)
  expect(shown.isWellFormed()).toBe(true)
})
