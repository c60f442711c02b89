const PUNCTUATION = [...' !"#$%&\'()*+,-.:;<=>?@[\\]^_`{|}~']

const trickySequences = [
  '100%',
  '%%',
  '%2F',
  '%25',
  '%zz',
  'a+b c',
  'a%20b',
  '?versionId=1',
  'a=b&c=d',
  '#fragment',
  '  spaces around  ',
  '<script>alert(1)</script>',
  '"quoted" and \'quoted\'',
  'back\\slash',
  'semi;colon',
  '&amp;',
  ']]>',
  '~tilde',
  '...',
  '.hidden',
  'UPPER and upper',
]

const scripts = [
  'ação e coração',
  'zu\u0308rich decomposed',
  'zürich composed',
  '日本語',
  '한국어',
  'Ελληνικά',
  'עברית',
  '\u202ertl override\u202c',
  'العربية',
  '😀👩‍👩‍👧‍👦🇧🇷',
  '\u{10ffff}',
  '\ue000private',
  '\uffee half width',
  'zero\u200bwidth',
  '\u00a0no-break',
  '\u2028line separator',
  '\ufeffbyte order mark',
]

const controlCharacters = [
  'tab\there',
  'line\nfeed',
  'carriage\rreturn',
  'escape\u001b[31m',
  'delete\u007f',
  '\u0001first',
  '\u0085next line',
]

const segments = [
  ...PUNCTUATION.map((character) => `at ${character} mark`),
  ...trickySequences,
  ...scripts,
  ...controlCharacters,
]

const asPath = (segment: string) => [
  `${segment}/post/1.jpg`,
  `creator/${segment}/1.jpg`,
  `creator/post/${segment}.jpg`,
]

const unusualShapes = [
  'one-segment.jpg',
  'creator//1.jpg',
  'creator/post//deep//1.jpg',
  '//two-slashes-first.jpg',
  '/slash-first.jpg',
  'creator/post/folder-marker/',
  'creator/TWIN.jpg',
  'creator/twin.jpg',
  `${'d/'.repeat(400)}deep.jpg`,
  `creator/post/${'n'.repeat(1024 - 'creator/post/.jpg'.length)}.jpg`,
  `${'é'.repeat(510)}.jpg`,
]

/** Keys that S3 allows and programs trip over: all distinct, at most 1,024 bytes of UTF-8. */
export const HARD_KEYS: readonly string[] = [...segments.flatMap(asPath), ...unusualShapes]
