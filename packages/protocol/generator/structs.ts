// Makes the TypeScript of one structure: its interface, and the functions that read and write it.
import { defaultOf, isSetOf, readOf, typeOf, writeOf } from './fields.ts'
import type { Field, Message, Struct } from './model.ts'
import { condition, covers, inWords, intersect, isEmpty, negate, type Versions } from './versions.ts'

const WIDTH = 130

/** A doc comment, wrapped. */
export function comment(text: string, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.replaceAll('*/', '* /').split(/\s+/)) {
    if (line !== '' && indent.length + 3 + line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  lines.push(line)
  const single = `${indent}/** ${lines[0]} */`
  if (lines.length === 1 && single.length <= WIDTH) return single
  return `${indent}/**\n${lines.map((each) => `${indent} * ${each}`).join('\n')}\n${indent} */`
}

/** The interface of the structure. */
export function interfaceOf(message: Message, struct: Struct): string {
  const root = struct === message.root
  const about = root ? `${message.name}, ${inWords(struct.versions)}.` : `Part of ${message.name}.`
  const lines = [comment(about, ''), `export interface ${struct.name} {`]
  for (const field of struct.fields) {
    const versions = intersect(field.versions, struct.versions)
    const restriction = covers(versions, struct.versions) ? '' : ` In ${inWords({ from: versions.from, to: field.versions.to })}.`
    lines.push(comment(sentence(field.about) + restriction, '  '), `  readonly ${field.name}: ${typeOf(field, struct.versions)}`)
  }
  if (isFlexible(message, struct))
    lines.push(
      '  /** Tagged fields that the schema does not define. */',
      '  readonly unknownTags?: readonly UnknownTag[] | undefined',
    )
  return [...lines, '}', ''].join('\n')
}

function sentence(text: string): string {
  const trimmed = text.trim()
  return trimmed === '' || /[.?!)]$/.test(trimmed) ? trimmed : `${trimmed}.`
}

function isFlexible(message: Message, struct: Struct): boolean {
  return !isEmpty(intersect(message.flexible, struct.versions))
}

function tagsOf(struct: Struct): Field[] {
  return struct.fields.filter((field) => field.tag !== undefined).sort((a, b) => a.tag! - b.tag!)
}

/** The function that reads the structure. */
export function readerOf(message: Message, struct: Struct): string {
  const tags = tagsOf(struct)
  const flexible = isFlexible(message, struct)
  const properties = struct.fields.map(
    (field) => `${field.name}: ${field.tag === undefined ? readField(field, struct.versions) : defaultOf(field)}`,
  )
  if (flexible) properties.push(`unknownTags: ${tags.length === 0 ? 'reader.unknownTags()' : 'undefined'}`)
  const lines = [signature(`read${struct.name}`, ['reader: Reader', 'version: number'], struct.name)]
  if (struct === message.root) lines.push(`  reader.begin(${begin(message)})`)
  lines.push(tags.length === 0 ? '  return {' : `  const value: Mutable<${struct.name}> = {`)
  for (const property of properties) lines.push(wrap(`    ${property},`))
  lines.push('  }')
  if (tags.length > 0) lines.push(...readTags(message, struct, tags), '  return value')
  return [...lines, '}', ''].join('\n').replace('{\n  return {\n  }\n}', '{\n  return {}\n}')
}

function readField(field: Field, context: Versions): string {
  const when = condition(field.versions, context)
  const read = readOf(field, context)
  if (when === '') return read
  return `${when} ? ${read} : ${defaultOf(field)}`
}

function readTags(message: Message, struct: Struct, tags: readonly Field[]): string[] {
  const when = condition(message.flexible, struct.versions)
  const lines: string[] = when === '' ? [] : [`  if (${negate(when)}) return value`]
  lines.push(
    '  for (let tags = reader.uvarint(); tags > 0; tags--) {',
    '    const tag = reader.uvarint()',
    '    const end = reader.tagEnd()',
  )
  lines.push('    switch (tag) {')
  for (const field of tags) {
    const known = condition(field.versions, intersect(message.flexible, struct.versions))
    lines.push(`      case ${field.tag}:`)
    if (known !== '')
      lines.push(
        `        if (${negate(known)}) throw reader.corrupt('tagged field ${field.tag}, which this version does not have')`,
      )
    lines.push(`        value.${field.name} = ${readOf(field, struct.versions)}`, '        break')
  }
  lines.push('      default:', '        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)')
  return [...lines, '    }', '    reader.endTag(tag, end)', '  }']
}

/** The function that writes the structure. */
export function writerOf(message: Message, struct: Struct): string {
  const lines = [signature(`write${struct.name}`, ['writer: Writer', `value: Draft<${struct.name}>`, 'version: number'], 'void')]
  if (struct === message.root) lines.push(`  writer.begin(${begin(message)})`)
  const tags = tagsOf(struct)
  for (const field of struct.fields) {
    const when = condition(field.versions, struct.versions)
    const write = field.tag === undefined ? writeOf(field, struct.versions) : ''
    const statement = write.includes(' ? ') ? ifElse(write) : write
    if (when === '') {
      if (write !== '') lines.push(`  ${statement}`)
      continue
    }
    const refuse = field.ignorable ? '' : `if (${isSetOf(field, struct.versions)}) writer.refuse('${field.name}')`
    if (write === '') {
      if (refuse !== '')
        lines.push(
          wrapIf(`  if (${negate(when)} && ${parenthesise(isSetOf(field, struct.versions))}) writer.refuse('${field.name}')`),
        )
    } else {
      lines.push(wrapIf(write.includes(' ? ') ? `  if (${when}) {\n    ${statement}\n  }` : `  if (${when}) ${statement}`))
      if (refuse !== '') lines.push(wrapIf(`  else ${refuse}`))
    }
  }
  if (isFlexible(message, struct)) lines.push(...writeTags(message, struct, tags))
  return [...lines, '}', ''].join('\n')
}

/** Turns a conditional expression into an if statement. */
function ifElse(expression: string): string {
  const [, when, yes, no] = /^(.*?) \? (writer.*?) : (writer.*)$/.exec(expression)!
  return `if (${when}) ${yes}\n  else ${no}`
}

function parenthesise(expression: string): string {
  return expression.includes(' || ') ? `(${expression})` : expression
}

function writeTags(message: Message, struct: Struct, tags: readonly Field[]): string[] {
  if (tags.length === 0) return ['  writer.onlyUnknownTags(value.unknownTags)']
  const lines: string[] = []
  const when = condition(message.flexible, struct.versions)
  if (when !== '') lines.push(`  if (${negate(when)}) return writer.onlyUnknownTags(value.unknownTags)`)
  const flexible = intersect(message.flexible, struct.versions)
  for (const field of tags) {
    const known = condition(field.versions, flexible)
    const set = isSetOf(field, struct.versions)
    lines.push(`  const has${field.tag} = ${known === '' ? set : `${known} && ${parenthesise(set)}`}`)
  }
  lines.push(`  writer.tagCount(${tags.map((field) => `Number(has${field.tag})`).join(' + ')}, value.unknownTags)`)
  for (const field of tags) {
    const write = writeOf(field, struct.versions)
    lines.push(
      `  if (has${field.tag}) {`,
      `    const start = writer.startTag(${field.tag})`,
      `    ${write}`,
      '    writer.endTag(start)',
      '  }',
    )
  }
  return [...lines, `  writer.unknownTags(value.unknownTags, ${tags.length})`]
}

/** The value of a field with this structure, in versions without the field. */
export function defaultStructOf(message: Message, struct: Struct): string {
  const fields = struct.fields.map((field) => `${field.name}: ${defaultOf(field)}`)
  return `const no${struct.name}: ${struct.name} = { ${fields.join(', ')} }\n`
}

/** The function that tests whether a draft of the structure differs from the default. */
export function isSetFunctionOf(message: Message, struct: Struct): string {
  const tests = struct.fields.map((field) => parenthesise(isSetOf(field, struct.versions)))
  if (isFlexible(message, struct)) tests.push('(value.unknownTags?.length ?? 0) > 0')
  const head = `function isSet${struct.name}(value: Draft<${struct.name}> | undefined): boolean {\n`
  return `${head}  if (value === undefined) return false\n  return (\n    ${tests.join(' ||\n    ')}\n  )\n}\n`
}

/** The first lines of an exported function. */
function signature(name: string, parameters: readonly string[], result: string): string {
  const single = `export function ${name}(${parameters.join(', ')}): ${result} {`
  return single.length <= WIDTH ? single : `export function ${name}(\n  ${parameters.join(',\n  ')},\n): ${result} {`
}

function begin({ name, versions, flexible }: Message): string {
  return `'${name}', version, ${versions.from}, ${versions.to}, ${isEmpty(flexible) ? 'Infinity' : flexible.from}`
}

/** Breaks the line of a long property at its conditions. */
function wrap(line: string): string {
  if (line.length <= WIDTH) return line
  return line.replace(/ \? /, '\n      ? ').replace(/ : (?!.* : )/, '\n      : ')
}

/** Breaks the line of a long statement after its condition. */
function wrapIf(line: string): string {
  return line.length <= WIDTH ? line : line.replace(/\) (writer\.refuse)/, ')\n    $1')
}
