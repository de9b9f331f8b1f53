import { readFileSync } from 'node:fs'
import { parseSync, Visitor } from 'oxc-parser'

export interface Import {
  readonly specifier: string
  readonly line: number
}

/** Every module that a file names, in types, `export … from` and `import()` too. `error` says why the file cannot be parsed. */
export function importsOf(file: string): { readonly imports: readonly Import[]; readonly error: string | undefined } {
  const text = readFileSync(file, 'utf8')
  const imports: Import[] = []
  const add = (source: { readonly start: number; readonly value?: unknown } | null): void => {
    if (source === null) return
    const specifier = typeof source.value === 'string' ? source.value : '(computed)'
    imports.push({ specifier, line: text.slice(0, source.start).split('\n').length })
  }
  const { program, errors } = parseSync(file, text)
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(program)
  return { imports, error: errors[0]?.message }
}
