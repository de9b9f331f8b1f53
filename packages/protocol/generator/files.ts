// Makes the generated files: their names in src/messages and their text.
import { modelOf, type Message, type Struct } from './model.ts'
import { KAFKA_VERSION, type ErrorDefinition, type MessageDefinition, type Snapshot } from './snapshot.ts'
import { comment, defaultStructOf, interfaceOf, isSetFunctionOf, readerOf, writerOf } from './structs.ts'
import { isEmpty, parseVersions } from './versions.ts'

const NOTICE = `// Generated from the message definitions of Apache Kafka ${KAFKA_VERSION} (Apache License 2.0) by generator/main.ts; do not edit.\n`

/** Messages besides requests and responses that a client or a broker needs. */
const others = ['ConsumerProtocolAssignment', 'ConsumerProtocolSubscription', 'EndTxnMarker']
const headers = ['RequestHeader', 'ResponseHeader']

/** An API with its two messages. */
interface Api {
  readonly name: string
  readonly key: number
  readonly request: Message
  readonly response: Message
  readonly latestStableVersion: number
}

/** The text of every generated file, by its name. */
export function generate(snapshot: Snapshot): Map<string, string> {
  const apis = apisOf(snapshot.messages)
  const singles = [...others, ...headers].map((name) => modelOf(snapshot.messages.find((message) => message.name === name)!))
  makeNamesUnique([...apis.flatMap(({ request, response }) => [request, response]), ...singles])
  const files = new Map<string, string>()
  for (const api of apis) files.set(`${kebabCase(api.name)}.ts`, apiFile(api))
  for (const single of singles) files.set(`${kebabCase(single.name)}.ts`, codecFile([single], ''))
  files.set('api-infos.ts', infoFile(apis))
  files.set('error-codes.ts', errorFile(snapshot.errors))
  files.set('index.ts', indexFile(apis))
  return files
}

/** Puts the message's name before a structure's name if several messages have structures of that name. */
function makeNamesUnique(messages: readonly Message[]): void {
  const counts = new Map<string, number>()
  for (const { root, structs } of messages) {
    for (const { name } of [root, ...structs]) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  for (const message of messages) {
    for (const struct of message.structs) if (counts.get(struct.name)! > 1) struct.name = message.name + struct.name
  }
}

function apisOf(definitions: readonly MessageDefinition[]): Api[] {
  const apis: Api[] = []
  for (const definition of definitions) {
    if (definition.type !== 'request' || isEmpty(parseVersions(definition.validVersions))) continue
    // Leave out requests that only controllers accept, such as Vote: no client sends them. WriteTxnMarkers stays. Brokers accept it
    // from each other, and from admin clients, which abort a transaction with it.
    if (!definition.listeners?.includes('broker')) continue
    const name = definition.name.replace(/Request$/, '')
    const request = modelOf(definition)
    const response = modelOf(definitions.find((other) => other.name === `${name}Response`)!)
    const { from, to } = request.versions
    if (from !== response.versions.from || to !== response.versions.to)
      throw new Error(`${name}: request and response differ in versions`)
    if (request.flexible.from !== response.flexible.from)
      throw new Error(`${name}: request and response differ in flexible versions`)
    apis.push({
      name,
      key: definition.apiKey!,
      request,
      response,
      latestStableVersion: definition.latestVersionUnstable === true ? to - 1 : to,
    })
  }
  return apis.sort((a, b) => a.key - b.key)
}

/** `ApiVersions` → `api-versions`. */
function kebabCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()
}

/** `ApiVersions` → `apiVersionsApi`. */
function constantOf(api: Api): string {
  return `${api.name[0]!.toLowerCase()}${api.name.slice(1)}Api`
}

function apiFile(api: Api): string {
  const codecs = ['Request', 'Response'].flatMap((kind) => [
    `  read${kind}: read${api.name}${kind},`,
    `  write${kind}: write${api.name}${kind},`,
  ])
  const constant = [
    comment(`The ${api.name} API.`, ''),
    `export const ${constantOf(api)}: Api<${api.name}Request, ${api.name}Response> = {`,
    ...infoLines(api).map((line) => `  ${line},`),
    ...codecs,
    '}',
    '',
  ]
  return codecFile([api.request, api.response], constant.join('\n'))
}

function infoLines(api: Api): string[] {
  const { versions, flexible } = api.request
  return [
    `key: ${api.key}`,
    `name: '${api.name}'`,
    `minVersion: ${versions.from}`,
    `maxVersion: ${versions.to}`,
    `latestStableVersion: ${api.latestStableVersion}`,
    `flexibleFrom: ${isEmpty(flexible) ? 'Infinity' : flexible.from}`,
  ]
}

function codecFile(messages: readonly Message[], ending: string): string {
  const parts: string[] = []
  for (const message of messages) {
    const structs = [message.root, ...message.structs]
    for (const struct of structs) {
      parts.push(interfaceOf(message, struct))
    }
    for (const struct of structs) {
      const exported = struct === message.root
      parts.push(unlessExported(readerOf(message, struct), exported, `Reads ${articleFor(struct)}.`))
      parts.push(unlessExported(writerOf(message, struct), exported, `Writes ${articleFor(struct)}.`))
    }
    parts.push(...helpers(message))
  }
  if (ending !== '') parts.push(ending)
  const body = parts.join('\n')
  return `${NOTICE}${importsOf(body)}\n${body}`
}

function articleFor(struct: Struct): string {
  return `${/^[AEIOU]/.test(struct.name) ? 'an' : 'a'} ${struct.name}`
}

function unlessExported(text: string, exported: boolean, about: string): string {
  return exported ? `${comment(about, '')}\n${text}` : text.replace(/^export /, '')
}

/** The functions and constants for structures in fields that are no arrays: their default, and a test for it. */
function helpers(message: Message): string[] {
  const code: string[] = []
  const alone = message.structs.filter((struct) =>
    [message.root, ...message.structs].some((holder) => {
      return holder.fields.some((field) => field.type === struct && !field.array && field.default !== 'null')
    }),
  )
  const text = (): string =>
    [...[message.root, ...message.structs].flatMap((each) => [readerOf(message, each), writerOf(message, each)]), ...code].join()
  for (const struct of alone) {
    if (new RegExp(`\\bisSet${struct.name}\\(`).test(text())) code.push(isSetFunctionOf(message, struct))
    if (new RegExp(`\\bno${struct.name}\\b`).test(text())) code.push(defaultStructOf(message, struct))
  }
  return code
}

function importsOf(body: string): string {
  const used = (names: readonly string[]): string[] => names.filter((name) => new RegExp(`\\b${name}\\b`).test(body))
  const lines: string[] = []
  const add = (file: string, type: readonly string[], values: readonly string[]): void => {
    const names = [...used(type).map((name) => `type ${name}`), ...used(values)]
    if (names.length === 0) return
    const allTypes = used(values).length === 0
    lines.push(`import ${allTypes ? 'type ' : ''}{ ${(allTypes ? used(type) : names).join(', ')} } from '../${file}.ts'`)
  }
  add('api', ['Api'], [])
  add('draft', ['Draft', 'Mutable', 'UnknownTag'], [])
  add('reader', ['Reader'], ['readInt16', 'readInt32', 'readInt64', 'readInt8', 'readString'])
  add('uuid', [], ['ZERO_UUID'])
  add('writer', ['Writer'], ['writeInt16', 'writeInt32', 'writeInt64', 'writeInt8', 'writeString'])
  return `${lines.join('\n')}\n`
}

function infoFile(apis: readonly Api[]): string {
  const rows = apis.map((api) => `  { ${infoLines(api).join(', ')} },`)
  return [
    NOTICE + "import type { ApiInfo } from '../api.ts'\n",
    comment(
      `The name and versions of every API of Kafka ${KAFKA_VERSION}'s brokers, ordered by key, without the code for its messages.`,
      '',
    ),
    'export const apiInfos: readonly ApiInfo[] = [',
    ...rows,
    ']',
    '',
  ].join('\n')
}

function indexFile(apis: readonly Api[]): string {
  const imports = apis.map((api) => `import { ${constantOf(api)} } from './${kebabCase(api.name)}.ts'`)
  return [
    `${NOTICE}import type { Api } from '../api.ts'`,
    ...imports,
    '',
    ...[...apis.map((api) => api.name), ...others].map((name) => `export * from './${kebabCase(name)}.ts'`),
    '',
    comment(`Every API of Kafka ${KAFKA_VERSION}'s brokers, by key.`, ''),
    'export const apis: ReadonlyMap<number, Api> = new Map<number, Api>([',
    ...apis.map((api) => `  [${api.key}, ${constantOf(api)}],`),
    '])',
    '',
  ].join('\n')
}

function errorFile(errors: readonly ErrorDefinition[]): string {
  const retriable = errors.filter((error) => error.retriable).map((error) => error.code)
  return [
    NOTICE,
    comment('The error codes of Kafka, by name.', ''),
    'export const errorCodes = {',
    ...errors.flatMap((error) => [
      comment(error.message === error.name ? 'No error.' : error.message, '  '),
      `  ${error.name}: ${error.code},`,
    ]),
    '} as const',
    '',
    'const names: ReadonlyMap<number, string> = new Map(Object.entries(errorCodes).map(([name, code]) => [code, name]))',
    `const retriable: ReadonlySet<number> = new Set([\n${retriable
      .join(', ')
      .replace(/(.{1,120})(?: |$)/g, '  $1\n')
      .replace(/,?\n$/, ',\n')}])`,
    '',
    comment('The name of an error code, or `error 4711` for a code that this version of Kafka does not have.', ''),
    'export function errorName(code: number): string {',
    '  return names.get(code) ?? `error ${code}`',
    '}',
    '',
    comment('Whether the same request may succeed later.', ''),
    'export function isRetriable(code: number): boolean {',
    '  return retriable.has(code)',
    '}',
    '',
  ].join('\n')
}
