/** The text of every element by its name, of a document that is well-formed as far as we write XML. @throws Error */
export function readXml(document: string): Map<string, string[]> {
  const texts = new Map<string, string[]>()
  const open: Array<{ name: string; text: string }> = []
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
  if (body === document) throw new Error('The XML declaration is missing.')

  for (const [token] of body.matchAll(/<[^>]*>|[^<]+/g)) {
    if (!token.startsWith('<')) {
      insistOnText(token)
      const within = open.at(-1)
      if (within) within.text += token
      else if (token.trim() !== '') throw new Error(`There is text outside of the root: ${token}`)
      continue
    }
    const [, slash, name = '', attributes = '', selfClosing] =
      /^<(\/?)([a-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>$/i.exec(token) ?? []
    if (!name) throw new Error(`This is no tag: ${token}`)
    insistOnText(attributes)
    if (slash) {
      const closed = open.pop()
      if (closed?.name !== name) throw new Error(`${token} closes ${closed?.name}.`)
      const found = texts.get(name) ?? []
      found.push(unescaped(closed.text))
      texts.set(name, found)
    } else if (!selfClosing) open.push({ name, text: '' })
  }
  if (open.length > 0) throw new Error(`${open.at(-1)?.name} is not closed.`)
  return texts
}

function insistOnText(text: string) {
  const rest = text.replace(/&(amp|lt|gt|quot|apos);/g, '')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no document may hold.
  const fault = /[&\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.exec(rest)
  if (fault || !text.isWellFormed()) throw new Error(`This text is not well-formed: ${text.slice(0, 80)}`)
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const unescaped = (text: string) => text.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name] ?? '')
