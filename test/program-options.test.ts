import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

test('`npm start` gives Node the options of the first line of the program', async () => {
  const optionsIn = (text: string | undefined) => text?.match(/(?<= )--\S+/g) ?? []
  const [firstLine] = (await readFile('bin/creatorflix.mjs', 'utf8')).split('\n')
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'))
  expect(optionsIn(firstLine)).toHaveLength(2)
  expect(optionsIn(scripts.start)).toEqual(optionsIn(firstLine))
})
