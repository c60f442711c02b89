/** One text for each plural category of a language, `#` standing for the number. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** Makes functions from a count to its text: `posts(2)` is `2 posts`, `posts(12345)` is `12,345 posts`. */
export function countedIn(language: string) {
  const rules = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language)
  return (forms: PluralForms) => (count: number) =>
    (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count))
}
