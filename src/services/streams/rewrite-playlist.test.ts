import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rewritePlaylist, UnusablePlaylist } from './rewrite-playlist.ts'

const PLACE = { key: 'a/x/film/720p/index.m3u8', folder: 'a/x/film' }
const LINKS = { playlist: (key: string) => `playlist:${key}`, file: (key: string) => `file:${key}` }

const rewritten = (...lines: string[]) =>
  rewritePlaylist(['#EXTM3U', ...lines].join('\n'), PLACE, LINKS)
    .split('\n')
    .slice(1, -1)

test('of a media playlist every segment, key and map becomes a link, and the rest stays', () => {
  expect(
    rewritten(
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:6',
      '#EXT-X-KEY:METHOD=AES-128,URI="film.key",IV=0x1',
      '#EXT-X-MAP:URI="init.mp4",BYTERANGE="720@0"',
      '#EXTINF:6.0,a title, URI="https://elsewhere.example"',
      '#EXT-X-BYTERANGE:1000@720',
      '0.m4s',
      '#EXT-X-PART:DURATION=1,URI="0.1.m4s",INDEPENDENT=YES',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="0.2.m4s"',
      '#EXT-X-ENDLIST',
    ),
  ).toEqual([
    '#EXT-X-VERSION:7',
    '#EXT-X-TARGETDURATION:6',
    '#EXT-X-KEY:METHOD=AES-128,URI="file:a/x/film/720p/film.key",IV=0x1',
    '#EXT-X-MAP:URI="file:a/x/film/720p/init.mp4",BYTERANGE="720@0"',
    '#EXTINF:6.0,a title, URI="https://elsewhere.example"',
    '#EXT-X-BYTERANGE:1000@720',
    'file:a/x/film/720p/0.m4s',
    '#EXT-X-PART:DURATION=1,URI="file:a/x/film/720p/0.1.m4s",INDEPENDENT=YES',
    '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="file:a/x/film/720p/0.2.m4s"',
    '#EXT-X-ENDLIST',
  ])
})

test('of a master playlist every variant and rendition becomes a playlist of ours, whatever it is called', () => {
  expect(
    rewritten(
      '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.4d401f,mp4a.40.2",AUDIO="a"',
      '',
      '# a comment',
      'low',
      '#EXT-X-STREAM-INF:BANDWIDTH=2',
      'high/index.M3U8',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="URI=x",URI="audio"',
      '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="c",NAME="x",INSTREAM-ID="CC1"',
      '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="frames"',
      '#EXT-X-SESSION-KEY:METHOD=AES-128,URI="film.key"',
    ),
  ).toEqual([
    '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.4d401f,mp4a.40.2",AUDIO="a"',
    'playlist:a/x/film/720p/low',
    '#EXT-X-STREAM-INF:BANDWIDTH=2',
    'playlist:a/x/film/720p/high/index.M3U8',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="URI=x",URI="playlist:a/x/film/720p/audio"',
    '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="c",NAME="x",INSTREAM-ID="CC1"',
    '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="playlist:a/x/film/720p/frames"',
    '#EXT-X-SESSION-KEY:METHOD=AES-128,URI="file:a/x/film/720p/film.key"',
  ])
})

test.each([
  ['0.ts', 'a/x/film/720p/0.ts'],
  ['  0.ts \t', 'a/x/film/720p/0.ts'],
  ['./deep/../0.ts', 'a/x/film/720p/0.ts'],
  ['../init.mp4', 'a/x/film/init.mp4'],
  ['../../film/0.ts', 'a/x/film/0.ts'],
  ['a%20b%23%3F.ts', 'a/x/film/720p/a b#?.ts'],
  ['caf\u00e9 1.ts', 'a/x/film/720p/caf\u00e9 1.ts'],
  ['0.ts?token=1#t=2', 'a/x/film/720p/0.ts'],
  ['a\\b.ts', 'a/x/film/720p/a\\b.ts'],
])('%j means %s', (uri, key) => {
  expect(rewritten('#EXTINF:1,', uri)).toEqual(['#EXTINF:1,', `file:${key}`])
})

describe('a playlist is refused that', () => {
  const refusal = (...lines: string[]) => {
    try {
      return rewritten(...lines)
    } catch (error) {
      return error
    }
  }

  test.each([
    'https://elsewhere.example/0.ts',
    'HTTP:0.ts',
    '//elsewhere.example/0.ts',
    '/0.ts',
    '/a/x/film/0.ts',
    'data:video/mp2t;base64,AAAA',
    'javascript:alert(1)',
    '../../secret.jpg',
    '../../film 2/0.ts',
    '..%2F..%2Fsecret.jpg',
    '%2e%2e/%2e%2e/secret.jpg',
    '../../../../../../etc/passwd',
    '..',
    'a//b.ts',
    '%ff.ts',
    'a%00.ts',
    '100%.ts',
    '?only=query',
  ])('names %j as a segment, a key or without quotes', (uri) => {
    expect(refusal('#EXTINF:1,', uri)).toBeInstanceOf(UnusablePlaylist)
    expect(refusal(`#EXT-X-KEY:METHOD=AES-128,URI="${uri}"`)).toBeInstanceOf(UnusablePlaylist)
    expect(refusal(`#EXT-X-KEY:METHOD=AES-128, URI=${uri}`)).toBeInstanceOf(UnusablePlaylist)
  })

  test.each([
    '#EXT-X-CONTENT-STEERING:SERVER-URI="https://elsewhere.example"',
    '#EXT-X-DATERANGE:ID="1",X-ASSET-URI="https://elsewhere.example/ad.m3u8"',
    '#EXT-X-DATERANGE:ID="1",X-ASSET-LIST="https://elsewhere.example/ads"',
    '#EXT-X-SESSION-DATA:DATA-ID="x",URI="https://elsewhere.example"',
    '#EXT-X-DEFINE:NAME="x",VALUE="y"\rhttps://elsewhere.example/0.ts',
    '# a comment\u2028https://elsewhere.example/0.ts',
  ])('leads elsewhere by %j', (line) => {
    expect(refusal(line)).toBeInstanceOf(UnusablePlaylist)
  })

  test.each(['', 'a page', '<html>', '#EXTM3U8', '\n#EXTM3U', '#EXT-X-VERSION:3\n#EXTM3U'])(
    'begins with %j',
    (text) => {
      expect(() => rewritePlaylist(text, PLACE, LINKS)).toThrow(UnusablePlaylist)
    },
  )
})

test('a variable is no way out: it stands encoded in the link, where no player replaces it', () => {
  const lines = ['#EXT-X-DEFINE:NAME="up",VALUE="../.."', '#EXTINF:1,', '{$up}/0.ts']
  expect(rewritten(...lines).at(-1)).toBe('file:a/x/film/720p/{$up}/0.ts')
})

test('whatever a playlist says, every address that is left is a link to a file of its own folder', () => {
  const pieces = [
    '..',
    '.',
    '/',
    '%2e',
    '%2F',
    '\\',
    'a',
    'film',
    'x',
    '0.ts',
    ' ',
    '"',
    ',',
    '=',
    'URI',
    'URI="',
    '?',
  ]
  const tags = [
    '#EXT-X-KEY:METHOD=AES-128,',
    '#EXT-X-STREAM-INF:',
    '#EXT-X-MEDIA:',
    '#EXTINF:',
    '#',
    '\r',
    '\u2028',
  ]
  const line = fc
    .array(fc.constantFrom(...pieces, ...tags, 'https:', '//', ':', '{$a}'))
    .map((parts) => parts.join(''))
  const own = /^(?:file|playlist):a\/x\/film\/(?!.*(?:^|\/)\.\.?(?:\/|$))/
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      let left: string[]
      try {
        left = rewritten(...lines)
      } catch (error) {
        expect(error).toBeInstanceOf(UnusablePlaylist)
        return
      }
      for (const one of left.filter((text) => !text.startsWith('#'))) expect(one).toMatch(own)
      for (const one of left.filter((text) => /^#EXT(?!INF)/.test(text))) {
        for (const [, uri = ''] of one.matchAll(/URI="([^"]*)"/g)) expect(uri).toMatch(own)
      }
    }),
    { numRuns: 3_000, seed: 20_261_124 },
  )
})

test('a playlist of ten hours is rewritten in a moment', () => {
  const segments = Array.from({ length: 18_000 }, (_, index) => `#EXTINF:2,\n${index}.ts`)
  const started = performance.now()
  expect(rewritten(...segments)).toHaveLength(36_000)
  expect(performance.now() - started).toBeLessThan(1_000)
})

test.each([
  ['a tag of capitals without an end', ['#EXT-X-'.padEnd(200_000, 'A')]],
  ['a tag of spaces', ['#EXT-X-KEY:'.padEnd(8_000, ' ')]],
  ['many lines of spaces', Array.from({ length: 250 }, () => '#EXT-X-KEY:,'.padEnd(8_000, ' '))],
  ['a million addresses', Array.from({ length: 1_000_000 }, () => 'a')],
])('%s keeps nobody waiting', (_, lines) => {
  const started = performance.now()
  try {
    rewritePlaylist(`#EXTM3U\n${lines.join('\n')}`, PLACE, LINKS)
  } catch (error) {
    expect(error).toBeInstanceOf(UnusablePlaylist)
  }
  expect(performance.now() - started).toBeLessThan(2_000)
})
