import { expect, test } from 'vitest'
import { likelyEmail } from './likely-email.ts'

test.each([
  ['maria@gmial.com', 'maria@gmail.com'],
  ['maria@gmail.con', 'maria@gmail.com'],
  ['maria@gmail.co', 'maria@gmail.com'],
  ['Maria@GMAI.com ', 'maria@gmail.com'],
  ['maria@hotmal.com', 'maria@hotmail.com'],
  ['maria@yaho.com.br', 'maria@yahoo.com.br'],
  ['maria@outlok.com', 'maria@outlook.com'],
  ['maria@gmail.com', null],
  ['maria@yahoo.com', null],
  ['maria@mail.com', null],
  ['maria@empresa.com.br', null],
  ['maria', null],
  ['', null],
  ['@gmial.com', null],
])('%j was probably meant as %j', (written, meant) => {
  expect(likelyEmail(written)).toBe(meant)
})
