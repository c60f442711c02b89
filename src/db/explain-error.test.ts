import { expect, test } from 'vitest'
import { Conflict, InvalidInput, Misconfigured, Unavailable } from '#src/errors.ts'
import { explainDatabaseError } from './explain-error.ts'

test.each([
  ['ECONNREFUSED', Unavailable],
  ['ECONNRESET', Unavailable],
  ['ENOTFOUND', Unavailable],
  ['EPIPE', Unavailable],
  ['08006', Unavailable],
  ['57P01', Unavailable],
  ['57P03', Unavailable],
  ['53300', Unavailable],
  ['57014', Unavailable],
  ['25006', Unavailable],
  ['40001', Conflict],
  ['40P01', Conflict],
  ['55P03', Conflict],
  ['22P02', InvalidInput],
  ['22003', InvalidInput],
  ['22021', InvalidInput],
  ['28P01', Misconfigured],
  ['3D000', Misconfigured],
  ['42P01', Misconfigured],
])('%s is %o', (code, kind) => {
  expect(explainDatabaseError(failure({ code }))).toBeInstanceOf(kind)
})

test('a full disk is said as such and counts as unavailable', () => {
  const explained = explainDatabaseError(failure({ code: '53100' }))

  expect(explained).toBeInstanceOf(Unavailable)
  expect(explained?.message).toBe(
    "The database's disk is full. Nothing was saved; make room on it and try again.",
  )
})

test.each([
  'Connection terminated unexpectedly',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
])('a lost connection without a code is known by its words: %s', (words) => {
  expect(explainDatabaseError(new Error('Failed query', { cause: new Error(words) }))).toBeInstanceOf(
    Unavailable,
  )
})

test('a missing parent is named whatever language the server speaks', () => {
  const explained = explainDatabaseError(
    failure({
      code: '23503',
      constraint: 'subscriptions_plan_id_plans_id_fk',
      table: 'subscriptions',
      detail: 'Chave (plan_id)=(7) não está presente na tabela "plans".',
    }),
  )

  expect(explained).toBeInstanceOf(InvalidInput)
  expect(explained?.message).toBe('Plan 7 does not exist. Choose another plan.')
})

test('what is no error of the database stays unexplained', () => {
  expect(explainDatabaseError(new TypeError('x is not a function'))).toBeNull()
  expect(explainDatabaseError('broken')).toBeNull()
  expect(explainDatabaseError(failure({ code: '42601' }))).toBeNull()
})

function failure(fields: Record<string, string>) {
  return new Error('Failed query: select 1', {
    cause: Object.assign(new Error('in the words of the server'), fields),
  })
}
