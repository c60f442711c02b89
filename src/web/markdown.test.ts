import { expect, test } from 'vitest'
import { renderDocument } from './markdown.ts'

const renderMarkdown = (text: string) => renderDocument(text).html

/** Every tag and attribute that a legal text may come out with. */
const ALLOWED =
  /^<\/?(h[2-6]|p|ul|ol|li|strong|em|del|code|pre|blockquote|hr|br|table|thead|tbody|tr|th|td)(?: (?:align="(?:left|right|center)"|start="\d+"))?\/?>$/
const ALLOWED_LINK =
  /^<a href="(?:https?:\/\/|mailto:|\/(?!\/)|#)[^"<>\s]*" rel="nofollow noopener">$|^<\/a>$/

const PAYLOADS = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//elsewhere.example/x.js></SCRIPT>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<body onload=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<div style="background:url(javascript:alert(1))">x</div>',
  '<style>@import "//elsewhere.example/x.css"</style>',
  '<link rel="stylesheet" href="//elsewhere.example/x.css">',
  '<meta http-equiv="refresh" content="0;url=//elsewhere.example">',
  '<base href="//elsewhere.example/">',
  '<form action="//elsewhere.example"><input name="card"></form>',
  '<object data="x.swf"></object>',
  '<embed src="x.swf">',
  '<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!-- --!><img src=x onerror=alert(1)>',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?php echo 1 ?><img src=x onerror=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)></video>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](<java\nscript:alert(1)>)',
  '[x](javascript&#58;alert(1))',
  '[x](&#x6A;avascript:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](vbscript:msgbox(1))',
  '[x](//elsewhere.example)',
  '[x](/\\elsewhere.example)',
  '[x](https://a.example" onmouseover="alert(1))',
  '[x](https://a.example \'title" onmouseover=alert(1) x="\')',
  '![x](javascript:alert(1))',
  '![x" onerror="alert(1)](https://elsewhere.example/x.png)',
  '[![x](https://elsewhere.example/x.png)](javascript:alert(1))',
  '<javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x]',
  '```html" onmouseover="alert(1)\n<script>alert(1)</script>\n```',
  '`<img src=x onerror=alert(1)>`',
  '# <img src=x onerror=alert(1)>',
  '| <img src=x onerror=alert(1)> | b |\n|---|---|\n| <script>alert(1)</script> | 2 |',
  '> <script>alert(1)</script>',
  '- <img src=x onerror=alert(1)>\n- [ ] <svg onload=alert(1)>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\\<script>alert(1)\\</script>',
]

test.each(PAYLOADS)('%j comes out as text', (payload) => {
  for (const text of [payload, `Terms ${payload} end`, `1. ${payload}\n\n**${payload}**`]) {
    const { heading, html } = renderDocument(text)
    const tags = `${heading ?? ''}${html}`.match(/<[^>]*>?/g) ?? []
    expect(tags.filter((tag) => !ALLOWED.test(tag) && !ALLOWED_LINK.test(tag))).toEqual([])
  }
})

test('headings go on from that of the page and leave no level out', () => {
  expect(renderMarkdown('Text\n\n# One\n\n###### Two\n\n# Three')).toBe(
    '<p>Text</p>\n<h2>One</h2>\n<h3>Two</h3>\n<h2>Three</h2>\n',
  )
  expect(renderMarkdown('# Page\n\n# One\n\n## Two\n\n> #### Three')).toBe(
    '<h2>One</h2>\n<h2>Two</h2>\n<blockquote>\n<h3>Three</h3>\n</blockquote>\n',
  )
})

test('links tell search engines nothing', () => {
  expect(renderMarkdown('[rules](/privacy) [us](mailto:a@b.example) <https://a.example/?a=1&b=2>')).toBe(
    '<p><a href="/privacy" rel="nofollow noopener">rules</a> ' +
      '<a href="mailto:a@b.example" rel="nofollow noopener">us</a> ' +
      '<a href="https://a.example/?a=1&amp;b=2" rel="nofollow noopener">https://a.example/?a=1&amp;b=2</a></p>\n',
  )
})

test('the heading that a text begins with is that of the page', () => {
  expect(renderDocument('\n# Our *rules* <script> #\n\n## One')).toEqual({
    heading: 'Our <em>rules</em> &lt;script&gt;',
    html: '<h2>One</h2>\n',
  })
  expect(renderDocument('Our rules\n=========\n\n[a]\n\n[a]: /privacy')).toEqual({
    heading: 'Our rules',
    html: '<p><a href="/privacy" rel="nofollow noopener">a</a></p>\n',
  })
  expect(renderDocument('## One')).toEqual({ heading: null, html: '<h2>One</h2>\n' })
  expect(renderDocument('')).toEqual({ heading: null, html: '' })
})

test('lists, tables and what is quoted are kept', () => {
  expect(renderMarkdown('1. a\n2. **b**')).toBe('<ol>\n<li>a</li>\n<li><strong>b</strong></li>\n</ol>\n')
  expect(renderMarkdown('| a |\n|---|\n| 1 |')).toContain('<td>1</td>')
  expect(renderMarkdown('> q')).toContain('<blockquote>')
  expect(renderMarkdown('AT&T "quoted" 3 < 4')).toBe('<p>AT&amp;T &quot;quoted&quot; 3 &lt; 4</p>\n')
})

test('the longest text there may be takes no time', () => {
  const clause =
    '## Clause\n\nOne **pays** in [advance](/plans), and *cancels* at any time: see `plans`.\n\n- a\n- b\n\n'
  const started = performance.now()
  expect(renderMarkdown(clause.repeat(1_000))).toContain('<h2>Clause</h2>')
  expect(performance.now() - started).toBeLessThan(2_000)
})
