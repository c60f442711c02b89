import { Marked, type Tokens } from 'marked'

/**
 * Markdown of the owner as HTML: headings from h2 on, for the page has an h1, and HTML is shown as the text it is.
 * What is made is safe whoever wrote it.
 */
export const renderMarkdown = (text: string): string => marked.parse(text, { async: false })

const SAFE_LINK = /^(https?:\/\/|mailto:|\/(?![/\\])|#)/i

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => (/^\s*<!--/.test(text) ? '' : escaped(text)),
    heading({ tokens, depth }: Tokens.Heading) {
      const level = Math.min(depth + 1, 6)
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`
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
