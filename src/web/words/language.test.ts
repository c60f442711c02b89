import { expect, test } from 'vitest'
import { chooseLanguage, knownLanguage } from './language.ts'

const NO_WISH = { asked: undefined, remembered: undefined, acceptLanguage: undefined }

test('who says nothing reads the language of the site', () => {
  expect(chooseLanguage(NO_WISH, 'pt-BR')).toBe('pt-BR')
  expect(chooseLanguage(NO_WISH, 'en')).toBe('en')
})

test('what is asked for comes before what is remembered, and that before what the browser accepts', () => {
  const wishes = { asked: 'en', remembered: 'pt-BR', acceptLanguage: 'pt' }
  expect(chooseLanguage(wishes, 'pt-BR')).toBe('en')
  expect(chooseLanguage({ ...wishes, asked: 'xx' }, 'en')).toBe('pt-BR')
  expect(chooseLanguage({ ...wishes, asked: undefined, remembered: 'en' }, 'pt-BR')).toBe('en')
})

test.each([
  ['en-US,en;q=0.9', 'en'],
  ['pt-PT', 'pt-BR'],
  ['fr, en;q=0.5, pt;q=0.7', 'pt-BR'],
  ['en;q=0, pt;q=0.1', 'pt-BR'],
  ['fr-CH, fr', 'pt-BR'],
  ['*', 'pt-BR'],
  [';;;=,,', 'pt-BR'],
  ['en;q=nonsense', 'en'],
])('a browser that accepts %j reads %s', (acceptLanguage, language) => {
  expect(chooseLanguage({ ...NO_WISH, acceptLanguage }, 'pt-BR')).toBe(language)
})

test.each([
  ['EN', 'en'],
  ['pt', 'pt-BR'],
  ['PT-br', 'pt-BR'],
  ['e', undefined],
  ['', undefined],
  ['__proto__', undefined],
])('%j is %j', (tag, language) => {
  expect(knownLanguage(tag)).toBe(language)
})
