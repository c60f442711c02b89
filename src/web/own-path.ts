const NOWHERE = 'http://site.invalid'

/** A path of this site with its query, whatever was asked for; the home page, or `otherwise`, for anything else. */
export function ownPath(to: unknown, otherwise = '/'): string {
  if (typeof to !== 'string' || !/^\/(?![/\\])/.test(to) || !URL.canParse(to, NOWHERE)) return otherwise
  const { origin, pathname, search } = new URL(to, NOWHERE)
  return origin === NOWHERE && !pathname.startsWith('//') ? `${pathname}${search}` : otherwise
}
