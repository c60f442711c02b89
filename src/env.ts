import path from 'node:path'
import { z } from 'zod'
import { Misconfigured } from '#src/errors.ts'

/** SigV4 refuses links of more than seven days; ours live up to two windows. */
const LONGEST_LINK_WINDOW_SECONDS = 604_800 / 2

/** Of 32 random hex digits fewer are different once in 25 million times. */
const FEWEST_CHARACTERS_OF_A_SECRET = 8

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const

const origin = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) address such as https://films.example.com' })
  .transform((url) => url.replace(/\/+$/, ''))

const flag = z
  .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
  .transform((value) => value === 'true' || value === '1')

const folder = z
  .string()
  .min(1)
  .transform((folder) => path.resolve(folder))

const file = folder

const port = wholeNumber('must be a port number, 0 to 65535', 0, 65_535)

const variables = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  BASE_URL: origin.optional(),
  DATA_DIR: folder.default(path.resolve('data')),
  MEDIA_DIR: folder.optional(),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must look like postgres://user@host:5432/name' })
    .optional(),
  S3_BUCKET: z.string().min(1).optional(),
  S3_ENDPOINT: origin.optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  S3_FORCE_PATH_STYLE: flag.optional(),
  S3_PREFIX: z
    .string()
    .default('')
    .transform((prefix) => (prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`)),
  MEDIA_BASE_URL: origin.optional(),
  MEDIA_LINK_SECONDS: wholeNumber(
    `must be a number of seconds between 60 and ${LONGEST_LINK_WINDOW_SECONDS}`,
    60,
    LONGEST_LINK_WINDOW_SECONDS,
  ).default(1800),
  APP_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters: openssl rand -hex 32')
    .refine(isVaried, 'is a repetition that would be guessed: openssl rand -hex 32')
    .optional(),
  ENCRYPTION_KEY_FILE: file.optional(),
  APP_STORAGE: z
    .string()
    .min(1)
    .refine(isFolderOrPartOfBucket, 'must be a folder, or a part of a bucket such as s3://films/app')
    .optional(),
  AGE_CHECK_MODULE: file.optional(),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must look like smtps://user:password@mail.example.com:465' })
    .optional(),
  MAIL_FROM: z.email({ error: 'must be an e-mail address such as hello@films.example.com' }).optional(),
  SANDBOX_URL: origin.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
})

/** Every variable that is read, in the order of `.env.example`. */
export const ENVIRONMENT = Object.keys(variables.shape)

const schema = variables.transform((env) => ({
  ...env,
  BASE_URL: env.BASE_URL ?? `http://localhost:${env.PORT}`,
}))

export type Env = z.infer<typeof schema>

/**
 * The environment, parsed. Empty variables count as unset.
 * @throws Misconfigured naming every mistake at once.
 */
export function readEnv(variables: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  const mistakes = [...(parsed.error?.issues.map(inWords) ?? []), ...contradictions(given)]
  if (parsed.success && mistakes.length === 0) return parsed.data

  const lines = mistakes.map((mistake) => `  ${mistake}`)
  throw new Misconfigured(`The environment needs a correction:\n${lines.join('\n')}`)
}

const inWords = (issue: z.core.$ZodIssue) => `${issue.path.join('.')} ${issue.message}`

/** Looked for in what was given, so that they are told beside values that are wrong in themselves. */
function contradictions(given: NodeJS.ProcessEnv): string[] {
  const has = (name: string) => given[name] !== undefined
  const isAppInBucket = given.APP_STORAGE?.startsWith('s3://') ?? false
  const rules: Array<[broken: boolean, mistake: string]> = [
    [
      has('S3_BUCKET') && has('MEDIA_DIR'),
      'MEDIA_DIR is set together with S3_BUCKET: the library has one source, remove one of them',
    ],
    [has('S3_BUCKET') && !has('S3_ACCESS_KEY_ID'), 'S3_ACCESS_KEY_ID is needed with S3_BUCKET'],
    [has('S3_BUCKET') && !has('S3_SECRET_ACCESS_KEY'), 'S3_SECRET_ACCESS_KEY is needed with S3_BUCKET'],
    [isAppInBucket && !has('S3_ACCESS_KEY_ID'), 'S3_ACCESS_KEY_ID is needed with APP_STORAGE in a bucket'],
    [
      isAppInBucket && !has('S3_SECRET_ACCESS_KEY'),
      'S3_SECRET_ACCESS_KEY is needed with APP_STORAGE in a bucket',
    ],
    [
      !isAppInBucket &&
        !has('S3_BUCKET') &&
        (has('S3_ENDPOINT') || has('S3_ACCESS_KEY_ID') || has('S3_SECRET_ACCESS_KEY')),
      'S3_BUCKET is needed with the other S3_ variables',
    ],
    [
      has('SMTP_URL') && !has('MAIL_FROM'),
      'MAIL_FROM is needed with SMTP_URL: the address that mails come from',
    ],
    [
      has('DATABASE_URL') && !has('APP_SECRET'),
      'APP_SECRET is needed with DATABASE_URL, the same on every node: openssl rand -hex 32',
    ],
  ]
  return rules.filter(([broken]) => broken).map(([, mistake]) => mistake)
}

/** At the top of a bucket, what the app makes would lie among the owner's folders. */
function isFolderOrPartOfBucket(place: string) {
  return !place.includes('://') || /^s3:\/\/[^/]+\/+[^/]/.test(place)
}

function isVaried(secret: string) {
  return new Set(secret).size >= FEWEST_CHARACTERS_OF_A_SECRET
}

function wholeNumber(error: string, min: number, max: number) {
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error })
}

/** Where this machine keeps its programs. */
export const programFolders = (): string[] => (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
