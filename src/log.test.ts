import { expect, test } from 'vitest'
import { openLog } from './log.ts'

function written(write: (log: ReturnType<typeof openLog>) => void): string {
  const lines: string[] = []
  write(openLog('info', { write: (line) => void lines.push(line) }))
  return lines.join('')
}

test('a line is JSON with its level in words and an instant', () => {
  const line = JSON.parse(written((log) => log.info({ route: '/creators' }, 'request')))
  expect(line).toMatchObject({ level: 'info', msg: 'request', route: '/creators' })
  expect(new Date(line.time).toISOString()).toBe(line.time)
})

test('private fields are not written, at the top and one level down', () => {
  const text = written((log) =>
    log.info({
      email: 'ana@example.com',
      user: { password: 'canary-1', phone: 'canary-2' },
      token: 'canary-3',
    }),
  )
  expect(text).not.toMatch(/ana@example\.com|canary/)
})

test('an error is written with what it was caused by, where, and not with the values of a statement', () => {
  const refused = Object.assign(new Error('invalid input syntax for type integer: "canary"'), {
    code: '22P02',
  })
  const query = new Error('Failed query: insert into users values ($1)\nparams: ana@example.com', {
    cause: refused,
  })
  const text = written((log) => log.error({ err: query }, 'request failed'))
  expect(text).not.toMatch(/ana@example\.com|canary/)
  expect(JSON.parse(text).err).toMatchObject({
    message: 'Failed query: insert into users values ($1)',
    cause: { code: '22P02' },
  })
  expect(JSON.parse(text).err.stack).toContain('log.test.ts')
})
