import { LANGUAGES } from '#src/services/settings/settings.ts'
import { type Dictionary, en } from './en.ts'
import { ptBR } from './pt-BR.ts'

export type Language = (typeof LANGUAGES)[number]

export const DICTIONARIES: Record<Language, Dictionary> = { 'pt-BR': ptBR, en }

/** What a request says about the language its sender reads, the strongest wish first. */
export interface LanguageWishes {
  /** `?lang=` */
  asked: string | undefined
  /** The cookie of an earlier `?lang=`. */
  remembered: string | undefined
  acceptLanguage: string | undefined
}

export function chooseLanguage(wishes: LanguageWishes, siteLanguage: Language): Language {
  return (
    knownLanguage(wishes.asked) ??
    knownLanguage(wishes.remembered) ??
    acceptedLanguage(wishes.acceptLanguage ?? '') ??
    siteLanguage
  )
}

/** `pt`, `pt-PT` and `PT-br` are all pt-BR to us: the base language decides. */
export function knownLanguage(tag: string | undefined): Language | undefined {
  const base = tag?.trim().toLowerCase().split('-')[0]
  return LANGUAGES.find((language) => language.toLowerCase().split('-')[0] === base)
}

/** The best of an Accept-Language header that we speak (RFC 9110 §12.5.4). */
function acceptedLanguage(header: string) {
  const ranges = header.split(',').map((range) => {
    const [tag, ...parameters] = range.split(';')
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean)
    return { language: knownLanguage(tag), quality: Number(quality ?? 1) }
  })
  return ranges
    .filter(({ language, quality }) => language && quality > 0)
    .sort((left, right) => right.quality - left.quality)[0]?.language
}
