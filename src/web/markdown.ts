import { Marked, type Token, type Tokens } from 'marked'

/** A text of the owner's as HTML that is safe whoever wrote it: the HTML that stands in it is shown as text. */
export interface RenderedDocument {
  /** What it begins with, where that is a heading: it is that of the page. */
  heading: string | null
  html: string
}

export function renderDocument(text: string): RenderedDocument {
  try {
    return renderMarkdown(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // Thousands of quotes within each other: what it says can be read all the same.
    return { heading: null, html: `<pre>${escaped(text)}</pre>` }
  }
}

function renderMarkdown(text: string): RenderedDocument {
  const tokens = marked.lexer(text)
  const first = tokens.find(({ type }) => type !== 'space')
  if (first?.type !== 'heading' || first.depth !== 1) return { heading: null, html: rendered(tokens, 1) }
  return {
    heading: marked.parseInline(first.text, { async: false }),
    html: rendered(
      tokens.filter((token) => token !== first),
      0,
    ),
  }
}

/** Headings go on from that of the page, and leave no level out. @param deeper how many levels they are set down. */
function rendered(tokens: Token[], deeper: number) {
  let level = 1
  marked.walkTokens(tokens, (token) => {
    if (token.type !== 'heading') return
    level = Math.min(Math.max(token.depth + deeper, 2), level + 1, 6)
    token.depth = level
  })
  return marked.parser(tokens)
}

const SAFE_LINK = /^(https?:\/\/|mailto:|\/(?![/\\])|#)/i

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => (/^\s*<!--/.test(text) ? '' : escaped(text)),
    heading({ tokens, depth }: Tokens.Heading) {
      return `<h${depth}>${this.parser.parseInline(tokens)}</h${depth}>\n`
    },
    link({ href, tokens }: Tokens.Link) {
      const text = this.parser.parseInline(tokens)
      return isSafeLink(href) ? `<a href="${escaped(href)}" rel="nofollow noopener">${text}</a>` : text
    },
    /** Nothing is loaded from another site; what a picture shows is read. */
    image: ({ text }: Tokens.Image) => escaped(text),
    code: ({ text }: Tokens.Code) => `<pre><code>${escaped(text)}</code></pre>\n`,
    checkbox: () => '',
  },
})

/** Browsers skip control characters inside of a scheme. */
function isSafeLink(href: string) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return !/[\u0000-\u0020]/.test(href) && SAFE_LINK.test(href)
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
