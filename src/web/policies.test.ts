import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { Misconfigured } from '#src/errors.ts'
import type { AppEnv } from './app-env.ts'
import { allow, passing, requirePolicies } from './policies.ts'

const answer = () => new Response('secrets')
const bystander = passing((_, next) => next())

function appWith(build: (app: Hono<AppEnv>) => unknown) {
  const app = new Hono<AppEnv>().use(bystander).get('/declared', allow('public'), answer)
  build(app)
  return () => requirePolicies(app)
}

test('an app whose routes all say who may use them starts', () => {
  expect(appWith(() => {})).not.toThrow()
  expect(
    appWith((app) => app.route('/admin', new Hono<AppEnv>().post('/x', allow('public'), answer))),
  ).not.toThrow()
})

test.each<[string, (app: Hono<AppEnv>) => unknown]>([
  ['GET /x', (app) => app.get('/x', answer)],
  ['POST /declared', (app) => app.post('/declared', answer)],
  ['ALL /x', (app) => app.all('/x', answer)],
  ['ALL /*', (app) => app.use(async (_, next) => next())],
  ['GET /x', (app) => app.get('/x', bystander, answer)],
  ['GET /x', (app) => app.get('/x', answer, allow('public'))],
  ['PURGE /x', (app) => app.on('PURGE', '/x', answer)],
  ['GET /admin/x', (app) => app.route('/admin', new Hono<AppEnv>().get('/x', answer))],
])('the start stops at an undeclared %s', (route, plant) => {
  expect(appWith(plant)).toThrow(Misconfigured)
  expect(appWith(plant)).toThrow(`These routes do not say who may use them: ${route}.`)
})

test('every undeclared route is named at once', () => {
  expect(appWith((app) => app.get('/x', answer).post('/y', answer))).toThrow('GET /x, POST /y')
})
