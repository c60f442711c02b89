import { expect, test } from 'vitest'
import { extensionOf, isPlaylist, mediaType, partType } from '#src/storage/media-type.ts'

test.each([
  ['a/b/1.jpg', 'image', 'image/jpeg', true],
  ['a/b/1.JPEG', 'image', 'image/jpeg', true],
  ['a/b/1.png', 'image', 'image/png', true],
  ['a/b/1.webp', 'image', 'image/webp', true],
  ['a/b/1.avif', 'image', 'image/avif', true],
  ['a/b/1.gif', 'image', 'image/gif', true],
  ['a/b/1.Mp4', 'video', 'video/mp4', true],
  ['a/b/1.m4v', 'video', 'video/mp4', true],
  ['a/b/1.webm', 'video', 'video/webm', true],
  ['a/b/1.mov', 'video', 'video/quicktime', true],
  ['a/b/1.mkv', 'video', 'video/x-matroska', false],
  ['a/b/1.avi', 'video', 'video/x-msvideo', false],
  ['a/b/1.wmv', 'video', 'video/x-ms-wmv', false],
  ['a/b/1.flv', 'video', 'video/x-flv', false],
])('%s is %s', (key, kind, contentType, playable) => {
  expect(mediaType(key)).toEqual({ kind, contentType, playable })
})

test.each([
  'a/b/notes.txt',
  'a/b/page.html',
  'a/b/drawing.svg',
  'a/b/jpg',
  'a/b.jpg/file',
  'a/b/.jpg',
  'a/b/1.jpg.exe',
  '',
])('%j is no media', (key) => {
  expect(mediaType(key)).toBeNull()
})

test.each([
  ['a/b/master.m3u8', 'playlist', 'application/vnd.apple.mpegurl'],
  ['a/b/0.TS', 'segment', 'video/mp2t'],
  ['a/b/0.m4s', 'segment', 'video/iso.segment'],
  ['a/b/0.aac', 'segment', 'audio/aac'],
  ['a/b/film.en.vtt', 'captions', 'text/vtt; charset=utf-8'],
])('%s is no media, but the %s of one', (key, kind, contentType) => {
  expect(mediaType(key)).toBeNull()
  expect(partType(key)).toEqual({ kind, contentType })
  expect(isPlaylist(key)).toBe(kind === 'playlist')
})

test('the extension is that of the last segment, in lower case', () => {
  expect(extensionOf('a.b/c.TXT')).toBe('txt')
  expect(extensionOf('a.b/c')).toBe('')
  expect(extensionOf('a/.DS_Store')).toBe('')
  expect(extensionOf('a/.hidden.png')).toBe('png')
})
