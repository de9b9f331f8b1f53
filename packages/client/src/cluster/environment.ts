import { KasperError } from '@kasper/core'
import { isAddress } from './broker-addresses.ts'

/** Environment variables, as `process.env` has them. An empty one counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The addresses of a cluster and the credentials for it, from environment variables. */
export interface EnvironmentSettings {
  /** `host:port` each. */
  readonly brokers: readonly string[]
  /** Options for `node:tls`. `undefined` if connections are not encrypted. */
  readonly tls: TlsSettings | undefined
  readonly sasl: SaslSettings | undefined
  /** The prefix of all topics and groups in the cluster. May be empty. */
  readonly prefix: string
}

/** Certificates and the key, in PEM format. */
export interface TlsSettings {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** Set if host names are not checked. */
  readonly checkServerIdentity?: () => undefined
}

export interface SaslSettings {
  readonly mechanism: (typeof MECHANISMS)[number]
  readonly username: string
  readonly password: string
}

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

/**
 * Reads the addresses of brokers and the credentials from environment variables: `KAFKA_URL` and others, as Heroku sets them, or
 * `KAFKA_BROKERS`. The README of `@kasper/kafkajs` lists them.
 * @throws KasperError `CONFIG_INVALID`, which names everything that is missing or contradictory
 */
export function readEnvironment(env: Environment): EnvironmentSettings {
  const problems: string[] = []
  const get = (name: string): string | undefined => env[name]?.trim() || undefined
  const url = get('KAFKA_URL')
  const plain = get('KAFKA_BROKERS')
  if (url === undefined && plain === undefined) problems.push('neither KAFKA_URL nor KAFKA_BROKERS is set')
  if (url !== undefined && plain !== undefined) problems.push('both KAFKA_URL and KAFKA_BROKERS are set: keep one of them')

  const urls = url === undefined ? [] : splitList(url).map((one) => parseUrl(one, problems))
  const schemes = new Set(urls.map(({ tls }) => tls))
  if (schemes.size > 1) problems.push('KAFKA_URL mixes kafka:// and kafka+ssl://: use one of them for all brokers')
  const brokers =
    url === undefined
      ? splitList(plain ?? '').map((one) => parseAddress(one, 'KAFKA_BROKERS', problems))
      : urls.map(({ address }) => address)

  const tls = readTls(get, url === undefined ? undefined : schemes.has(true), problems)
  const sasl = readSasl(get, problems)
  if (problems.length > 0) {
    throw new KasperError('CONFIG_INVALID', `the environment variables for Kafka cannot be used: ${problems.join('; ')}`)
  }
  return { brokers, tls, sasl, prefix: get('KAFKA_PREFIX') ?? '' }
}

type Get = (name: string) => string | undefined

/** @param tlsByUrl whether the scheme of KAFKA_URL is one with TLS. `undefined` if KAFKA_BROKERS is used, which has no scheme. */
function readTls(get: Get, tlsByUrl: boolean | undefined, problems: string[]): TlsSettings | undefined {
  const ca = get('KAFKA_TRUSTED_CERT')
  const cert = get('KAFKA_CLIENT_CERT')
  const key = get('KAFKA_CLIENT_CERT_KEY')
  const flag = get('KAFKA_SSL')
  for (const [name, pem] of [
    ['KAFKA_TRUSTED_CERT', ca],
    ['KAFKA_CLIENT_CERT', cert],
    ['KAFKA_CLIENT_CERT_KEY', key],
  ] as const) {
    if (pem !== undefined && !pem.startsWith('-----BEGIN '))
      problems.push(`${name} is not in PEM format: it begins with -----BEGIN …`)
  }
  if (cert !== undefined && key === undefined) problems.push('KAFKA_CLIENT_CERT is set, but KAFKA_CLIENT_CERT_KEY is not')
  if (key !== undefined && cert === undefined) problems.push('KAFKA_CLIENT_CERT_KEY is set, but KAFKA_CLIENT_CERT is not')
  if (flag !== undefined && flag !== 'true' && flag !== 'false') problems.push(`KAFKA_SSL is ${flag}: give true or false`)

  const hasCertificates = ca !== undefined || cert !== undefined || key !== undefined
  if (tlsByUrl === false && hasCertificates)
    problems.push('KAFKA_URL has kafka://, without TLS, but certificates are set: write kafka+ssl://')
  if (tlsByUrl !== undefined && flag !== undefined && String(tlsByUrl) !== flag)
    problems.push(`KAFKA_SSL=${flag} contradicts the scheme of KAFKA_URL`)
  if (flag === 'false' && tlsByUrl === undefined && hasCertificates) problems.push('KAFKA_SSL is false, but certificates are set')

  if (!(tlsByUrl ?? (flag === 'true' || hasCertificates))) return undefined
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    // A private authority signs the certificates of Heroku's brokers, which contain no host names. So the chain is checked, but the
    // host name is not.
    ...(tlsByUrl === true && ca !== undefined ? { checkServerIdentity: () => undefined } : {}),
  }
}

function readSasl(get: Get, problems: string[]): SaslSettings | undefined {
  const names = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const
  const missing = names.filter((name) => get(name) === undefined)
  if (missing.length === names.length) return undefined
  if (missing.length > 0) {
    problems.push(`of ${names.join(', ')} all or none must be set; missing: ${missing.join(', ')}`)
    return undefined
  }
  const [mechanism, username, password] = names.map((name) => get(name)!) as [string, string, string]
  const known = MECHANISMS.find((name) => name === mechanism.toUpperCase())
  if (known === undefined) {
    problems.push(`KAFKA_SASL_MECHANISM is ${mechanism}: give one of ${MECHANISMS.join(', ').toLowerCase()}`)
    return undefined
  }
  return { mechanism: known, username, password }
}

function splitList(list: string): readonly string[] {
  return list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function parseUrl(url: string, problems: string[]): { readonly address: string; readonly tls: boolean } {
  const [, scheme, rest] = /^([a-z+]+):\/\/(.*?)\/?$/.exec(url) ?? []
  if (scheme !== 'kafka' && scheme !== 'kafka+ssl')
    problems.push(`KAFKA_URL has ${url}: write kafka://host:port or kafka+ssl://host:port`)
  else parseAddress(rest ?? '', 'KAFKA_URL', problems)
  return { address: rest ?? url, tls: scheme === 'kafka+ssl' }
}

function parseAddress(address: string, name: string, problems: string[]): string {
  if (!isAddress(address)) problems.push(`${name} has ${JSON.stringify(address)}: write host:port`)
  return address
}
