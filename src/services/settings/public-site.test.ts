import { expect, test } from 'vitest'
import { isPublicSite } from './public-site.ts'

const NEAR = [
  'http://localhost:3000',
  'https://localhost',
  'http://LOCALHOST.',
  'http://films.localhost',
  'http://films.test:8080',
  'http://mac.local',
  'http://127.0.0.1:3000',
  'http://127.1',
  'http://2130706433',
  'http://0.0.0.0',
  'http://10.0.0.7',
  'http://172.16.0.1',
  'http://172.31.255.255',
  'https://192.168.1.20',
  'http://169.254.1.1',
  'http://[::1]:3000',
  'http://[::]',
  'http://[fd12:3456::1]',
  'http://[fe80::1]',
]
test.each(NEAR)('%s is for this machine and its network', (BASE_URL) => {
  expect(isPublicSite({ BASE_URL })).toBe(false)
})

const PUBLIC = [
  'https://films.example.com',
  'http://films.example.com',
  'http://films.example.com:3000',
  'https://localhost.example.com',
  'https://mylocalhost',
  'https://films.local.example',
  'https://latest',
  'http://8.8.8.8',
  'http://172.15.0.1',
  'http://172.32.0.1',
  'http://192.169.0.1',
  'http://11.0.0.1',
  'http://10.example.com',
  'http://127.0.0.1.example.com',
  'http://[2001:db8::1]',
  'http://[::ffff:8.8.8.8]',
  'http://[fec0::1]',
]
test.each(PUBLIC)('%s is for everybody', (BASE_URL) => {
  expect(isPublicSite({ BASE_URL })).toBe(true)
})
