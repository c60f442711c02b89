import { expect, test } from 'vitest'
import { creatorName, folderDate, postTitle } from './folder-names.ts'

test.each([
  ['2024-05-summer_tour', 'Summer tour'],
  ['2024-05-17-praia', 'Praia'],
  ['20240517 praia', 'Praia'],
  ['2024_05_17_praia_de_noite', 'Praia de noite'],
  ['2024.05.17.praia', 'Praia'],
  ['2024-05-17', '2024-05-17'],
  ['2024', '2024'],
  ['1080p clips', '1080p clips'],
  ['20245 nights', '20245 nights'],
  ['summer-tour', 'Summer tour'],
  ['rock-n-roll at 9 - live', 'Rock-n-roll at 9 - live'],
  ['  spaces   around ', 'Spaces around'],
  ['___', '___'],
  ['ática', 'Ática'],
  ['😀 party', '😀 party'],
  ['<b>bold</b>', '<b>bold</b>'],
  ['مرحبا', 'مرحبا'],
])('a post in the folder %j is titled %j', (folder, title) => {
  expect(postTitle(folder)).toBe(title)
})

test.each([
  ['maria-clara', 'Maria Clara'],
  ['maria_clara', 'Maria Clara'],
  ['maria', 'Maria'],
  ['MC-Hammer', 'MC Hammer'],
  ['ana de souza', 'Ana de souza'],
  ['Ana de Souza', 'Ana de Souza'],
  ['jean-luc de paris', 'Jean-luc de paris'],
  ['ótima-banda', 'Ótima Banda'],
  ['---', '---'],
  ['😀', '😀'],
  ['2024-band', '2024 Band'],
])('a creator in the folder %j is called %j', (folder, name) => {
  expect(creatorName(folder)).toBe(name)
})

test.each([
  ['2024-05-17-praia', '2024-05-17'],
  ['20240517_praia', '2024-05-17'],
  ['2024 05 17', '2024-05-17'],
  ['2024-05-praia', '2024-05-01'],
  ['2024', '2024-01-01'],
  ['1999-12-31 party', '1999-12-31'],
  ['2024-02-29', '2024-02-29'],
  ['2023-02-29', null],
  ['2024-02-31', null],
  ['2024-04-31-x', null],
  ['praia 2024-05-17', null],
  ['1080p', null],
  ['3024-05-17', null],
  ['20245 nights', null],
  ['', null],
])('the folder %j is of the day %j', (folder, day) => {
  expect(folderDate(folder)?.toISOString() ?? null).toBe(day && `${day}T00:00:00.000Z`)
})
